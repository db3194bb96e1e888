"""Today's polls, and yesterday's: counted here, kept locally, and put on the bus for the history database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from irzhub.relay.polls import Poll
from irzhub.storage.polls import PollRow

KEPT_DAYS: Final = 3
"""Days that are kept locally: longer than a night's polls last beyond midnight, and than any restart."""
_OUTCOMES: Final = ("asked", "answered", "silent", "lost", "away", "busy", "refused")


@dataclass(slots=True)
class PollBook:
    """How questions ended, by day, modem, address and program.

    Args:
        zone: whose midnight ends a day.
    """

    zone: tzinfo = UTC
    _days: dict[str, dict[tuple[str, str, str], PollRow]] = field(default_factory=dict)
    _changed: dict[tuple[str, str, str, str], None] = field(default_factory=dict)

    def load(self, rows: Iterable[PollRow]) -> None:
        """Begin with what was counted before the last stop."""
        for row in rows:
            self._days.setdefault(row.day, {})[row.modem, row.address, row.program] = row

    def note(self, modem: str, poll: Poll) -> None:
        """Add what was counted of one program and one meter in the last seconds."""
        if not poll.asked:
            return
        asked = _moment(poll.first_asked)
        day = asked.astimezone(self.zone).date().isoformat()
        rows = self._days.setdefault(day, {})
        key = (modem, poll.address, poll.program)
        row = rows.get(key)
        if row is None:
            row = rows[key] = PollRow(
                day=day,
                modem=modem,
                address=poll.address,
                program=poll.program,
                first_asked=asked,
                last_asked=asked,
            )
        self._changed[(day, *key)] = None
        self._add(row, poll)

    def day_of(self, moment: datetime) -> str:
        """Return the day of a moment on this clock, as `YYYY-MM-DD`."""
        return moment.astimezone(self.zone).date().isoformat()

    def rows(self, day: str, modem: str | None = None) -> Iterator[PollRow]:
        """Yield what was counted on a day, of one modem only where one is given."""
        for row in list(self._days.get(day, {}).values()):
            if modem is None or row.modem == modem:
                yield row

    def take_changed(self, limit: int) -> list[PollRow]:
        """Return at most `limit` rows that changed since they were taken last."""
        keys = [key for key, _ in zip(self._changed, range(limit), strict=False)]
        for key in keys:
            del self._changed[key]
        return [row for day, *rest in keys if (row := self._days.get(day, {}).get((rest[0], rest[1], rest[2])))]

    def put_back(self, rows: Iterable[PollRow]) -> None:
        """Take rows for changed that were taken and could not be written."""
        self._changed.update(dict.fromkeys((row.day, row.modem, row.address, row.program) for row in rows))

    def mark_all(self) -> None:
        """Take all rows for changed: whoever keeps copies may have missed some."""
        for day, rows in self._days.items():
            self._changed.update(dict.fromkeys((day, *key) for key in rows))

    def first_kept(self, now: datetime) -> str:
        """Return the oldest day that is kept at `now`."""
        return (now.astimezone(self.zone).date() - timedelta(days=KEPT_DAYS - 1)).isoformat()

    def drop_before(self, day: str) -> bool:
        """Forget older days than that; say whether there were any."""
        old = [each for each in self._days if each < day]
        for each in old:
            del self._days[each]
        return bool(old)

    def replace(self, old: str, new: str) -> None:
        """Another modem stands at the same line: today's counts go on under its name."""
        for rows in self._days.values():
            for key in [key for key in rows if key[0] == old]:
                row = rows.pop(key)
                row.modem = new
                rows[new, key[1], key[2]] = row
                self._changed[row.day, new, key[1], key[2]] = None

    def _add(self, row: PollRow, poll: Poll) -> None:
        for name in _OUTCOMES:
            if count := getattr(poll, name):
                setattr(row, name, getattr(row, name) + count)
        row.protocol = poll.protocol or row.protocol
        row.wait_ms += round(poll.wait_s * 1000)
        row.longest_ms = max(row.longest_ms, round(poll.longest_s * 1000))
        row.other = poll.other or row.other
        asked = _moment(poll.last_asked)
        row.first_asked = min(row.first_asked, _moment(poll.first_asked))
        row.last_asked = max(row.last_asked, asked)
        row.hours_asked |= self._hour(_moment(poll.first_asked)) | self._hour(asked)
        if poll.last_answered:
            answered = _moment(poll.last_answered)
            row.last_answered = max(row.last_answered or answered, answered)
            row.hours_answered |= self._hour(answered)

    def _hour(self, moment: datetime) -> int:
        return 1 << moment.astimezone(self.zone).hour


def _moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(int(unix_s * 1000) / 1000, UTC)
