"""`/api/v1/sms`, `/calls`, `/gsm_modems`: what goes out through the hub's own GSM modems, and what came in."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.services import (
    GSM_MODEMS,
    PHONE_CANCEL,
    PHONE_REQUEST,
    GsmModemList,
    GsmModemView,
    PhoneCancel,
    PhoneRequest,
)
from irzhub.storage.phone import (
    PhoneOrder,
    PhoneReceived,
    count_waiting_phone_orders,
    get_phone_order,
    page_phone_orders,
    page_phone_received,
)
from irzhub.web import models_phone as models
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.fleet_view import is_visible
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.said import said_json

Kind: TypeAlias = Literal["sms", "call"]

_URGENCIES: Final = ("now", "soon", "background")
_PATHS: Final[dict[str, str]] = {"sms": "sms", "call": "calls"}
_SCANS: Final = 20
"""How many pages of a table are looked through for one page of what the caller may see."""


async def send_sms(request: web.Request) -> web.Response:
    """Put an SMS into the queue."""
    wanted = await read_body(request, models.NewSms)
    order = await _taken(
        request, wanted, kind="sms", text=wanted.text, wants_report=wanted.wants_report, length=len(wanted.text)
    )
    return _answer(order, 202)


async def place_call(request: web.Request) -> web.Response:
    """Put a call into the queue."""
    wanted = await read_body(request, models.NewCall)
    return _answer(await _taken(request, wanted, kind="call", ring_s=wanted.ring_s), 202)


async def list_sms(request: web.Request) -> web.Response:
    """Answer one page of SMS that go out."""
    return await _orders(request, "sms")


async def list_calls(request: web.Request) -> web.Response:
    """Answer one page of calls that go out."""
    return await _orders(request, "call")


async def get_sms(request: web.Request) -> web.Response:
    """Answer one SMS."""
    return _answer(await _read_order(request, "sms"))


async def get_call(request: web.Request) -> web.Response:
    """Answer one call."""
    return _answer(await _read_order(request, "call"))


async def cancel_sms(request: web.Request) -> web.Response:
    """Call an SMS off."""
    return await _cancel(request, "sms")


async def cancel_call(request: web.Request) -> web.Response:
    """Call a call off."""
    return await _cancel(request, "call")


async def list_received_sms(request: web.Request) -> web.Response:
    """Answer one page of SMS that came in."""
    return await _received(request, "sms")


async def list_received_calls(request: web.Request) -> web.Response:
    """Answer one page of calls that came in."""
    return await _received(request, "call")


async def list_gsm_modems(request: web.Request) -> web.Response:
    """Answer how the hub's own GSM modems are; they belong to the hub, so only who sees all of it sees them."""
    context = context_of(request)
    if not request[IDENTITY].scope.is_whole or not context.services.offers(GSM_MODEMS):
        return json_response({"items": [], "waiting": 0})
    views = await context.services.call(GSM_MODEMS, GsmModemList())
    waiting = await context.store.read(count_waiting_phone_orders)
    return json_response({"items": [_modem_json(view) for view in views], "waiting": waiting})


def order_json(row: PhoneOrder) -> dict[str, Any]:
    """Return the SMS or call object of REST."""
    own = (
        {"text": row.text, "sent_at": None if row.sent_at is None else format_time(row.sent_at)}
        if row.kind == "sms"
        else {"ring_s": row.ring_s}
    )
    return {
        "id": row.id,
        "to": row.number,
        "modem": row.modem,
        "origin": row.origin,
        "urgency": _URGENCIES[row.priority],
        "status": row.status,
        "attempts": row.attempts,
        "may_repeat": row.may_repeat,
        "by": row.by or None,
        "created_at": format_time(row.created_at),
        "expires_at": None if row.expires_at is None else format_time(row.expires_at),
        "finished_at": None if row.finished_at is None else format_time(row.finished_at),
        "error": row.error,
        "error_said": said_json(row.error),
        **own,
    }


def received_json(row: PhoneReceived) -> dict[str, Any]:
    """Return the object of an SMS or call that came in."""
    own = {
        "text": row.text,
        "is_complete": row.is_complete,
        "sent_at": None if row.sent_at is None else format_time(row.sent_at),
    }
    return {
        "id": row.id,
        "number": row.number,
        "modem": row.modem,
        "by": row.by,
        "received_at": format_time(row.received_at),
        **(own if row.kind == "sms" else {}),
    }


