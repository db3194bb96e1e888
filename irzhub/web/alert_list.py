"""Pages of alerts: the open ones from memory, the closed ones behind them from the disk."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from aiohttp import web

from irzhub.alerts.incident_kinds import COMMON_CAUSE
from irzhub.alerts.incident_words import Words
from irzhub.core.groups import is_within
from irzhub.core.state import StateStore
from irzhub.storage.incidents import IncidentRow, list_closed, load_members
from irzhub.web.alert_view import closed_rows, open_rows
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.models_alerts import AlertQuery

Test: TypeAlias = Callable[[IncidentRow], bool]
_GRADES: Final = ("info", "warning", "alarm")
_BATCH: Final = 500
_MOST_BATCHES: Final = 40
"""So much of the past is looked through for one page; the next page goes on behind it."""


@dataclass(frozen=True, slots=True)
class AlertRows:
    """One page: its rows from new to old, the number behind which the next one begins, and how many there are."""

    rows: list[IncidentRow]
    next: int | None
    total: int | None


async def find_alerts(request: web.Request, query: AlertQuery, words: Words) -> AlertRows:
    """Return one page of what the caller asks for and may see."""
    past: dict[int, list[str]] = {}
    test = _test_of(request, query, words, past)
    rows: list[IncidentRow] = []
    total = None
    if query.state != "closed":
        matching = [row for row in open_rows(request) if test(row)]
        total = len(matching) if query.state == "open" else None
        rows = [row for row in matching if query.cursor is None or row.number < query.cursor]
    if query.state == "open":
        following = rows[query.limit - 1].number if len(rows) > query.limit else None
        return AlertRows(rows[: query.limit], following, total)
    return await _with_closed(request, query, rows, test, past)


async def _with_closed(
    request: web.Request, query: AlertQuery, open_: list[IncidentRow], test: Test, past: dict[int, list[str]]
) -> AlertRows:
    """Mix the closed ones in by number; what lies behind the last that was looked at is the next page's."""
    found, before, reached = list(open_), query.cursor, 0
    store, has_all = context_of(request).store, False
    kinds = (query.kind or "").split(",")
    for _ in range(_MOST_BATCHES):
        read = partial(
            list_closed,
            since=query.since,
            before=before,
            modem=query.modem,
            kind=kinds[0] if query.kind and len(kinds) == 1 else None,
            limit=_BATCH,
        )
        batch = await store.read(read)
        if query.group is not None:
            causes = [row.number for row in batch if row.kind == COMMON_CAUSE]
            for member in await store.read(partial(load_members, numbers=causes)):
                past.setdefault(member.incident, []).append(member.modem)
        found += [row for row in await closed_rows(request, batch) if test(row)]
        has_all = len(batch) < _BATCH
        reached = 0 if has_all else batch[-1].number
        if has_all or sum(row.number >= reached for row in found) > query.limit:
            break
        before = reached
    found = sorted((row for row in found if row.number >= reached), key=lambda row: -row.number)
    page = found[: query.limit]
    if len(found) > len(page):
        return AlertRows(page, page[-1].number, None)
    return AlertRows(page, None if has_all else reached, None)


def _test_of(request: web.Request, query: AlertQuery, words: Words, past: dict[int, list[str]]) -> Test:
    """Return whether an incident is asked for; `past` has the modems of causes that are over, by their number."""
    tests: list[Test] = []
    if not query.muted:
        tests.append(lambda row: row.is_told)
    tests.append(lambda row: row.parent == query.parent)
    if query.acknowledged is not None:
        tests.append(lambda row: bool(row.acknowledged_by) == query.acknowledged)
    if query.kind is not None:
        kinds = frozenset(kind.strip() for kind in query.kind.split(","))
        tests.append(lambda row: row.kind in kinds)
    if query.severity is not None:
        least = _GRADES.index(query.severity)
        tests.append(lambda row: _GRADES.index(row.severity) >= least)
    if query.owner is not None:
        tests.append(lambda row: row.owner == query.owner)
    if query.mine is not None:
        name = request[IDENTITY].name
        tests.append(lambda row: (name in (row.owner, row.acknowledged_by)) == query.mine)
    if query.since is not None:
        since = query.since
        tests.append(lambda row: row.closed_at is None or row.closed_at >= since)
    if query.until is not None:
        until = query.until
        tests.append(lambda row: row.opened_at < until)
    tests += _tests_of_modems(request, query, words, past)
    return lambda row: all(test(row) for test in tests)


def _tests_of_modems(request: web.Request, query: AlertQuery, words: Words, past: dict[int, list[str]]) -> list[Test]:
    states, incidents = context_of(request).states, desks_of(request).alerts.incidents
    tests: list[Test] = []

    def members(row: IncidentRow) -> list[str]:
        if row.closed_at is not None:
            return past.get(row.number, [])
        return [member.modem for member in incidents.members_of(row.number)]

    if query.modem is not None:
        # The disk has asked for closed ones already, with the causes that the modem belonged to.
        tests.append(lambda row: row.closed_at is not None or row.modem == query.modem or query.modem in members(row))
    if query.group is not None:
        group = query.group.strip("/ ")

        def in_group(row: IncidentRow) -> bool:
            if row.kind == COMMON_CAUSE:
                return any(_is_in(states, modem, group) for modem in members(row))
            return row.modem is not None and _is_in(states, row.modem, group)

        tests.append(in_group)
    if asked := (query.filter or "").casefold().split():

        def has_words(row: IncidentRow) -> bool:
            text = f"{row.number} {words.title(row)} {words.hint(row)} {row.subject}".casefold()
            return all(word in text for word in asked)

        tests.append(has_words)
    return tests


def _is_in(states: StateStore, modem: str, group: str) -> bool:
    return modem in states and is_within(states.get(modem).group, group)
