"""The budget of descriptors: what is kept back, and how it is counted."""

import os
import resource

import pytest

from irzhub.relay.descriptors import RESERVE_LEAST, Descriptors, raise_limit


async def test_it_counts_its_own_and_finds_the_others() -> None:
    own = 3
    descriptors = Descriptors(0.05, lambda: own)
    await descriptors.calibrate()
    before = descriptors.used
    assert 3 < before < 200
    extra = [os.open("/dev/null", os.O_RDONLY) for _ in range(10)]
    try:
        assert descriptors.used == before, "others are only found by counting"
        await descriptors.calibrate()
        assert descriptors.used == before + 10
        own += 1
        assert descriptors.used == before + 11, "its own are known at once"
    finally:
        for descriptor in extra:
            os.close(descriptor)


@pytest.mark.parametrize(("limit", "reserve"), [(20_000, 1000), (6000, 300), (2000, RESERVE_LEAST), (120, 30)])
async def test_the_reserve_is_five_percent_at_least_256_and_never_all(
    limit: int, reserve: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    descriptors = Descriptors(0.05, lambda: 0)
    await descriptors.calibrate()
    assert descriptors.reserve == reserve
    assert not descriptors.is_short


async def test_it_is_short_when_only_the_reserve_is_left_and_when_the_kernel_says_so() -> None:
    own = [0]
    descriptors = Descriptors(0.05, lambda: own[0])
    await descriptors.calibrate()
    room = descriptors.limit - descriptors.reserve - descriptors.used
    verdicts = []
    for own[0] in (room - 1, room, 0):
        verdicts.append(descriptors.is_short)
    descriptors.exhausted()
    verdicts.append(descriptors.is_short)
    await descriptors.calibrate()
    verdicts.append(descriptors.is_short)
    assert verdicts == [False, True, False, True, False]


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        assert raise_limit() == hard
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
