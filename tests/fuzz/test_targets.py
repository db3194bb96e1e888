"""Every seed and everything a fuzzer ever found, replayed without a fuzzer."""

import time

import pytest

from tests.corpora import read_regressions
from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_break_no_rule(target: str) -> None:
    seeds = seeds_of(target)

    for seed in seeds:
        TARGETS[target](seed)

    assert seeds


@pytest.mark.parametrize(
    ("target", "name"), [(target, case.name) for target in TARGETS for case in read_regressions(target)] or [("", "")]
)
def test_what_was_found_stays_mended(target: str, name: str) -> None:
    began = time.thread_time()
    for case in read_regressions(target) if target else []:
        if case.name == name:
            TARGETS[target](case.data)

    assert time.thread_time() - began < 1.0
