"""What is said of an incident, in Russian and English: title, hint, and cause, check, action. Made when it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.incident_part_phrases import (
    PARTS_EN,
    PARTS_PHRASES_EN,
    PARTS_PHRASES_RU,
    PARTS_RU,
    phrase_of_part,
    said_of_part,
)
from irzhub.alerts.incident_phrases import EN, RU, Phrases
from irzhub.alerts.level_words import level_word
from irzhub.alerts.loss_words import why_lost
from irzhub.core.clock import format_time
from irzhub.core.operators import operator_in, operator_of_cell
from irzhub.storage.incidents import IncidentRow

Language: TypeAlias = Literal["ru", "en"]
PHRASES: Final[Mapping[Language, Mapping[str, Phrases]]] = {
    "ru": {**RU, **PARTS_PHRASES_RU},
    "en": {**EN, **PARTS_PHRASES_EN},
}
_LEVELS: Final = ("level", "commanded", "seen")
_PARTS: Final = {"ru": PARTS_RU, "en": PARTS_EN}


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong, what to look at, what to do: each one sentence or two."""

    cause: str
    check: str
    action: str


@dataclass(frozen=True, slots=True)
class Words:
    """Makes the texts of incidents.

    Args:
        language: `ru` or `en`.
        name_of: returns what people call a modem.
    """

    language: Language
    name_of: Callable[[str], str]

    def title(self, row: IncidentRow) -> str:
        """Return one line that says what is wrong and where."""
        return self._phrases(row).title.format_map(self._places(row))

    def advice(self, row: IncidentRow) -> Advice:
        """Return cause, check and action."""
        phrases, places = self._phrases(row), self._places(row)
        return Advice(
            phrases.cause.format_map(places), phrases.check.format_map(places), phrases.action.format_map(places)
        )

    def hint(self, row: IncidentRow) -> str:
        """Return the few words that stand below the title."""
        return self._phrases(row).hint.format_map(self._places(row))

    def where(self, row: IncidentRow) -> str:
        """Return the common cause by the name that people know it by, empty for other incidents."""
        return self._where(row.facts) if row.kind == kinds.COMMON_CAUSE else ""

    def in_language(self, language: str) -> "Words":
        """Return the same in another language; an unknown one changes nothing."""
        return Words("ru", self.name_of) if language == "ru" else Words("en", self.name_of)

    def _phrases(self, row: IncidentRow) -> Phrases:
        key = row.kind
        if row.kind == kinds.COMMON_CAUSE:
            key = f"{row.kind}.{row.facts.get('cause')}"
        elif row.kind == kinds.LINK_LOST and row.facts.get("breaks"):
            key = f"{row.kind}.breaks"
        elif row.kind == kinds.GPI_ALARM and row.facts.get("name"):
            key = f"{row.kind}.named"
        elif row.kind == kinds.HUB_PART:
            key = phrase_of_part(_part(row), str(row.facts.get("state")), str(row.facts.get("detail") or ""))
        return PHRASES[self.language][key]

    def _places(self, row: IncidentRow) -> Mapping[str, Any]:
        facts = row.facts
        away, members = int(facts.get("away") or 0), int(facts.get("members") or 0)
        # What was not told must not make a text impossible: it is a dash.
        return _Places(
            {
                **{name: "—" if value in (None, "") else value for name, value in facts.items()},
                **{name: level_word(str(facts[name]), self.language) for name in _LEVELS if facts.get(name)},
                "modem": "" if row.modem is None else self.name_of(row.modem),
                "count": row.count,
                "of_modems": _of_modems(members, self.language),
                "modems_many": _modems(int(facts.get("modems") or 0), self.language),
                "back": members - away,
                "where": self._where(facts),
                "detail": said_of_part(str(facts.get("detail") or ""), self.language) or "—",
                "part": _PARTS[self.language].get(_part(row), _part(row)),
                "degrees": _signed(facts.get("temperature_c")),
                "dbm": _signed(facts.get("rssi_dbm")),
                "why": why_lost(str(facts.get("detail") or ""), self.language)
                or ("нет подробностей" if self.language == "ru" else "no details"),
            }
        )

    def _where(self, facts: Mapping[str, Any]) -> str:
        """Return the cause by the name that people know it by."""
        if facts.get("cause") == "uplink":
            return "канал хаба" if self.language == "ru" else "the hub's uplink"
        name = str(facts.get("name", ""))
        if facts.get("cause") == "operator":
            return operator_in(name, self.language)
        if facts.get("cause") != "cell":
            return name
        operator, area, cell = cell_names(name)
        word = "сота" if self.language == "ru" else "cell"
        return f"{operator_in(operator, self.language)}, {word} {cell}, LAC {area}" if cell else name


def alert_object(row: IncidentRow, words: Words) -> dict[str, Any]:
    """Return an incident as MQTT shows it: what it is, how it stands, and its text in the language of the hub."""
    return {
        "id": row.number,
        "kind": row.kind,
        "subject": row.subject,
        "modem": row.modem,
        "severity": row.severity,
        "opened_at": format_time(row.opened_at),
        "last_seen_at": format_time(row.last_seen_at),
        "count": row.count,
        "is_recovering": row.good_since is not None,
        "title": words.title(row),
        "cause": words.advice(row).cause,
        "members": row.facts.get("members"),
        "away": row.facts.get("away"),
        "acknowledged_by": row.acknowledged_by or None,
        "acknowledged_at": _time(row.acknowledged_at),
        "silenced_until": _time(row.silenced_until),
        "owner": row.owner or None,
    }


def cell_names(cell: str) -> tuple[str, str, str]:
    """Return operator, area and cell of `MCC-MNC-LAC-CID`; empty texts for what is not there."""
    parts = cell.split("-")
    if len(parts) != 4:
        return cell, "", ""
    return operator_of_cell(cell) or "-".join(parts[:2]), parts[2], parts[3]


class _Places(dict[str, Any]):
    """Values for a phrase; what is not known is a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def _part(row: IncidentRow) -> str:
    return row.subject.removeprefix("hub/")


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _signed(value: Any) -> str:
    return "—" if not isinstance(value, int) else f"{value:+d}".replace("-", "−")


def _of_modems(count: int, language: Language) -> str:
    """Return `312 модемов` as it stands behind `у`, or `312 modems`."""
    if language == "en":
        return f"{count} modem" if count == 1 else f"{count} modems"
    return f"{count} модема" if count % 10 == 1 and count % 100 != 11 else f"{count} модемов"


def _modems(count: int, language: Language) -> str:
    if language == "en":
        return _of_modems(count, language)
    if count % 10 == 1 and count % 100 != 11:
        return f"{count} модем"
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{count} модема" if few else f"{count} модемов"
