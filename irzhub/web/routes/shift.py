"""`/api/v1/shift` and `/api/v1/shift_log`: who is on watch, what happened, what the next one has to know."""

from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.alerts.shift_desk import ShiftDesk
from irzhub.core.clock import format_time
from irzhub.storage.incidents import count_closed
from irzhub.storage.shift_log import ShiftEntry
from irzhub.web.alert_view import find_alert
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.models_alerts import Remark
from irzhub.web.models_duty import (
    Handover,
    HandoverDraft,
    NewShiftEntry,
    ShiftEntryTold,
    ShiftLog,
    ShiftLogQuery,
    ShiftTold,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route

_DAY: Final = timedelta(days=1)
_FACTS: Final = ("visit", "open", "unacknowledged", "visits", "more")


async def get_shift(request: web.Request) -> web.Response:
    """Answer how the watch stands."""
    return await _answer(request, _desk(request))


async def edit_shift(request: web.Request) -> web.Response:
    """Keep the draft of what the next one has to know."""
    desk, edit = _desk(request), await read_body(request, HandoverDraft, _EDIT_MEDIA)
    await desk.write_draft(edit.handover_note)
    return await _answer(request, desk)


async def take_shift(request: web.Request) -> web.Response:
    """Go on watch."""
    desk = _desk(request)
    await read_body(request, Remark)
    before = desk.shift.holder
    await desk.take(request[IDENTITY].name)
    note_change(request, {"holder": before}, {"holder": desk.shift.holder})
    return await _answer(request, desk)


async def hand_over_shift(request: web.Request) -> web.Response:
    """End the watch: open alarms and the note are for the next one."""
    desk, said = _desk(request), await read_body(request, Handover)
    before = desk.shift
    await desk.hand_over(request[IDENTITY].name, before.draft if said.note is None else said.note)
    note_change(request, {"holder": before.holder}, {"holder": ""})
    return await _answer(request, desk)


async def list_shift_log(request: web.Request) -> web.Response:
    """Answer lines of the log, from new to old."""
    desk, query = _desk(request), read_query(request, ShiftLogQuery)
    entries = await desk.entries(since=query.since, before=query.cursor, limit=query.limit + 1)
    page = entries[: query.limit]
    following = page[-1].id if len(entries) > len(page) else None
    return json_response({"items": [entry_json(entry) for entry in page], "next": following})


async def write_shift_log(request: web.Request) -> web.Response:
    """Write a line into the log."""
    desk, wanted = _desk(request), await read_body(request, NewShiftEntry)
    if wanted.alert is not None and await find_alert(request, wanted.alert) is None:
        errors = (FieldError("alert", "expected the number of an alert"),)
        raise Problem(422, "invalid_value", "the body has a wrong alert", errors=errors)
    entry = await desk.write(request[IDENTITY].name, wanted.text, wanted.alert)
    return json_response(entry_json(entry), 201)


def entry_json(entry: ShiftEntry) -> dict[str, Any]:
    """Return a line of the log as REST shows it."""
    return {
        "id": entry.id,
        "at": format_time(entry.at),
        "by": entry.by,
        "kind": entry.kind,
        "alert": entry.incident,
        "text": entry.text,
        "taken_from": entry.facts.get("from") or None,
        **{name: entry.facts.get(name) for name in _FACTS},
    }


def _desk(request: web.Request) -> ShiftDesk:
    """Return the desk; its lines speak of everybody's modems.

    Raises:
        Problem: 403, the caller does not see the whole hub.
    """
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "the shift log is for who sees the whole hub")
    return desks_of(request).alerts.room.shift


async def _answer(request: web.Request, desk: ShiftDesk) -> web.Response:
    room, name, shift = desks_of(request).alerts.room, request[IDENTITY].name, desk.shift
    since = shift.since or context_of(request).clock.now() - _DAY
    closed = await context_of(request).store.read(lambda connection: count_closed(connection, since))
    mine = sum(name in (row.owner, row.acknowledged_by) for row in desks_of(request).alerts.incidents)
    return json_response(
        {
            "holder": shift.holder or None,
            "since": None if shift.since is None else format_time(shift.since),
            "handover_note": shift.draft,
            "last_handover": None if shift.last is None else entry_json(shift.last),
            **room.tally(),
            "mine": mine,
            "closed": closed,
        }
    )


_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_STANDS: Final = Answer(description="How the watch stands", model=ShiftTold)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/shift",
        name="get_shift",
        tag="shift",
        summary="Who is on watch, what is open, the draft for the next one",
        handler=get_shift,
        answers={200: _STANDS},
    ),
    Route(
        method="PATCH",
        path="/api/v1/shift",
        name="edit_shift",
        tag="shift",
        summary="Keep the draft of what the next one has to know",
        handler=edit_shift,
        answers={200: _STANDS},
        errors=_BODY_ERRORS,
        body=HandoverDraft,
        body_media=_EDIT_MEDIA,
    ),
    Route(
        method="POST",
        path="/api/v1/shift/take",
        name="take_shift",
        tag="shift",
        summary="Go on watch, in whose place ever",
        handler=take_shift,
        answers={200: _STANDS},
        errors=_BODY_ERRORS,
        body=Remark,
    ),
    Route(
        method="POST",
        path="/api/v1/shift/hand_over",
        name="hand_over_shift",
        tag="shift",
        summary="End the watch; what is open and the note are for the next one",
        handler=hand_over_shift,
        answers={200: _STANDS},
        errors=_BODY_ERRORS,
        body=Handover,
    ),
    Route(
        method="GET",
        path="/api/v1/shift_log",
        name="list_shift_log",
        tag="shift",
        summary="The shift log, from new to old",
        handler=list_shift_log,
        answers={200: Answer(description="One page", model=ShiftLog)},
        errors=(400,),
        query=ShiftLogQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/shift_log",
        name="write_shift_log",
        tag="shift",
        summary="Write a line into the log",
        handler=write_shift_log,
        answers={201: Answer(description="The line", model=ShiftEntryTold)},
        errors=_BODY_ERRORS,
        body=NewShiftEntry,
    ),
)
