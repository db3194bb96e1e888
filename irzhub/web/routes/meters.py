"""`/api/v1/meters`: what stands behind the modems, as people entered it and as the hub hears it."""

from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.exceptions import UnknownMeter
from irzhub.fleet.meters import MeterDesk
from irzhub.storage.meters import MeterEdit, MeterLineRow, MeterRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import is_visible, read_modem
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_meters import LineAddresses, Meter, MeterChange, NewMeter
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_meters(request: web.Request) -> web.Response:
    """Answer the meters behind the modems that the caller may see."""
    desk, query = desks_of(request).meters, read_query(request, ListQuery)
    items = (_json(request, desk, row) for row in desk.meters() if is_visible(request, row.modem))
    return json_response(list_page(items, "id", query))


async def get_meter(request: web.Request) -> web.Response:
    """Answer one meter."""
    return _answer(request, _read(request))


async def add_meter(request: web.Request) -> web.Response:
    """Enter a meter behind a modem."""
    wanted = await read_body(request, NewMeter)
    _check_place(request, wanted.modem)
    row = await desks_of(request).meters.add(
        wanted.modem,
        type=wanted.type,
        serial=wanted.serial,
        address=wanted.address,
        comment=wanted.comment,
    )
    note_object(request, meter=row.id, modem=row.modem)
    note_change(request, None, _settings(row))
    return _answer(request, row, 201, {"Location": f"/api/v1/meters/{row.id}"})


async def edit_meter(request: web.Request) -> web.Response:
    """Change a meter, or move it to another modem."""
    edit, old = await read_body(request, MeterChange, _EDIT_MEDIA), _read(request)
    check_match(request, entity_tag(_settings(old)))
    changes = MeterEdit()
    for name in edit.model_fields_set:
        changes[name] = getattr(edit, name) or ""  # type: ignore[literal-required]  # the model's names are these
    if "modem" in changes:
        _check_place(request, changes["modem"])
    row = await desks_of(request).meters.edit(old.id, **changes)
    note_change(request, _settings(old), _settings(row))
    return _answer(request, row)


async def remove_meter(request: web.Request) -> web.Response:
    """Remove a meter; how it was read stays in the history."""
    row = _read(request)
    await desks_of(request).meters.remove(row.id)
    note_change(request, _settings(row), None)
    return web.Response(status=204)


async def list_line(request: web.Request) -> web.Response:
    """Answer every address of a modem's line: those that people entered and those that programs asked."""
    state, desk = read_modem(request), desks_of(request).meters
    heard = {row.address: row for row in desk.lines(state.modem)}
    asked: dict[str, tuple[int, int]] = {}
    for poll in desk.polls(desk.today(), state.modem) or ():
        before = asked.get(poll.address, (0, 0))
        asked[poll.address] = (before[0] + poll.asked, before[1] + poll.answered)
    addresses = dict.fromkeys([*(row.address for row in desk.meters(state.modem)), *heard])
    items = []
    for address in addresses:
        meter = desk.at(state.modem, address)
        today = asked.get(address, (0, 0))
        items.append(
            {
                "address": address,
                **_heard_json(heard.get(address)),
                "meter": None if meter is None else meter.id,
                "asked": today[0],
                "answered": today[1],
            }
        )
    return json_response({"items": items})


def meter_json(row: MeterRow) -> dict[str, Any]:
    """Return a meter as it stands in the object of its modem."""
    return {"id": row.id, **_settings(row)}


def _read(request: web.Request) -> MeterRow:
    try:
        row = desks_of(request).meters.meter(request.match_info["meter"])
    except UnknownMeter:
        row = None
    if row is None or not is_visible(request, row.modem):
        raise Problem(404, "unknown_meter", "there is no such meter")
    return row


def _check_place(request: web.Request, modem: str) -> None:
    if modem not in context_of(request).states or not is_visible(request, modem):
        message = "expected the id of a modem that is registered"
        raise Problem(422, "unknown_modem", message, errors=(FieldError("modem", message),))


def _json(request: web.Request, desk: MeterDesk, row: MeterRow) -> dict[str, Any]:
    states = context_of(request).states
    heard = {line.address: line for line in desk.lines(row.modem)}
    line = heard.get(row.address)
    if line is None and not row.address and len(heard) == 1:
        line = next(iter(heard.values()))
    return {
        "id": row.id,
        "modem": row.modem,
        "modem_name": states.get(row.modem).name if row.modem in states else "",
        "type": row.type,
        "serial": row.serial,
        "address": row.address,
        "comment": row.comment,
        **_heard_json(line),
        "created_at": format_time(row.created_at),
    }


def _heard_json(line: MeterLineRow | None) -> dict[str, Any]:
    if line is None:
        return dict.fromkeys(("protocol", "last_asked", "last_answered", "silent_since", "identity"))
    return {
        "protocol": line.protocol or None,
        "last_asked": format_time(line.last_asked),
        "last_answered": None if line.last_answered is None else format_time(line.last_answered),
        "silent_since": None if line.silent_since is None else format_time(line.silent_since),
        "identity": line.identity or None,
    }


def _settings(row: MeterRow) -> dict[str, Any]:
    return {
        "modem": row.modem,
        "type": row.type,
        "serial": row.serial,
        "address": row.address,
        "comment": row.comment,
    }


def _answer(
    request: web.Request, row: MeterRow, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    shown = _json(request, desks_of(request).meters, row)
    return json_response(shown, status, {"ETag": entity_tag(_settings(row)), **(headers or {})})


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The meter", model=Meter, headers=_ETAG)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/meters",
        name="list_meters",
        tag="meters",
        summary="Meters, page by page; `filter` searches type, serial number, address, comment and modem",
        handler=list_meters,
        answers={200: Answer(description="One page of meter objects", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/meters",
        name="add_meter",
        tag="meters",
        summary="Enter a meter behind a modem",
        handler=add_meter,
        answers={
            201: Answer(description="The meter", model=Meter, headers={**_ETAG, "Location": "where to read it again"})
        },
        errors=_BODY_ERRORS,
        body=NewMeter,
    ),
    Route(
        method="GET",
        path="/api/v1/meters/{meter}",
        name="get_meter",
        tag="meters",
        summary="One meter, and what the hub has heard of it",
        handler=get_meter,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/meters/{meter}",
        name="edit_meter",
        tag="meters",
        summary="Change a meter, or move it to another modem (JSON Merge Patch)",
        handler=edit_meter,
        answers={200: _ONE},
        errors=(404, 412, *_BODY_ERRORS),
        body=MeterChange,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="DELETE",
        path="/api/v1/meters/{meter}",
        name="remove_meter",
        tag="meters",
        summary="Remove a meter; how it was read stays in the history",
        handler=remove_meter,
        answers={204: no_content("It is removed")},
        errors=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/modems/{modem}/meters",
        name="list_line",
        tag="meters",
        summary="Every address of a modem's line, entered or heard, and how it was polled today",
        handler=list_line,
        answers={200: Answer(description="The addresses", model=LineAddresses)},
        errors=(404,),
    ),
)
