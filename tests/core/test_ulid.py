"""Ids that sort by time."""

import re

from hypothesis import given
from hypothesis import strategies as st

from irzhub.core.ulid import new_ulid

MOMENTS = st.integers(0, (1 << 48) - 1)


@given(MOMENTS, MOMENTS)
def test_later_ids_sort_behind_earlier_ones(one: int, other: int) -> None:
    if one != other:
        assert (new_ulid(one) < new_ulid(other)) == (one < other)


@given(MOMENTS)
def test_ids_have_26_characters_of_crockford(moment: int) -> None:
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", new_ulid(moment))


def test_time_stands_in_the_first_ten_characters() -> None:
    assert new_ulid(1469918176385).startswith("01ARYZ6S41")  # the example of the ULID specification
    assert new_ulid(0).startswith("0000000000")


def test_ids_of_one_moment_differ() -> None:
    assert len({new_ulid(1) for _ in range(1000)}) == 1000
