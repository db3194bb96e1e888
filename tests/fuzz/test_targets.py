"""Every seed, everything a fuzzer ever found, and made-up input, without a fuzzer."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corpora import read_regressions
from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS

FOUND = [(target, case.name) for target in TARGETS for case in read_regressions(target)]


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_break_no_rule(target: str) -> None:
    seeds = seeds_of(target)

    for seed in seeds:
        TARGETS[target](seed)

    assert seeds


@pytest.mark.parametrize(("target", "name"), FOUND)
def test_what_was_found_stays_mended(target: str, name: str) -> None:
    [data] = [case.data for case in read_regressions(target) if case.name == name]
    began = time.thread_time()
    TARGETS[target](data)

    assert time.thread_time() - began < 1.0


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.binary(max_size=600))
def test_any_bytes_break_no_rule(target: str, data: bytes) -> None:
    assert TARGETS[target](data) is None  # it raises when a rule is broken


@pytest.mark.parametrize("target", TARGETS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
def test_spoilt_seeds_break_no_rule(target: str, data: st.DataObject) -> None:
    """Two seeds, cut and put together, with a few bytes changed in between."""
    seeds = st.sampled_from(sorted(seed for seed in seeds_of(target) if len(seed) <= 1000))
    first, second = data.draw(seeds), data.draw(seeds)
    end, start = data.draw(st.integers(0, len(first))), data.draw(st.integers(0, len(second)))
    spoilt = first[:end] + data.draw(st.binary(max_size=4)) + second[start:]

    assert TARGETS[target](spoilt) is None
