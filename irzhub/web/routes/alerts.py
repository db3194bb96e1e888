"""`/api/v1/alerts`: what is wrong, what was, and what people do about it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.alerts.incident_desk import IncidentDesk, NotOpen
from irzhub.storage.incidents import IncidentRow, MemberRow
from irzhub.web.alert_detail import alert_detail, member_json, to_csv
from irzhub.web.alert_ladder import why_nobody_climbs
from irzhub.web.alert_list import find_alerts
from irzhub.web.alert_view import alert_json, check_whole_alert, find_alert, members_of, read_alert, words_of
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.models_alerts import (
    Acknowledged,
    Alert,
    AlertEdit,
    AlertModemQuery,
    AlertModems,
    AlertPage,
    AlertQuery,
    Comment,
    ManyAlerts,
    OneAlert,
    Remark,
    Silence,
)
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
Deed = Callable[[IncidentDesk, int, str], IncidentRow]


async def list_alerts(request: web.Request) -> web.Response:
    """Answer one page of alerts, from new to old."""
    query, words = read_query(request, AlertQuery), words_of(request)
    states, now = context_of(request).states, context_of(request).clock.now()
    page = await find_alerts(request, query, words)
    return json_response(
        {
            "items": [alert_json(row, words, states, now) for row in page.rows],
            "next": None if page.next is None else str(page.next),
            "total": page.total,
        }
    )


async def get_alert(request: web.Request) -> web.Response:
    """Answer one alert with all about it."""
    row = await read_alert(request)
    detail = await alert_detail(request, row, await members_of(request, row))
    return json_response({**_object(request, row), **detail}, headers={"ETag": entity_tag(_settings(row))})


async def list_alert_modems(request: web.Request) -> web.Response:
    """Answer the modems of an alert, as JSON or as a table for the operator of the network."""
    row, query, language = await read_alert(request), read_query(request, AlertModemQuery), words_of(request).language
    members = await members_of(request, row)
    if row.modem is not None:
        members = [MemberRow(row.number, row.modem, row.opened_at, row.good_since, str(row.facts.get("detail", "")))]
    if query.away is not None:
        members = [member for member in members if (member.returned_at is None) == query.away]
    if query.format == "csv":
        body = to_csv([member_json(request, member, language) for member in members])
        name = {"Content-Disposition": f'attachment; filename="alert-{row.number}.csv"'}
        return web.Response(body=body, headers={"Content-Type": "text/csv; charset=utf-8", **name})
    start = query.cursor or 0
    page = members[start : start + query.limit]
    following = start + len(page)
    return json_response(
        {
            "items": [member_json(request, member, language) for member in page],
            "next": str(following) if following < len(members) else None,
            "total": len(members),
        }
    )


async def acknowledge_alert(request: web.Request) -> web.Response:
    """Have it in hand: nobody is called any more."""
    said = await read_body(request, Remark)
    return await _do(request, lambda desk, number, by: desk.acknowledge(number, by, said.note))


async def acknowledge_alerts(request: web.Request) -> web.Response:
    """Have several in hand at once; those that are not open, or not the caller's to see, are named."""
    wanted, desk = await read_body(request, ManyAlerts), desks_of(request).alerts.desk
    own = []
    for number in dict.fromkeys(wanted.alerts):
        row = await find_alert(request, number)
        if row is not None:
            check_whole_alert(request, row)
            own.append(number)
    done, _ = desk.acknowledge_many(own, request[IDENTITY].name, wanted.note)
    await desk.settle()
    note_object(request, alerts=done)
    missing = [number for number in dict.fromkeys(wanted.alerts) if number not in done]
    return json_response({"acknowledged": done, "not_open": missing})


async def unacknowledge_alert(request: web.Request) -> web.Response:
    """Take an acknowledgement back."""
    said = await read_body(request, Remark)
    return await _do(request, lambda desk, number, by: desk.unacknowledge(number, by, said.note))


async def silence_alert(request: web.Request) -> web.Response:
    """Say nothing more of it for a while, or speak again."""
    wanted = await read_body(request, Silence)
    now = context_of(request).clock.now()
    until = None if wanted.for_s is None else now + timedelta(seconds=wanted.for_s)
    return await _do(request, lambda desk, number, by: desk.silence(number, by, until, wanted.note))


async def comment_alert(request: web.Request) -> web.Response:
    """Write a line beside it."""
    said = await read_body(request, Comment)
    return await _do(request, lambda desk, number, by: desk.comment(number, by, said.text))


async def escalate_alert(request: web.Request) -> web.Response:
    """Pass it on to the next step of its ladder, now; where that would reach nobody, nothing is noted."""
    said = await read_body(request, Remark)
    row = await read_alert(request)
    check_whole_alert(request, row)
    if row.closed_at is None and (why := await why_nobody_climbs(request, row)) is not None:
        raise why
    return await _do(request, lambda desk, number, by: desk.escalate(number, by, said.note))


