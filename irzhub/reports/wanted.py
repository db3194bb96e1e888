"""What somebody wants a report of: its kind, its time, and which modems; kept as JSON for what is mailed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from irzhub.core.groups import is_within
from irzhub.core.operators import operator_of_cell, operator_of_sim
from irzhub.core.state import ModemState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One report as it was asked for.

    Args:
        kind: as `kinds.KINDS` names it.
        first, last: days on the clock of `zone` (IANA).
        modem, group, organisation: only these, with all below a group; empty: all.
        limit_organisations, limit_groups: what the asker may see, None: all. It also holds for what is mailed later.
    """

    kind: str
    first: date
    last: date
    zone: str
    language: str = "ru"
    modem: str = ""
    group: str = ""
    organisation: str = ""
    limit_organisations: tuple[str, ...] | None = None
    limit_groups: tuple[str, ...] | None = None

    def covers(self, state: ModemState) -> bool:
        """Say whether a modem belongs into the report."""
        return (
            state.link != "quarantined"
            and self.modem in ("", state.modem)
            and self.organisation in ("", state.organisation)
            and (not self.group or is_within(state.group, self.group))
            and (self.limit_organisations is None or state.organisation in self.limit_organisations)
            and (self.limit_groups is None or any(is_within(state.group, each) for each in self.limit_groups))
        )

    @property
    def is_of_all(self) -> bool:
        """Whether it is of the hub as a whole, with what belongs to no modem."""
        return not (self.modem or self.group or self.organisation) and self.is_unlimited

    @property
    def is_unlimited(self) -> bool:
        """Whether the asker may see the whole hub."""
        return self.limit_organisations is None and self.limit_groups is None

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "kind": self.kind,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "zone": self.zone,
            "language": self.language,
            "modem": self.modem,
            "group": self.group,
            "organisation": self.organisation,
            "limit_organisations": _listed(self.limit_organisations),
            "limit_groups": _listed(self.limit_groups),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return what was stored."""
        days = {name: date.fromisoformat(stored[name]) for name in ("first", "last")}
        limits = {name: _limit(stored[name]) for name in ("limit_organisations", "limit_groups")}
        return cls(**{**stored, **days, **limits})


@dataclass(frozen=True, slots=True)
class Subject:
    """A modem as reports name it."""

    modem: str
    name: str
    group: str
    operator: str
    iccid: str
    state: ModemState


def subjects_of(states: Iterable[ModemState], wanted: Wanted) -> dict[str, Subject]:
    """Return the modems of a report by id, in the order of groups and names."""
    found = [state for state in states if wanted.covers(state)]
    found.sort(key=lambda state: (state.group, state.name, state.modem))
    return {
        state.modem: Subject(
            state.modem,
            state.name,
            state.group,
            operator_of_sim(state.iccid) or operator_of_cell(state.cell) or "",
            state.iccid or "",
            state,
        )
        for state in found
    }


def _listed(limit: tuple[str, ...] | None) -> list[str] | None:
    return None if limit is None else sorted(limit)


def _limit(stored: list[str] | None) -> tuple[str, ...] | None:
    return None if stored is None else tuple(stored)
