"""Durations and rates as operators write them: `130s`, `10m`, `2h`, `00:02:10`, `60/min`."""

import re
from typing import Final

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_WITH_UNIT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)", re.ASCII)
_CLOCK: Final = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])", re.ASCII)
_RATE: Final = re.compile(r"([0-9]{1,9})/(s|sec|min|h|hour|d|day)", re.ASCII)
_PERIODS: Final = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "hour": 3600.0, "d": 86400.0, "day": 86400.0}


def parse_duration(text: str) -> float:
    """Return the seconds that `130s`, `10m`, `2h`, `1d`, `500ms` or `00:02:10` mean.

    Raises:
        ValueError: it is none of these.
    """
    if (found := _WITH_UNIT.fullmatch(text)) is not None:
        return float(found[1]) * _UNITS[found[2]]
    if (found := _CLOCK.fullmatch(text)) is not None:
        return int(found[1]) * 3600.0 + int(found[2]) * 60.0 + int(found[3])
    raise ValueError(f"expected a duration such as 130s, 10m, 2h or 00:02:10, got {text!r}")


def format_duration(seconds: float) -> str:
    """Return `seconds` in the largest unit that shows them as a whole number, e.g. `10m`."""
    for unit in ("d", "h", "m", "s"):
        if seconds >= _UNITS[unit] and seconds % _UNITS[unit] == 0:
            return f"{int(seconds / _UNITS[unit])}{unit}"
    return "0s" if seconds == 0 else f"{round(seconds * 1000)}ms"


def parse_rate(text: str) -> tuple[int, float]:
    """Return the count and the period in seconds of a rate such as `60/min`.

    Raises:
        ValueError: it is no rate, or allows nothing.
    """
    found = _RATE.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise ValueError(f"expected a rate such as 60/min, 5/s or 1000/hour, got {text!r}")
    return int(found[1]), _PERIODS[found[2]]
