"""What stands in the directory: contacts, teams, rosters, calendars and ladders, read from their JSON.

The JSON is what people wrote through REST, as `web/models_directory.py` checks it; an entry that cannot be read,
from another version or by another hand, is left out and said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final, Literal, TypeAlias, cast

from irzhub.alerts.calendars import DAYS, Calendar, Span
from irzhub.alerts.messages import Severity
from irzhub.alerts.rosters import Roster, Rotation, Shift
from irzhub.core.clock import parse_time
from irzhub.core.services import Channel

Kind: TypeAlias = Literal["contact", "team", "roster", "calendar", "ladder"]
KINDS: Final[tuple[Kind, ...]] = ("contact", "team", "roster", "calendar", "ladder")
TARGETS: Final[frozenset[Kind]] = frozenset({"contact", "team", "roster", "ladder"})
"""What a message may name; they share their names, so that a name means one thing."""


@dataclass(frozen=True, slots=True)
class Address:
    """One way to a person: it is used from this severity on; one of `never` only where another way fails."""

    channel: Channel
    address: str
    used_from: Severity | Literal["never"] = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a desk.

    Args:
        language: `ru`, `en`, empty: that of the hub.
        quiet: name of the calendar whose times are quiet; `quiet_for` is what waits until it is over.
        digest_at: when notes of a day come in one message, None: at once.
    """

    title: str = ""
    addresses: tuple[Address, ...] = ()
    language: str = ""
    quiet: str = ""
    quiet_for: frozenset[str] = frozenset({"info", "warning"})
    digest_at: time | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Names of contacts, rosters and further teams."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Who is told when nobody has answered `wait_s` after the step before."""

    targets: tuple[str, ...]
    wait_s: float = 0.0
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps that are climbed while nobody has an incident in hand; the last one is repeated."""

    steps: tuple[LadderStep, ...]
    repeat_every_s: float = 600.0
    repeats: int = 0


Entry: TypeAlias = Contact | Team | Roster | Calendar | Ladder


def read_entry(kind: str, entry: Mapping[str, Any]) -> Entry:
    """Return what the JSON of an entry means.

    Raises:
        ValueError, KeyError, TypeError: it cannot be read.
    """
    return _READERS[cast("Kind", kind)](entry)


def _contact(entry: Mapping[str, Any]) -> Contact:
    digest = entry.get("digest_at")
    return Contact(
        title=str(entry.get("title", "")),
        addresses=tuple(
            Address(each["channel"], str(each["address"]), each.get("used_from", "info")) for each in entry["addresses"]
        ),
        language=str(entry.get("language", "")),
        quiet=str(entry.get("quiet", "")),
        quiet_for=frozenset(entry.get("quiet_for", ("info", "warning"))),
        digest_at=None if not digest else time.fromisoformat(digest),
    )


def _team(entry: Mapping[str, Any]) -> Team:
    return Team(tuple(map(str, entry["members"])))


def _roster(entry: Mapping[str, Any]) -> Roster:
    rotation = entry.get("rotation")
    return Roster(
        shifts=tuple(
            Shift(tuple(each["names"]), parse_time(each["begins_at"]), parse_time(each["ends_at"]))
            for each in entry.get("shifts", ())
        ),
        rotation=None
        if rotation is None
        else Rotation(
            tuple(rotation["names"]),
            date.fromisoformat(rotation["first_day"]),
            time.fromisoformat(rotation.get("at", "08:00")),
            max(1, int(rotation.get("hours", 24))),
        ),
        otherwise=tuple(entry.get("otherwise", ())),
    )


def _calendar(entry: Mapping[str, Any]) -> Calendar:
    return Calendar(
        spans=tuple(
            Span(
                frozenset(map(DAYS.index, each.get("days", DAYS))),
                time.fromisoformat(each["begins"]),
                time.fromisoformat(each["ends"]),
            )
            for each in entry.get("spans", ())
        ),
        dates=tuple(
            (date.fromisoformat(each["first"]), date.fromisoformat(each.get("last") or each["first"]))
            for each in entry.get("dates", ())
        ),
        free=frozenset(map(date.fromisoformat, entry.get("free", ()))),
    )


def _ladder(entry: Mapping[str, Any]) -> Ladder:
    steps = tuple(
        LadderStep(tuple(each["targets"]), float(each.get("wait_s", 0.0)), tuple(each.get("channels", ())))
        for each in entry["steps"]
    )
    if not steps:
        raise ValueError("expected at least one step")
    return Ladder(steps, float(entry.get("repeat_every_s", 600.0)), int(entry.get("repeats", 0)))


_READERS: Final[Mapping[Kind, Callable[[Mapping[str, Any]], Entry]]] = {
    "contact": _contact,
    "team": _team,
    "roster": _roster,
    "calendar": _calendar,
    "ladder": _ladder,
}