def _modem_json(view: GsmModemView) -> dict[str, Any]:
    told = dataclasses.asdict(view)
    for name in ("balance_at", "last_error_at", "observed_at"):
        told[name] = None if told[name] is None else format_time(told[name])
    told |= {f"{name}_said": said_json(told[name]) for name in ("detail", "last_error")}
    return {**told, "rssi_dbm": None if view.csq is None else -113 + 2 * view.csq}


async def _taken(
    request: web.Request, wanted: models.NewSms | models.NewCall, *, kind: Kind, length: int | None = None, **about: Any
) -> PhoneOrder:
    """Have the integration take an order; return it as it is stored."""
    context, identity = context_of(request), request[IDENTITY]
    if not context.services.offers(PHONE_REQUEST):
        raise Problem(409, "no_gsm_modem", "the hub has no GSM modem: set up integrations.gsm_modem in irzhub.yaml")
    request_ = PhoneRequest(
        kind=kind,
        to=_number(request, wanted.to, wanted.modem),
        modem=wanted.modem,
        origin=identity.origin,
        urgency=wanted.urgency,
        expires_at=context.clock.now() + timedelta(seconds=wanted.expires_in),
        **about,
    )
    taken = await context.services.call(PHONE_REQUEST, request_)
    if taken.order is None:
        text = taken.error or "the number cannot be reached"
        raise Problem(422, "number_refused", text, errors=(FieldError("to", text),))
    row = await context.store.read(partial(get_phone_order, id_=taken.order))
    assert row is not None, "an order that was taken is stored"
    # What it says may be a control SMS with a password, so the audit keeps its length alone.
    note_change(request, None, {"order": row.id, "to": row.number, "modem": row.modem, "length": length})
    return row


def _number(request: web.Request, to: str | None, modem: str | None) -> str:
    """Return who is to be reached: whoever sees part of the hub reaches its modems only, at their own numbers."""
    context = context_of(request)
    if modem is not None and (modem not in context.states or not is_visible(request, modem)):
        text = "no such modem is known here"
        raise Problem(422, "unknown_modem", text, errors=(FieldError("modem", text),))
    if to is not None:
        if not request[IDENTITY].scope.is_whole:
            raise Problem(403, "beyond_own_scope", "other numbers than those of modems are for who sees the whole hub")
        return to
    assert modem is not None, "the body names a number or a modem"
    row = context.registry.get(modem)
    if not (number := row.phone_sim1 or row.phone_sim2):
        text = "the number of its SIM card is not known"
        raise Problem(422, "no_number", text, errors=(FieldError("to", text),))
    return number


async def _cancel(request: web.Request, kind: Kind) -> web.Response:
    row = await _read_order(request, kind)
    context = context_of(request)
    if not await context.services.call(PHONE_CANCEL, PhoneCancel(order=row.id)):
        raise Problem(409, "conflict", f"it is {row.status}: only what waits can be called off")
    note_change(request, {"status": row.status}, {"status": "cancelled"})
    ended = await context.store.read(partial(get_phone_order, id_=row.id))
    return _answer(row if ended is None else ended)


async def _read_order(request: web.Request, kind: Kind) -> PhoneOrder:
    row = await context_of(request).store.read(partial(get_phone_order, id_=request.match_info["id"]))
    if row is None or row.kind != kind or not _may_see(request, row):
        raise Problem(404, "unknown_order", "no such SMS or call, or it is long over")
    return row


async def _orders(request: web.Request, kind: Kind) -> web.Response:
    query = read_query(request, models.OrderQuery)
    read = partial(page_phone_orders, kind=kind, status=query.status, modem=query.modem, limit=query.limit)
    return json_response(await _page(request, query, read, order_json))


async def _received(request: web.Request, kind: Kind) -> web.Response:
    query = read_query(request, models.ReceivedQuery)
    read = partial(page_phone_received, kind=kind, modem=query.modem, limit=query.limit)
    return json_response(await _page(request, query, read, received_json))


