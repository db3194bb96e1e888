"""Which meters have fallen silent, which answer again, and which are others than before.

A meter is silent when it has left half as many questions again without an answer as is usual for it: what is
usual is learned from the spells that ended with an answer, as one meter misses a question now and then and
another never. An address that never answered is nobody's silence: programs search whole lines for meters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from irzhub.core.events import Event, MeterAnswering, MeterChanged, MeterSilent
from irzhub.relay.polls import Poll
from irzhub.storage.meters import MeterLineRow, MeterRow

_LEAST: Final = 3
"""So many questions in vain are never told of: programs try thrice within seconds."""
_MOST: Final = 50
_FORGETTING: Final = 0.98
"""With each answer the usual spell shrinks by this, so that a bad week is forgotten after some hundred answers."""
_ADDRESSES_LIMIT: Final = 256


def _nobody(_modem: str, _address: str) -> MeterRow | None:
    return None


@dataclass(slots=True)
class MeterWatch:
    """What has been heard of each address of each line.

    Args:
        meter_at: returns the meter that people entered for an address of a modem's line, None where there is none.
    """

    meter_at: Callable[[str, str], MeterRow | None] = _nobody
    _lines: dict[str, dict[str, MeterLineRow]] = field(default_factory=dict)
    _changed: dict[tuple[str, str], None] = field(default_factory=dict)

    def load(self, rows: Iterable[MeterLineRow]) -> None:
        """Begin with what was known at the last stop."""
        for row in rows:
            self._lines.setdefault(row.modem, {})[row.address] = row

    def note(self, modem: str, poll: Poll) -> list[Event]:
        """Take in how one program's questions to one meter ended; return what follows from it.

        Questions that never reached the meter say nothing of it.
        """
        row = self._row(modem, poll)
        if row is None:
            return []
        self._changed[modem, row.address] = None
        row.protocol = poll.protocol or row.protocol
        if poll.last_asked:
            row.last_asked = max(row.last_asked, _moment(poll.last_asked))
        events: list[Event] = []
        if poll.answered:
            events += self._answered(row, poll)
        if poll.silent and poll.last_answered < poll.last_asked:
            events += self._silent(row, poll)
        if poll.identity:
            events += self._identified(row, poll)
        return events

    def lines(self, modem: str) -> list[MeterLineRow]:
        """Return what was heard of the addresses of a modem's line, in order of address."""
        return sorted(self._lines.get(modem, {}).values(), key=lambda row: _order(row.address))

    def take_changed(self, limit: int) -> list[MeterLineRow]:
        """Return at most `limit` rows that changed since they were taken last."""
        keys = [key for key, _ in zip(self._changed, range(limit), strict=False)]
        for key in keys:
            del self._changed[key]
        return [self._lines[modem][address] for modem, address in keys if modem in self._lines]

    def put_back(self, rows: Iterable[MeterLineRow]) -> None:
        """Take rows for changed that were taken and could not be written."""
        self._changed.update(dict.fromkeys((row.modem, row.address) for row in rows))

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        self._lines.pop(modem, None)

    def replace(self, old: str, new: str) -> None:
        """Another modem stands at the same line."""
        rows = self._lines.pop(old, {})
        for row in rows.values():
            row.modem = new
            self._changed[new, row.address] = None
        if rows:
            self._lines[new] = rows

    def _row(self, modem: str, poll: Poll) -> MeterLineRow | None:
        rows = self._lines.get(modem)
        if rows is not None and (row := rows.get(poll.address)) is not None:
            return row
        if not (poll.answered or poll.silent) or (rows is not None and len(rows) >= _ADDRESSES_LIMIT):
            return None
        asked = _moment(poll.first_asked)
        row = MeterLineRow(
            modem=modem, address=poll.address, protocol=poll.protocol, first_asked=asked, last_asked=asked
        )
        self._lines.setdefault(modem, {})[poll.address] = row
        return row

    def _answered(self, row: MeterLineRow, poll: Poll) -> list[Event]:
        at = _moment(poll.last_answered)
        events: list[Event] = []
        if row.silent_since is not None:
            since = row.last_answered or row.silent_since
            row.silent_since = None
            name, serial = self._names(row)
            events.append(
                MeterAnswering(
                    ts=at,
                    modem=row.modem,
                    address=row.address,
                    protocol=row.protocol,
                    silent_s=round((at - since).total_seconds(), 1),
                    program=poll.program,
                    meter=name,
                    serial=serial,
                )
            )
        else:
            row.usual_in_vain = max(row.usual_in_vain * _FORGETTING, float(row.in_vain))
        row.in_vain = 0
        row.last_answered = at
        return events

    def _silent(self, row: MeterLineRow, poll: Poll) -> list[Event]:
        row.in_vain += 1 if poll.answered else poll.silent
        if row.last_answered is None or row.silent_since is not None or row.in_vain <= self._patience(row):
            return []
        at = _moment(poll.last_asked)
        row.silent_since = at
        name, serial = self._names(row)
        return [
            MeterSilent(
                ts=at,
                modem=row.modem,
                address=row.address,
                protocol=row.protocol,
                in_vain=row.in_vain,
                last_answered=row.last_answered,
                program=poll.program,
                meter=name,
                serial=serial,
                other=poll.other or None,
            )
        ]

    def _identified(self, row: MeterLineRow, poll: Poll) -> list[Event]:
        previous, row.identity = row.identity, poll.identity
        if previous in ("", poll.identity):
            return []
        name, serial = self._names(row)
        return [
            MeterChanged(
                ts=_moment(poll.last_answered) if poll.last_answered else row.last_asked,
                modem=row.modem,
                address=row.address,
                protocol=row.protocol,
                previous=previous,
                identity=poll.identity,
                meter=name,
                serial=serial,
            )
        ]

    def _names(self, row: MeterLineRow) -> tuple[str | None, str | None]:
        meter = self.meter_at(row.modem, row.address)
        return (None, None) if meter is None else (meter.type or None, meter.serial or None)

    def _patience(self, row: MeterLineRow) -> float:
        return min(max(row.usual_in_vain * 1.5, _LEAST), _MOST)


def _order(address: str) -> tuple[int, int, str]:
    is_number = address.isascii() and address.isdigit()
    return (0, int(address), "") if is_number else (1, 0, address)


def _moment(unix_s: float) -> datetime:
    return datetime.fromtimestamp(int(unix_s * 1000) / 1000, UTC)
