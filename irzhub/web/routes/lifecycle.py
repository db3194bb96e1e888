"""How modems come and go: made in advance, approved or turned away, deleted, replaced, disconnected."""

import dataclasses
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.fleet.lifecycle import CannotDo
from irzhub.storage.former_modems import FormerModem as FormerRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_place, check_references
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import read_known_modem, read_modem
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models import Modem
from irzhub.web.models_fleet import DeleteQuery, NewModem, ReplaceRequest
from irzhub.web.modem_json import edit_tag, modem_json
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content


async def create_modem(request: web.Request) -> web.Response:
    """Register a modem before it dials in: its port is open at once."""
    wanted, desks = await read_body(request, NewModem), desks_of(request)
    await check_references(request, organisation=wanted.organisation, site=wanted.site)
    check_place(request, organisation=wanted.organisation or "", group=wanted.group)
    if wanted.driver == "irz" and not (wanted.imei.isdigit() and 14 <= len(wanted.imei) <= 17):
        text = "expected an IMEI of 14 to 17 digits"
        raise Problem(422, "invalid_value", text, errors=(FieldError("imei", text),))
    channel = wanted.channel if wanted.driver == "irz" else None
    modem = wanted.imei if channel is None else f"{wanted.imei}_{channel}"
    note_object(request, modem=modem)
    row = dataclasses.replace(
        desks.lifecycle.registrar.new_row(modem, wanted.imei, channel, wanted.driver),
        port=wanted.port or 0,
        name=wanted.name,
        group=wanted.group,
        organisation=wanted.organisation or "",
        site=wanted.site or "",
        phone_sim1=wanted.phone_sim1 or "",
        phone_sim2=wanted.phone_sim2 or "",
        comment=wanted.comment,
    )
    try:
        await desks.lifecycle.create(row)
    except CannotDo as error:
        raise Problem(409, error.code, str(error)) from None
    note_change(request, None, wanted.model_dump())
    return _modem_answer(request, modem, 201)


async def delete_modem(request: web.Request) -> web.Response:
    """Forget a modem: its session ends, its topics are cleared, its history stays."""
    modem, query = read_modem(request).modem, read_query(request, DeleteQuery)
    row = desks_of(request).groups.registry.get(modem)
    before = {"name": row.name, "group": row.group, "port": row.port, "organisation": row.organisation}
    await desks_of(request).lifecycle.delete(
        modem, by=request[IDENTITY].name, keeps_port=query.port == "keep", is_blocked=query.again == "block"
    )
    note_change(request, before, None)
    return web.Response(status=204)


async def approve_modem(request: web.Request) -> web.Response:
    """Let a modem in that waits in quarantine."""
    modem = _read_waiting(request)
    try:
        await desks_of(request).lifecycle.approve(modem)
    except CannotDo as error:
        raise Problem(409, error.code, str(error)) from None
    return _modem_answer(request, modem)


async def reject_modem(request: web.Request) -> web.Response:
    """Turn a modem that waits in quarantine away for good."""
    await desks_of(request).lifecycle.reject(_read_waiting(request), request[IDENTITY].name)
    return web.Response(status=204)


async def replace_modem(request: web.Request) -> web.Response:
    """Put another modem in this one's place: port, name, inputs, group, site, meters and history stay."""
    state, wanted = read_modem(request), await read_body(request, ReplaceRequest)
    new = wanted.imei if state.channel is None else f"{wanted.imei}_{state.channel}"
    states, scope = context_of(request).states, request[IDENTITY].scope
    if new in states and not scope.covers(states.get(new).organisation, states.get(new).group):
        raise Problem(409, "in_use", "the new modem is registered already")
    note_object(request, new=new)
    try:
        await desks_of(request).lifecycle.replace(
            state.modem, new, wanted.imei, by=request[IDENTITY].name, discard=wanted.discard
        )
    except CannotDo as error:
        raise Problem(409, error.code, str(error)) from None
    note_change(request, {"modem": state.modem}, {"modem": new})
    return _modem_answer(request, new)


async def kick_modem(request: web.Request) -> web.Response:
    """End the session of a modem; it dials in again by itself."""
    if not desks_of(request).lifecycle.kick(read_modem(request).modem):
        raise Problem(409, "modem_away", "the modem is not connected")
    return web.Response(status=204)


async def list_quarantine(request: web.Request) -> web.Response:
    """Answer the modems that wait for approval; they belong to nobody, so only who sees the whole hub sees them."""
    query = read_query(request, ListQuery)
    waiting = desks_of(request).groups.registry.quarantined() if request[IDENTITY].scope.is_whole else []
    items = (
        {
            "modem": each.modem,
            "imei": each.imei,
            "channel": each.channel,
            "peer": each.peer,
            "reason": each.reason,
            "first_seen": format_time(each.first_seen),
            "last_seen": format_time(each.last_seen),
            "tries": each.tries,
            "model": each.model,
        }
        for each in waiting
    )
    return json_response(list_page(items, "modem", query))


