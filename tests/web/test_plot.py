from datetime import UTC, datetime, timedelta

import pytest

from irzhub.storage.history_series import DAY_S, HOUR_S, SLOT_S, SlotRow
from irzhub.web.plot import build_points, choose_steps

BEGAN = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "points", "steps"),
    [
        (1, 500, (SLOT_S, SLOT_S)),
        (1, 24, (HOUR_S, HOUR_S)),
        (7, 500, (SLOT_S, 3 * SLOT_S)),
        (365, 365, (DAY_S, DAY_S)),
        (365, 100, (DAY_S, 4 * DAY_S)),
        (0.001, 5, (SLOT_S, SLOT_S)),
    ],
)
def test_the_longest_slots_that_fit_are_read(days: float, points: int, steps: tuple[int, int]) -> None:
    assert choose_steps(BEGAN, BEGAN + timedelta(days=days), points) == steps


def test_slots_become_points_that_weigh_each_sample_alike() -> None:
    slots = [
        SlotRow("main", "m", SLOT_S, BEGAN, csq_min=10, csq_max=12, csq_sum=22, csq_count=2, rx_bytes=100),
        SlotRow(
            "main", "m", SLOT_S, BEGAN + timedelta(seconds=SLOT_S), csq_min=20, csq_max=20, csq_sum=20, csq_count=1
        ),
        SlotRow("main", "m", SLOT_S, BEGAN + timedelta(hours=2), rx_bytes=7),
    ]

    points = build_points(slots, ("csq", "rssi_dbm", "rx_bytes"), HOUR_S)

    assert points["csq"] == [{"at": "2026-11-21T00:00:00.000Z", "min": 10.0, "avg": 14.0, "max": 20.0, "sum": None}]
    assert points["rssi_dbm"][0] == {
        "at": "2026-11-21T00:00:00.000Z", "min": -93.0, "avg": -85.0, "max": -73.0, "sum": None,
    }  # fmt: skip
    assert [(each["at"][11:16], each["sum"]) for each in points["rx_bytes"]] == [("00:00", 100), ("02:00", 7)]
