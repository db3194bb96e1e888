"""The one place that reads the clock, so that tests can mock it and time reads the same everywhere."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for what people read, monotonic time for what the hub measures."""

    def now(self) -> datetime:
        """Return the present UTC time, aware, cut to milliseconds."""

    def monotonic(self) -> float:
        """Return seconds that never go back; only differences mean anything."""


class SystemClock:
    """The machine's own clocks."""

    monotonic = staticmethod(time.monotonic)  # as it is: it is read twice for every message of a meter

    def now(self) -> datetime:
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def format_time(moment: datetime) -> str:
    """Return `moment` as RFC 3339 in UTC with milliseconds, e.g. `2026-11-21T18:57:03.120Z`."""
    # Moments are kept in UTC, and a fleet has tens of thousands of them.
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{in_utc.isoformat('T', 'milliseconds')[:-6]}Z"


def parse_time(text: str) -> datetime:
    """Return the UTC moment that an RFC 3339 text names.

    Raises:
        ValueError: no date and time, no offset from UTC, or in UTC it is before the year 1 or behind 9999.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"expected a time with its offset, such as 2026-11-21T18:57:03.120Z, got {text!r}")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"expected a time from the year 1 to 9999, got {text!r}") from None
