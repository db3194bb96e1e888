"""The flight recorder keeps the newest bytes of each modem, within its limits."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.relay.recorder_ring import RecorderRings


def test_gives_back_what_was_said_with_unix_times() -> None:
    rings = RecorderRings(16384, 65536)
    rings.append("m", ">", b"question", 100.0)
    rings.append("m", "=", b"answer", 101.5)
    rings.append("m", "-", b"late", 109.0)
    rings.append("other", "<", b"\xc0", 109.0)

    assert rings.read("m", unix_now=1_000_000.0, now=110.0) == [
        (999_990.0, ">", b"question"),
        (999_991.5, "=", b"answer"),
        (999_999.0, "-", b"late"),
    ]
    assert rings.read("nobody", 0.0, 0.0) == []


def test_forgets_the_oldest_first() -> None:
    rings = RecorderRings(900, 9000)
    for number in range(1000):
        rings.append("m", "=", b"%03d" % number, float(number))

    kept = [data for _, _, data in rings.read("m", 0.0, 0.0)]

    assert kept == [b"%03d" % number for number in range(1000 - len(kept), 1000)]
    assert 50 <= len(kept) <= 60


def test_keeps_the_end_of_what_is_larger_than_a_ring() -> None:
    rings = RecorderRings(900, 9000)
    rings.append("m", "=", bytes(range(256)) * 40, 0.0)

    [(_, _, data)] = rings.read("m", 0.0, 0.0)

    assert (bytes(range(256)) * 40).endswith(data)
    assert 700 < len(data) < 900


def test_keeps_more_than_65535_bytes_of_one_write_out_of_a_large_ring() -> None:
    rings = RecorderRings(1_000_000, 1_000_000)
    rings.append("m", "=", b"x" * 200_000, 0.0)

    assert [len(data) for _, _, data in rings.read("m", 0.0, 0.0)] == [65535]


def test_the_longest_idle_goes_when_all_are_too_large_together() -> None:
    rings = RecorderRings(900, 4500)
    for modem in "abcde":
        for _ in range(100):
            rings.append(modem, "=", b"x" * 50, 0.0)
    rings.append("a", "=", b"again", 1.0)
    for _ in range(100):
        rings.append("f", "=", b"x" * 50, 2.0)

    assert [modem for modem in "abcdef" if rings.read(modem, 0.0, 0.0)] == ["a", "c", "d", "e", "f"]


def test_forgets_a_deleted_modem() -> None:
    rings = RecorderRings(900, 4500)
    rings.append("m", "=", b"x", 0.0)
    rings.forget("m")
    rings.forget("m")

    assert (len(rings), rings.size_bytes, rings.read("m", 0.0, 0.0)) == (0, 0, [])


@pytest.mark.parametrize("limits", [(0, 65536), (16384, 0)])
def test_can_be_off(limits: tuple[int, int]) -> None:
    rings = RecorderRings(*limits)
    rings.append("m", "=", b"x", 0.0)

    assert (len(rings), rings.read("m", 0.0, 0.0)) == (0, [])


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.binary(max_size=600)), max_size=300))
def test_never_takes_more_memory_than_allowed(said: list[tuple[str, bytes]]) -> None:
    rings = RecorderRings(1000, 3000)
    for modem, data in said:
        rings.append(modem, "=", data, 0.0)

        assert rings.size_bytes == sum(map(len, rings._rings.values()))
        assert sum(map(sys.getsizeof, rings._rings.values())) <= 3000 + 64 * len(rings)

    for modem in "abcdef":
        said_by = b"".join(data for who, data in said if who == modem)
        assert said_by.endswith(b"".join(data for _, _, data in rings.read(modem, 0.0, 0.0)))


@given(
    pieces=st.lists(st.tuples(st.sampled_from("=>"), st.binary(min_size=1, max_size=300)), min_size=1, max_size=40),
    limit=st.sampled_from([0, 100, 900, 16384]),
)
def test_many_at_once_are_kept_like_one_by_one(pieces: list[tuple[str, bytes]], limit: int) -> None:
    single, together = RecorderRings(limit, 65536), RecorderRings(limit, 65536)
    for number, (direction, data) in enumerate(pieces):
        single.append("m", direction, data, float(number))
    together.extend(
        "m",
        [float(number) for number in range(len(pieces))],
        [ord(each) for each, _ in pieces],
        [data for _, data in pieces],
    )

    assert together.read("m", 0.0, 0.0) == single.read("m", 0.0, 0.0)
    assert together.size_bytes == single.size_bytes


@given(
    sizes=st.lists(st.lists(st.sampled_from([0, 5, 90, 300]), min_size=1, max_size=3), min_size=1, max_size=4),
    times=st.integers(1, 30),
)
def test_alike_entries_are_forgotten_like_others(sizes: list[list[int]], times: int) -> None:
    rings, said = RecorderRings(900, 9000), []
    for go in sizes:
        pieces = [bytes([number % 256]) * size for number, size in enumerate(go * times)]
        said += pieces
        rings.extend("m", [0.0] * len(pieces), [ord("=")] * len(pieces), pieces)

        kept = [data for _, _, data in rings.read("m", 0.0, 0.0)]
        assert said[len(said) - len(kept) :] == kept
        taken = [11 + len(data) for data in said]
        assert sum(taken[len(said) - len(kept) :]) <= 800
        assert len(kept) == len(said) or sum(taken[len(said) - len(kept) - 1 :]) > 800


def test_a_reader_gets_what_its_feed_still_held() -> None:
    rings = RecorderRings(900, 9000)
    rings.feeds["m"] = lambda: rings.extend("m", [1.0], [ord("=")], [b"late"])

    assert [data for _, _, data in rings.read("m", 0.0, 0.0)] == [b"late"]
