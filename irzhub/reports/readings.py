"""The reading summary of a day: which meters were read, and why the others were not.

Every meter that people have entered, or that has answered of late, is expected to be read each day. What the
modem, the line, the meter or the program did is told from how the questions ended.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from irzhub.storage.meters import MeterLineRow, MeterRow
from irzhub.storage.polls import PollRow

Cause: TypeAlias = Literal["no_link", "meter_silent", "line_busy", "link_lost", "not_asked", "refused"]
CAUSES: Final[tuple[Cause, ...]] = ("no_link", "meter_silent", "line_busy", "link_lost", "not_asked", "refused")
"""Why a meter was not read: the modem was away; the meter did not answer; another program held the line; the modem
went away in between; no program asked; the program was turned away."""

_EXPECTED_FOR: Final = timedelta(days=35)
"""A meter that nobody entered is expected for so long after its last answer."""
_CAUSES: Final[Mapping[str, Cause]] = {
    "silent": "meter_silent",
    "away": "no_link",
    "lost": "link_lost",
    "busy": "line_busy",
    "refused": "refused",
}
_HOURS: Final = 24


@dataclass(slots=True, kw_only=True)
class Reading:
    """One meter and one program on one day.

    Attributes:
        program: its address; empty where nobody asked.
        cause: why it was not read, None when it was. answered of asked: questions.
        answer_s, longest_s: how long answers took, on average and at most; None without any.
        hours: for each hour of the day None (not asked), False (in vain) or True (answered).
        last_heard: when it answered any program last, within the day or before; None: never, or not known.
    """

    modem: str
    address: str
    protocol: str
    meter: MeterRow | None
    program: str
    cause: Cause | None
    asked: int = 0
    answered: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    answer_s: float | None = None
    longest_s: float | None = None
    first_asked: datetime | None = None
    last_asked: datetime | None = None
    last_answered: datetime | None = None
    other: str = ""
    identity: str = ""
    hours: list[bool | None] = field(default_factory=list)
    last_heard: datetime | None = None


@dataclass(slots=True)
class Totals:
    """How many meters were expected, how many were read, and why the others were not."""

    expected: int = 0
    read: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, cause: Cause | None) -> None:
        """Count one meter."""
        self.expected += 1
        if cause is None:
            self.read += 1
        else:
            self.causes[cause] += 1


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one modem's line: meters as entered, addresses as heard."""

    meters: Sequence[MeterRow]
    heard: Sequence[MeterLineRow]


def readings(lines: Mapping[str, Line], polls: Iterable[PollRow], end_of_day: datetime) -> Iterator[Reading]:
    """Yield what became of each expected meter, one for each program that asked it, or one when nobody did.

    Args:
        lines: by modem, all that are looked at; polls of other modems are left out.
        polls: of the day, from the programs that are looked at.
        end_of_day: when the day was over, or now while it lasts.
    """
    by_modem: dict[str, list[PollRow]] = {}
    for row in polls:
        by_modem.setdefault(row.modem, []).append(row)
    for modem, line in lines.items():
        yield from _of_line(modem, line, by_modem.get(modem, ()), end_of_day)


def cause_of_meter(of_programs: Iterable[Reading]) -> Cause | None:
    """Return why a meter was not read by any of its programs; None when one of them did."""
    found: Cause | None = None
    most = -1
    for reading in of_programs:
        if reading.cause is None:
            return None
        if reading.asked > most:
            found, most = reading.cause, reading.asked
    return found


def _of_line(modem: str, line: Line, polls: Sequence[PollRow], end_of_day: datetime) -> Iterator[Reading]:
    heard = {row.address: row for row in line.heard}
    expected = _expected(line, end_of_day)
    only = next(iter(expected)) if len(expected) == 1 else None
    unplaced = [row for row in polls if not row.address and not (row.answered or row.silent)]
    for address, meter in expected.items():
        own = [row for row in polls if row.address == address]
        if only is not None and meter is not None and not meter.address:
            own = list(polls)  # a lone meter without address: whatever was asked there was for it
        elif address:
            own += unplaced  # programs that were turned away before they had said whom they want
        programs: dict[str, list[PollRow]] = {}
        for row in own:
            programs.setdefault(row.program, []).append(row)
        known = heard.get(address)
        for program, rows in programs.items():
            yield _reading(modem, address, meter, known, program, rows, end_of_day)
        if not programs:
            protocol, identity = ("", "") if known is None else (known.protocol, known.identity)
            yield Reading(
                modem=modem,
                address=address,
                protocol=protocol,
                meter=meter,
                program="",
                cause="not_asked",
                identity=identity,
                hours=[None] * _HOURS,
                last_heard=_last_heard(known, end_of_day),
            )


def _expected(line: Line, end_of_day: datetime) -> dict[str, MeterRow | None]:
    """Return the addresses that are expected to be read, with the meter that people entered for each."""
    found: dict[str, MeterRow | None] = {row.address: row for row in line.meters}
    if "" in found and len(found) == 1:
        return found
    for row in line.heard:
        if row.address not in found and row.last_answered and row.last_answered > end_of_day - _EXPECTED_FOR:
            found[row.address] = None
    return found


def _reading(
    modem: str,
    address: str,
    meter: MeterRow | None,
    heard: MeterLineRow | None,
    program: str,
    rows: Sequence[PollRow],
    end_of_day: datetime,
) -> Reading:
    answered = sum(row.answered for row in rows)
    outcomes = {name: sum(getattr(row, name) for row in rows) for name in _CAUSES}
    hours_asked = hours_answered = 0
    for row in rows:
        hours_asked |= row.hours_asked
        hours_answered |= row.hours_answered
    worst = max(outcomes, key=lambda name: outcomes[name])
    return Reading(
        modem=modem,
        address=address,
        protocol=next((row.protocol for row in rows if row.protocol), ""),
        meter=meter,
        program=program,
        cause=None if answered else _CAUSES[worst] if outcomes[worst] else "meter_silent",
        asked=sum(row.asked for row in rows),
        answered=answered,
        outcomes=outcomes,
        answer_s=round(sum(row.wait_ms for row in rows) / answered / 1000, 3) if answered else None,
        longest_s=max(row.longest_ms for row in rows) / 1000 if answered else None,
        first_asked=min(row.first_asked for row in rows),
        last_asked=max(row.last_asked for row in rows),
        last_answered=max((row.last_answered for row in rows if row.last_answered), default=None),
        other=next((row.other for row in rows if row.other), ""),
        identity="" if heard is None else heard.identity,
        hours=[
            bool(hours_answered >> hour & 1) if (hours_asked | hours_answered) >> hour & 1 else None
            for hour in range(_HOURS)
        ],
        last_heard=_last_heard(heard, end_of_day),
    )


def _last_heard(heard: MeterLineRow | None, end_of_day: datetime) -> datetime | None:
    """Return the last answer, if it is none of a later day: what is remembered is the newest one alone."""
    last = None if heard is None else heard.last_answered
    return last if last is not None and last <= end_of_day else None