async def close_alert(request: web.Request) -> web.Response:
    """End it by hand."""
    said = await read_body(request, Remark)
    return await _do(request, lambda desk, number, by: desk.close(number, by, said.note))


async def edit_alert(request: web.Request) -> web.Response:
    """Say whose business it is, and what stands beside it."""
    row, edit = await read_alert(request), await read_body(request, AlertEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(_settings(row)))

    def deed(desk: IncidentDesk, number: int, by: str) -> IncidentRow:
        changed = row
        if "owner" in edit.model_fields_set:
            changed = desk.assign(number, by, edit.owner or "")
        if "note" in edit.model_fields_set:
            changed = desk.write_note(number, by, edit.note or "")
        return changed

    return await _do(request, deed)


async def _do(request: web.Request, deed: Deed) -> web.Response:
    """Do something about the alert that the path names, and answer how it stands then."""
    row, desk = await read_alert(request), desks_of(request).alerts.desk
    check_whole_alert(request, row)
    try:
        changed = deed(desk, row.number, request[IDENTITY].name)
    except NotOpen as error:
        raise Problem(409, "not_open", str(error)) from None
    await desk.settle()
    note_change(request, _settings(row), _settings(changed))
    seen = await find_alert(request, changed.number) or changed
    return json_response(_object(request, seen), headers={"ETag": entity_tag(_settings(seen))})


def _object(request: web.Request, row: IncidentRow) -> dict[str, Any]:
    return alert_json(row, words_of(request), context_of(request).states, context_of(request).clock.now())


def _settings(row: IncidentRow) -> dict[str, Any]:
    """Return what people set of an alert."""
    return {
        "owner": row.owner,
        "note": row.note,
        "acknowledged_by": row.acknowledged_by,
        "silenced_until": row.silenced_until and row.silenced_until.isoformat(),
        "closed_by": row.closed_by,
    }


_PATH: Final = "/api/v1/alerts/{alert}"
_BODY_ERRORS: Final = (400, 404, 408, 409, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set of it, for `If-Match`"}
_ONE: Final = Answer(description="How it stands now", model=Alert, headers=_ETAG)


def _deed(name: str, verb: str, summary: str, handler: Any, body: Any = Remark) -> Route:
    return Route(
        method="POST",
        path=f"{_PATH}/{verb}",
        name=name,
        tag="alerts",
        summary=summary,
        handler=handler,
        answers={200: _ONE},
        errors=_BODY_ERRORS,
        body=body,
    )


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/alerts",
        name="list_alerts",
        tag="alerts",
        summary="What is wrong, or was, from new to old",
        handler=list_alerts,
        answers={200: Answer(description="One page", model=AlertPage)},
        errors=(400,),
        query=AlertQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/alerts/acknowledge",
        name="acknowledge_alerts",
        tag="alerts",
        summary="Have several in hand at once",
        handler=acknowledge_alerts,
        answers={200: Answer(description="Which were acknowledged", model=Acknowledged)},
        errors=(400, 408, 413, 415, 422),
        body=ManyAlerts,
    ),
    Route(
        method="GET",
        path=_PATH,
        name="get_alert",
        tag="alerts",
        summary="One alert: evidence, course, what was done, who was told",
        handler=get_alert,
        answers={200: Answer(description="The alert", model=OneAlert, headers=_ETAG)},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path=_PATH,
        name="edit_alert",
        tag="alerts",
        summary="Say whose business it is, and what stands beside it (JSON Merge Patch)",
        handler=edit_alert,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 412),
        body=AlertEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="GET",
        path=f"{_PATH}/modems",
        name="list_alert_modems",
        tag="alerts",
        summary="The modems of an alert with their SIM cards and addresses, also as a table for the operator",
        handler=list_alert_modems,
        answers={200: Answer(description="One page", model=AlertModems, also=("text/csv",))},
        errors=(400, 404),
        query=AlertModemQuery,
    ),
    _deed("acknowledge_alert", "acknowledge", "Have it in hand: repeats and escalation stop", acknowledge_alert),
    _deed("unacknowledge_alert", "unacknowledge", "Take an acknowledgement back", unacknowledge_alert),
    _deed("silence_alert", "silence", "Say nothing more of it for a while, or speak again", silence_alert, Silence),
    _deed("comment_alert", "comments", "Write a line beside it", comment_alert, Comment),
    _deed("escalate_alert", "escalate", "Pass it on to the next step of its ladder", escalate_alert),
    _deed("close_alert", "close", "End it by hand; what is still bad begins another one", close_alert),
)
