"""How long a modem may be silent."""

import pytest

from irzhub.relay.keepalive import KeepaliveInterval


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
