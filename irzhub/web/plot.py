"""Down-sampling for plots: slots of ten minutes, hours or days become as many points as a plot can show."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from irzhub.core.clock import format_time
from irzhub.storage.history_series import DAY_S, HOUR_S, SLOT_S, SlotRow

VALUES: Final = ("csq", "rssi_dbm", "temperature_c", "rx_bytes", "tx_bytes")
_COUNTERS: Final = frozenset({"rx_bytes", "tx_bytes"})
_COLUMNS: Final = {"csq": "csq", "rssi_dbm": "csq", "temperature_c": "temperature"}


def choose_steps(since: datetime, until: datetime, points: int) -> tuple[int, int]:
    """Return the length of the stored slots to be read and that of one point, both in seconds.

    The longest slots that are not longer than a point are read: so a year costs no more than a day.
    """
    wanted_s = max(1.0, (until - since).total_seconds()) / points
    slot_s = max((each for each in (SLOT_S, HOUR_S, DAY_S) if each <= wanted_s), default=SLOT_S)
    return slot_s, slot_s * max(1, math.ceil(wanted_s / slot_s))


def build_points(slots: Sequence[SlotRow], names: Iterable[str], step_s: int) -> dict[str, list[dict[str, Any]]]:
    """Return for each name its points in order; a value's average weighs each sample alike."""
    buckets: dict[int, list[SlotRow]] = {}
    for slot in slots:
        buckets.setdefault(int(slot.start.timestamp()) // step_s * step_s, []).append(slot)
    return {name: [point for at, rows in buckets.items() if (point := _point(name, at, rows))] for name in names}


def _point(name: str, at: int, rows: list[SlotRow]) -> dict[str, Any] | None:
    moment = format_time(datetime.fromtimestamp(at, UTC))
    if name in _COUNTERS:
        return {"at": moment, "min": None, "avg": None, "max": None, "sum": sum(getattr(row, name) for row in rows)}
    column = _COLUMNS[name]
    count = sum(getattr(row, f"{column}_count") for row in rows)
    if not count:
        return None
    total = sum(getattr(row, f"{column}_sum") for row in rows)
    least = min(low for row in rows if (low := getattr(row, f"{column}_min")) is not None)
    most = max(high for row in rows if (high := getattr(row, f"{column}_max")) is not None)
    values = (float(least), round(total / count, 2), float(most))
    if name == "rssi_dbm":
        values = (-113 + 2 * values[0], round(-113 + 2 * values[1], 2), -113 + 2 * values[2])
    return {"at": moment, "min": values[0], "avg": values[1], "max": values[2], "sum": None}
