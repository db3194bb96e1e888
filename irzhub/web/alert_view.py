"""Incidents as a caller may see them: what is another's does not exist, and of a common cause only one's own counts."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from irzhub.alerts.incident_kinds import COMMON_CAUSE
from irzhub.alerts.incident_words import Words, alert_object
from irzhub.core.clock import format_time
from irzhub.core.state import StateStore
from irzhub.storage.incidents import IncidentRow, MemberRow, get_incident, load_members
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import is_visible, sees_modem
from irzhub.web.identity import Identity
from irzhub.web.language import choose_language
from irzhub.web.problem import Problem

_LANGUAGES: Final = ("ru", "en")
_LONGEST_NUMBER: Final = 15


def words_of(request: web.Request) -> Words:
    """Return who makes texts of incidents in the language that the caller asks for."""
    default = context_of(request).settings.hub.language
    accepted = request.headers.get("Accept-Language")
    chosen = choose_language(request.query.get("lang"), accepted, default, _LANGUAGES)
    return desks_of(request).alerts.incidents.words.in_language(chosen)


def read_number(request: web.Request, name: str) -> int | None:
    """Return the number that the path names, None when it is none."""
    text = request.match_info[name]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


async def read_alert(request: web.Request, name: str = "alert") -> IncidentRow:
    """Return the incident that the path names, open or closed, as the caller may see it.

    Raises:
        Problem: 404, there is none, or the caller may not see it.
    """
    number = read_number(request, name)
    row = None if number is None else await find_alert(request, number)
    if row is None:
        raise Problem(404, "unknown_alert", "there is no such alert")
    return row


async def find_alert(request: web.Request, number: int) -> IncidentRow | None:
    """Return an incident by its number, as the caller may see it; None for none."""
    row = desks_of(request).alerts.incidents.book.get(number)
    if row is None:
        row = await context_of(request).store.read(lambda connection: get_incident(connection, number))
    if row is None:
        return None
    return seen_row(request[IDENTITY], context_of(request).states, row, await members_of(request, row))


async def members_of(request: web.Request, row: IncidentRow) -> list[MemberRow]:
    """Return the modems of a common cause that the caller may see, in the order of their loss; none for another."""
    if row.kind != COMMON_CAUSE:
        return []
    if row.closed_at is None:
        members = desks_of(request).alerts.incidents.members_of(row.number)
    else:
        members = await context_of(request).store.read(lambda connection: load_members(connection, [row.number]))
    return [member for member in members if is_visible(request, member.modem)]


def seen_row(identity: Identity, states: StateStore, row: IncidentRow, own: Sequence[MemberRow]) -> IncidentRow | None:
    """Return an incident as `identity` may see it, None when it may not.

    Args:
        identity: who looks.
        states: the fleet.
        row: the incident.
        own: its members that may be seen; only asked of a common cause.
    """
    if identity.scope.is_whole:
        return row
    if row.modem is not None:
        return row if sees_modem(identity, states, row.modem) else None
    if row.kind != COMMON_CAUSE or not own:
        return None
    away = sum(member.returned_at is None for member in own)
    return dataclasses.replace(row, facts={**row.facts, "members": len(own), "away": away, "evidence": []})


def open_rows(request: web.Request) -> list[IncidentRow]:
    """Return the open incidents that the caller may see, from new to old."""
    incidents, identity, states = desks_of(request).alerts.incidents, request[IDENTITY], context_of(request).states
    found = []
    for row in incidents:
        own: list[MemberRow] = []
        if not identity.scope.is_whole and row.kind == COMMON_CAUSE:
            own = [member for member in incidents.members_of(row.number) if sees_modem(identity, states, member.modem)]
        if (seen := seen_row(identity, states, row, own)) is not None:
            found.append(seen)
    return sorted(found, key=lambda row: -row.number)


async def closed_rows(request: web.Request, rows: Iterable[IncidentRow]) -> list[IncidentRow]:
    """Return those of some closed incidents that the caller may see, in their order."""
    identity, states = request[IDENTITY], context_of(request).states
    if identity.scope.is_whole:
        return list(rows)
    return [
        seen for row in rows if (seen := seen_row(identity, states, row, await members_of(request, row))) is not None
    ]


def check_whole_alert(request: web.Request, row: IncidentRow) -> None:
    """See that an incident is the caller's to handle: none of its modems is another's.

    Raises:
        Problem: 403, some of them are.
    """
    if request[IDENTITY].scope.is_whole or row.kind != COMMON_CAUSE:
        return
    members = desks_of(request).alerts.incidents.members_of(row.number)
    if any(not is_visible(request, member.modem) for member in members):
        raise Problem(403, "beyond_own_scope", "others have modems in this alert too")


def alert_json(row: IncidentRow, words: Words, states: StateStore, now: datetime) -> dict[str, Any]:
    """Return the alert object of REST: that of MQTT, with what a page shows beside it."""
    modem = states.get(row.modem) if row.modem is not None and row.modem in states else None
    advice = words.advice(row)
    return {
        **alert_object(row, words),
        "state": "closed" if row.closed_at is not None else "recovering" if row.good_since is not None else "open",
        "modem_name": None if modem is None else modem.name or modem.modem,
        "group": None if modem is None else modem.group,
        "site": None if modem is None else modem.site or None,
        "hint": words.hint(row),
        "cause": advice.cause,
        "check": advice.check,
        "action": advice.action,
        "where": words.where(row) or None,
        "value": row.facts,
        "good_since": _time(row.good_since),
        "closed_at": _time(row.closed_at),
        "closed_by": row.closed_by or None,
        "lasts_s": round(((row.closed_at or now) - row.opened_at).total_seconds(), 3),
        "silenced": row.silenced_until is not None and row.silenced_until > now,
        "note": row.note,
        "muted": row.muted or None,
        "parent": row.parent,
        "visit": row.facts.get("visit"),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