async def list_former_modems(request: web.Request) -> web.Response:
    """Answer the modems that are no more, with the ports that wait for them."""
    query = read_query(request, ListQuery)
    rows = desks_of(request).groups.registry.all_former() if request[IDENTITY].scope.is_whole else []
    return json_response(list_page(map(_former_json, rows), "modem", query))


async def forget_former_modem(request: web.Request) -> web.Response:
    """Free the port of a former modem, and let it come again."""
    is_whole = request[IDENTITY].scope.is_whole
    if not is_whole or not await desks_of(request).lifecycle.unblock(request.match_info["modem"]):
        raise Problem(404, "unknown_modem", "no such modem is kept here")
    return web.Response(status=204)


def _former_json(row: FormerRow) -> dict[str, Any]:
    return {
        "modem": row.modem,
        "at": format_time(row.at),
        "reason": row.reason,
        "by": row.by,
        "name": row.name,
        "port": row.port,
        "blocked": row.is_blocked,
        "replaced_by": row.replaced_by,
    }


def _read_waiting(request: web.Request) -> str:
    state = read_known_modem(request)
    if state.link != "quarantined":
        raise Problem(409, "not_waiting", "this modem does not wait for approval")
    return state.modem


def _modem_answer(request: web.Request, modem: str, status: int = 200) -> web.Response:
    context = context_of(request)
    state = context.states.get(modem)
    headers = {"ETag": edit_tag(state, context.registry), "Location": f"/api/v1/modems/{modem}"}
    return json_response(modem_json(state, context.registry, request.remote), status, headers)


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_MADE: Final = {"ETag": "of what people set, for `If-Match`", "Location": "the modem"}
_PATH: Final = "/api/v1/modems/{modem}"

ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/modems",
        name="create_modem",
        tag="modems",
        summary="Register a modem before it dials in",
        handler=create_modem,
        answers={201: Answer(description="Registered; its port is open", model=Modem, headers=_MADE)},
        errors=(*_BODY_ERRORS, 409),
        body=NewModem,
    ),
    Route(
        method="DELETE",
        path=_PATH,
        name="delete_modem",
        tag="modems",
        summary="Forget a modem; its history stays",
        handler=delete_modem,
        answers={204: no_content("Deleted")},
        errors=(400, 404),
        query=DeleteQuery,
    ),
    Route(
        method="POST",
        path=f"{_PATH}/approve",
        name="approve_modem",
        tag="modems",
        summary="Let a modem in that waits for approval",
        handler=approve_modem,
        answers={200: Answer(description="Registered; it is connected when it next dials in", model=Modem)},
        errors=(404, 409),
    ),
    Route(
        method="POST",
        path=f"{_PATH}/reject",
        name="reject_modem",
        tag="modems",
        summary="Turn a modem that waits for approval away for good",
        handler=reject_modem,
        answers={204: no_content("Turned away")},
        errors=(404, 409),
    ),
    Route(
        method="POST",
        path=f"{_PATH}/replace",
        name="replace_modem",
        tag="modems",
        summary="Put another modem in this one's place, with its port and history",
        handler=replace_modem,
        answers={200: Answer(description="The modem that took the place", model=Modem, headers=_MADE)},
        errors=(*_BODY_ERRORS, 404, 409),
        body=ReplaceRequest,
    ),
    Route(
        method="POST",
        path=f"{_PATH}/kick",
        name="kick_modem",
        tag="modems",
        summary="End the session of a modem; it dials in again",
        handler=kick_modem,
        answers={204: no_content("Its session ends")},
        errors=(404, 409),
    ),
    Route(
        method="GET",
        path="/api/v1/quarantine",
        name="list_quarantine",
        tag="modems",
        summary="Modems that wait for approval",
        handler=list_quarantine,
        answers={200: Answer(description="One page of QuarantinedModem objects", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/former_modems",
        name="list_former_modems",
        tag="modems",
        summary="Modems that were deleted, replaced or turned away",
        handler=list_former_modems,
        answers={200: Answer(description="One page of FormerModem objects", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="DELETE",
        path="/api/v1/former_modems/{modem}",
        name="forget_former_modem",
        tag="modems",
        summary="Free a former modem's port and let it come again",
        handler=forget_former_modem,
        answers={204: no_content("Forgotten")},
        errors=(404,),
    ),
)
