"""Whom messages reach: contacts, teams, duty rosters, calendars, ladders; and who has duty now."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.alerts.directory_desk import DirectoryDesk, EntryRefused
from irzhub.alerts.directory_entries import Kind
from irzhub.core.clock import format_time
from irzhub.storage.directory import DirectoryRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_references
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.listing import ListQuery, list_page
from irzhub.web.models_directory import (
    CalendarEdit,
    ContactEdit,
    DutyPage,
    DutyQuery,
    Entry,
    EntryPage,
    LadderEdit,
    RosterEdit,
    TeamEdit,
)
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Handler, Route, no_content

_NAME: Final = re.compile(r"\w[\w .-]{0,63}")
_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_EDITS: Final[dict[Kind, type[ContactEdit | TeamEdit | RosterEdit | CalendarEdit | LadderEdit]]] = {
    "contact": ContactEdit,
    "team": TeamEdit,
    "roster": RosterEdit,
    "calendar": CalendarEdit,
    "ladder": LadderEdit,
}


def _list(kind: Kind) -> Handler:
    async def list_entries(request: web.Request) -> web.Response:
        query, desk = read_query(request, ListQuery), _desk(request)
        rows = [row for row in desk.find(kind) if _sees(request, row)]
        return json_response(list_page((_json(desk, row) for row in rows), "name", query))

    return list_entries


def _get(kind: Kind) -> Handler:
    async def get_entry(request: web.Request) -> web.Response:
        return _answer(request, _read(request, kind))

    return get_entry


def _put(kind: Kind) -> Handler:
    async def put_entry(request: web.Request) -> web.Response:
        _check_whole(request)
        wanted = await read_body(request, _EDITS[kind])
        desk, name = _desk(request), request.match_info["name"]
        if _NAME.fullmatch(name) is None:
            raise Problem(422, "invalid_value", "expected a name of letters, digits, spaces and . -, at most 64")
        before = desk.get(kind, name)
        check_match(request, _tag(before))
        await check_references(request, organisation=wanted.organisation or None, site=None)
        entry = wanted.model_dump(exclude={"organisation"})
        try:
            row = await desk.put(kind, name, entry, wanted.organisation, request[IDENTITY].name)
        except EntryRefused as error:
            raise Problem(409, "not_possible", str(error)) from None
        note_object(request, **{kind: name})
        note_change(request, None if before is None else before.entry, entry)
        return _answer(request, row, 201 if before is None else 200)

    return put_entry


def _delete(kind: Kind) -> Handler:
    async def delete_entry(request: web.Request) -> web.Response:
        _check_whole(request)
        row, desk = _read(request, kind), _desk(request)
        check_match(request, _tag(row))
        if kind in ("contact", "team", "roster", "ladder") and (
            owners := desks_of(request).notifications.mentions(row.name)
        ):
            raise Problem(409, "in_use", f"{row.name} is told by the settings of {', '.join(owners[:5])}")
        try:
            await desk.delete(kind, row.name)
        except EntryRefused as error:
            raise Problem(409, "in_use", str(error)) from None
        note_object(request, **{kind: row.name})
        note_change(request, row.entry, None)
        return web.Response(status=204)

    return delete_entry


async def get_duty(request: web.Request) -> web.Response:
    """Answer who has duty now and in the days to come."""
    query, desk = read_query(request, DutyQuery), _desk(request)
    zone = desk.directory.zone
    now = context_of(request).clock.now().astimezone(zone)
    items = []
    for row in desk.find("roster"):
        roster = desk.directory.roster(row.name)
        if roster is None or not _sees(request, row):
            continue
        plan = roster.plan(now, now + timedelta(days=query.days))
        items.append(
            {
                "roster": row.name,
                "title": row.entry.get("title", ""),
                "now": list(roster.on_duty(now)),
                "until": format_time(plan[0][1]) if len(plan) > 1 else None,
                "plan": [
                    {"begins_at": format_time(begins), "ends_at": format_time(ends), "names": list(names)}
                    for begins, ends, names in plan
                ],
            }
        )
    return json_response({"items": items, "next": None})


def _desk(request: web.Request) -> DirectoryDesk:
    return desks_of(request).alerts.outreach.desk


def _sees(request: web.Request, row: DirectoryRow) -> bool:
    """Numbers and addresses are of who sees the whole hub, or of those to whose organisation they belong."""
    scope = request[IDENTITY].scope
    return scope.is_whole or (bool(row.organisation) and scope.covers_organisation(row.organisation))


def _check_whole(request: web.Request) -> None:
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "the directory is changed by who sees the whole hub")


def _read(request: web.Request, kind: Kind) -> DirectoryRow:
    row = _desk(request).get(kind, request.match_info["name"])
    if row is None or not _sees(request, row):
        raise Problem(404, f"unknown_{kind}", f"there is no {kind} of that name")
    return row


def _tag(row: DirectoryRow | None) -> str:
    return entity_tag(None if row is None else [row.entry, row.organisation])


def _json(desk: DirectoryDesk, row: DirectoryRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "organisation": row.organisation,
        **row.entry,
        "changed_at": format_time(row.changed_at),
        "changed_by": row.changed_by,
        "used_by": desk.directory.mentions(row.name),
    }


def _answer(request: web.Request, row: DirectoryRow, status: int = 200) -> web.Response:
    return json_response(_json(_desk(request), row), status, headers={"ETag": _tag(row)})


def _routes_of(kind: Kind, plural: str, article: str) -> Iterable[Route]:
    path, one, tag = f"/api/v1/{plural}", f"/api/v1/{plural}/{{name}}", "directory"
    entry = Answer(description=f"The {kind}", model=Entry, headers={"ETag": "of it, for `If-Match`"})
    yield Route(
        tag=tag,
        method="GET",
        path=path,
        name=f"list_{plural}",
        summary=f"The {plural}, by name",
        handler=_list(kind),
        answers={200: Answer(description="A page", model=EntryPage)},
        errors=(400,),
        query=ListQuery,
    )
    yield Route(
        tag=tag,
        method="GET",
        path=one,
        name=f"get_{kind}",
        summary=f"One {kind}",
        handler=_get(kind),
        answers={200: entry},
        errors=(404,),
    )
    yield Route(
        tag=tag,
        method="PUT",
        path=one,
        name=f"put_{kind}",
        summary=f"Add {article} {kind}, or replace it whole",
        handler=_put(kind),
        answers={200: entry, 201: entry},
        errors=(*_BODY_ERRORS, 409, 412),
        body=_EDITS[kind],
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    )
    yield Route(
        tag=tag,
        method="DELETE",
        path=one,
        name=f"delete_{kind}",
        summary=f"Remove {article} {kind} that nothing names",
        handler=_delete(kind),
        answers={204: no_content("Removed")},
        errors=(404, 409, 412),
        headers={"If-Match": "the `ETag` that was read"},
    )


ROUTES: Final = (
    *_routes_of("contact", "contacts", "a"),
    *_routes_of("team", "teams", "a"),
    *_routes_of("roster", "rosters", "a"),
    *_routes_of("calendar", "calendars", "a"),
    *_routes_of("ladder", "ladders", "a"),
    Route(
        method="GET",
        path="/api/v1/duty",
        name="get_duty",
        tag="directory",
        summary="Who has duty now and in the days to come, by each roster",
        handler=get_duty,
        answers={200: Answer(description="All rosters", model=DutyPage)},
        errors=(400,),
        query=DutyQuery,
    ),
)