async def _page(
    request: web.Request, query: models.ReceivedQuery, read: Callable[..., Sequence[Any]], shown: Callable[..., Any]
) -> dict[str, Any]:
    store, before, found = context_of(request).store, query.cursor, list[Any]()
    for _ in range(_SCANS):
        rows = await store.read(partial(read, before=before))
        for row in rows:
            before = row.id
            if _may_see(request, row):
                found.append(shown(row))
            if len(found) == query.limit:
                return {"items": found, "next": before}
        if len(rows) < query.limit:
            return {"items": found, "next": None}
    return {"items": found, "next": before}


def _may_see(request: web.Request, row: PhoneOrder | PhoneReceived) -> bool:
    """What is a person's, or a stranger's, is seen with the whole hub only."""
    return request[IDENTITY].scope.is_whole or (row.modem is not None and is_visible(request, row.modem))


def _answer(row: PhoneOrder, status: int = 200) -> web.Response:
    headers = {"Location": f"/api/v1/{_PATHS[row.kind]}/{row.id}"} if status == 202 else {}
    return json_response(order_json(row), status, headers)


_LOCATION: Final = {"Location": "where to read it again"}
_BODY_ERRORS: Final = (400, 403, 408, 409, 413, 415, 422, 503)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/sms",
        name="list_sms",
        tag="sms",
        summary="SMS that go out through the hub's GSM modems, the newest first; `status=queued` is the queue",
        handler=list_sms,
        answers={200: Answer(description="One page", model=models.SmsPage)},
        errors=(400,),
        query=models.OrderQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/sms",
        name="send_sms",
        tag="sms",
        summary="Send an SMS to a person or a modem; it waits until a GSM modem takes it",
        handler=send_sms,
        answers={202: Answer(description="Taken", model=models.Sms, headers=_LOCATION)},
        errors=_BODY_ERRORS,
        body=models.NewSms,
    ),
    Route(
        method="GET",
        path="/api/v1/sms/{id}",
        name="get_sms",
        tag="sms",
        summary="An SMS and what became of it",
        handler=get_sms,
        answers={200: Answer(description="The SMS", model=models.Sms)},
        errors=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/sms/{id}/cancel",
        name="cancel_sms",
        tag="sms",
        summary="Call off an SMS that waits",
        handler=cancel_sms,
        answers={200: Answer(description="The SMS as it ended", model=models.Sms)},
        errors=(404, 409, 503),
    ),
    Route(
        method="GET",
        path="/api/v1/received_sms",
        name="list_received_sms",
        tag="sms",
        summary="SMS that came in, the newest first",
        handler=list_received_sms,
        answers={200: Answer(description="One page", model=models.ReceivedSmsPage)},
        errors=(400,),
        query=models.ReceivedQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/calls",
        name="list_calls",
        tag="calls",
        summary="Calls that go out through the hub's GSM modems, the newest first; `status=queued` is the queue",
        handler=list_calls,
        answers={200: Answer(description="One page", model=models.CallPage)},
        errors=(400,),
        query=models.OrderQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/calls",
        name="place_call",
        tag="calls",
        summary="Ring a person or a modem and hang up; it waits until a GSM modem takes it",
        handler=place_call,
        answers={202: Answer(description="Taken", model=models.Call, headers=_LOCATION)},
        errors=_BODY_ERRORS,
        body=models.NewCall,
    ),
    Route(
        method="GET",
        path="/api/v1/calls/{id}",
        name="get_call",
        tag="calls",
        summary="A call and what became of it",
        handler=get_call,
        answers={200: Answer(description="The call", model=models.Call)},
        errors=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/calls/{id}/cancel",
        name="cancel_call",
        tag="calls",
        summary="Call off a call that waits",
        handler=cancel_call,
        answers={200: Answer(description="The call as it ended", model=models.Call)},
        errors=(404, 409, 503),
    ),
    Route(
        method="GET",
        path="/api/v1/received_calls",
        name="list_received_calls",
        tag="calls",
        summary="Calls to the hub's GSM modems, the newest first",
        handler=list_received_calls,
        answers={200: Answer(description="One page", model=models.ReceivedCallPage)},
        errors=(400,),
        query=models.ReceivedQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/gsm_modems",
        name="list_gsm_modems",
        tag="sms",
        summary="How the hub's own GSM modems are: state, network, signal, balance, and how many orders wait",
        handler=list_gsm_modems,
        answers={200: Answer(description="All of them", model=models.GsmModemList)},
    ),
)
