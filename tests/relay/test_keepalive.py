"""How long a modem may be silent."""

import pytest

from irzhub.relay.keepalive import KeepaliveInterval, Liveness


@pytest.mark.parametrize(
    ("fixed", "gaps", "default", "timeout"),
    [
        (None, [], 210.0, 210.0),
        (None, [], None, None),
        (None, [60.0], 210.0, 210.0),
        (None, [50.0], None, 175.0),
        (None, [10.0], 210.0, 120.0),
        (None, [300.0], 210.0, 1050.0),
        (90.0, [300.0], 210.0, 90.0),
        (0.5, [], None, 0.5),
    ],
)
def test_what_is_set_holds_else_what_was_learned_else_what_the_driver_says(
    fixed: float | None, gaps: list[float], default: float | None, timeout: float | None
) -> None:
    interval = KeepaliveInterval()
    for gap in gaps:
        interval.learn(gap)
    assert interval.timeout_s(fixed, default, 120.0) == timeout


def test_one_late_keepalive_changes_little() -> None:
    interval = KeepaliveInterval()
    for _ in range(10):
        interval.learn(60.0)
    interval.learn(100.0)
    assert interval.learned_s == 70.0
    for _ in range(20):
        interval.learn(60.0)
    assert interval.learned_s == pytest.approx(60.0, abs=0.1)


def test_only_keepalives_in_a_row_teach_the_interval() -> None:
    interval = KeepaliveInterval()
    life = Liveness(interval, 210.0, 0.0)
    life.last_byte = 10.0
    life.keepalive(0)
    assert interval.learned_s is None
    life.last_byte = 50.0
    life.keepalive(5)  # five bytes of the meter came between
    assert interval.learned_s is None
    life.last_byte = 60.0
    life.other_word()
    life.last_byte = 110.0
    life.keepalive(5)
    assert interval.learned_s is None
    life.last_byte = 170.0
    life.keepalive(5)
    assert interval.learned_s == 60.0


def test_a_modem_is_lost_by_its_last_byte_but_not_for_a_time_in_which_nobody_heard() -> None:
    life = Liveness(KeepaliveInterval(), 210.0, 0.0)
    assert life.lost_at(None, 120.0, float("-inf")) == 210.0
    assert life.lost_at(None, 120.0, 100.0) == 310.0, "the hub itself stood still until then"
    assert life.lost_at(90.0, 120.0, float("-inf")) == 90.0
    life.last_byte = 50.0
    life.pause(60.0)
    assert (life.is_paused, life.lost_at(90.0, 120.0, float("-inf"))) == (True, float("inf"))
    life.resume(100.0)
    assert (life.is_paused, life.lost_at(90.0, 120.0, float("-inf"))) == (False, 180.0)
    life.resume(500.0)
    assert life.last_byte == 90.0
