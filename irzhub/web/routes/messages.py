"""The outbox as people see it: what waits, what left and how; cancel, try again, try a way out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, get_args

from aiohttp import web

from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox import Outbox, UnknownMessage
from irzhub.alerts.outbox_states import WrongStep
from irzhub.core.clock import format_time, parse_time
from irzhub.core.services import Channel, ChannelCheck, check_on, delivery_on
from irzhub.core.ulid import new_ulid
from irzhub.storage.outbox import OutboxRow, OutboxWanted
from irzhub.web.audit import note_object
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import is_visible
from irzhub.web.models_messages import (
    ChannelChecked,
    ChannelPage,
    MessagePage,
    MessagesQuery,
    OutboxMessage,
    TestedMessages,
    TestMessage,
    states_of,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.said import said_json

_CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
_TEST_WAIT_S: Final = 20.0
_TEST_LASTS: Final = timedelta(minutes=10)
_LOOKS: Final = 10
"""So many pages are read for a caller who sees a part of the fleet; then `next` leads on."""
_TEST_TEXTS: Final = {
    "ru": "Проверка связи: это сообщение отправил {who} с хаба {hub}. Отвечать не нужно.",
    "en": "A test: {who} sent this message from the hub {hub}. No answer is needed.",
}


async def list_messages(request: web.Request) -> web.Response:
    """Answer the queue and the log."""
    query = read_query(request, MessagesQuery)
    try:
        states = states_of(query.state)
    except ValueError as error:
        errors = (FieldError("state", str(error)),)
        raise Problem(400, "invalid_query", f"the query has a wrong state: {error}", errors=errors) from None
    wanted = OutboxWanted(
        states=states,
        channel=query.channel,
        contact=query.contact,
        rule=query.rule,
        modem=query.modem,
        incident=query.alert,
        since=None if query.since is None else parse_time(query.since),
        until=None if query.until is None else parse_time(query.until),
        before=query.cursor,
        limit=query.limit + 1,
    )
    rows, following = await _find_visible(request, wanted)
    return json_response({"items": [message_json(row) for row in rows], "next": following})


async def _find_visible(request: web.Request, wanted: OutboxWanted) -> tuple[list[OutboxRow], str | None]:
    """Return one row less than `wanted.limit` of those that the caller sees, and the cursor of the next page."""
    found: list[OutboxRow] = []
    for _ in range(_LOOKS):
        rows = await _outbox(request).find(wanted)
        found += [row for row in rows if _sees(request, row)]
        if len(found) >= wanted.limit:
            shown = found[: wanted.limit - 1]
            return shown, shown[-1].id
        if len(rows) < wanted.limit:
            return found, None
        wanted = replace(wanted, before=rows[-1].id)
    return found, wanted.before


async def get_message(request: web.Request) -> web.Response:
    """Answer one message with its log."""
    return json_response(message_json(await _read(request)))


async def cancel_message(request: web.Request) -> web.Response:
    """Let a message never leave."""
    return await _change(request, _outbox(request).cancel)


async def retry_message(request: web.Request) -> web.Response:
    """Try a message again that did not leave."""
    return await _change(request, _outbox(request).retry)


async def _change(request: web.Request, change: Callable[[str, str], Awaitable[OutboxRow]]) -> web.Response:
    row = await _read(request)
    try:
        row = await change(row.id, request[IDENTITY].name)
    except WrongStep as error:
        raise Problem(409, "not_possible", str(error)) from None
    note_object(request, message=row.id)
    return json_response(message_json(row))


async def send_test(request: web.Request) -> web.Response:
    """Send a message that tries a way out, and wait a moment for its end."""
    _check_whole(request)
    wanted = await read_body(request, TestMessage)
    context, outbox, outreach = context_of(request), _outbox(request), desks_of(request).alerts.outreach
    now, who = context.clock.now(), request[IDENTITY].name
    channel = wanted.channel
    text = wanted.text or _TEST_TEXTS["ru" if context.settings.hub.language == "ru" else "en"].format(
        who=who, hub=context.settings.hub.id
    )
    message = Message(
        rule="hub/test",
        subject=f"test/{who}"[:200],
        event_id=new_ulid(int(now.timestamp() * 1000)),
        ts=now,
        text=text,
        title=text.partition(":")[0],
        severity="alarm",  # a test is not held by quiet hours
        targets=() if wanted.contact is None else (wanted.contact,),
        recipients=()
        if wanted.address is None or channel is None
        else (Recipient(channel, wanted.address, outreach.directory.contact_of_number(wanted.address) or ""),),
        channels=() if channel is None or wanted.contact is None else (channel,),
        damp_s=0.0,
        expires_at=now + _TEST_LASTS,
    )
    told = await outbox.tell(message)
    if not told.ids:
        raise Problem(422, "nobody", "that contact is unknown, or has no address on that channel")
    await asyncio.gather(*(outbox.end_of(id_, _TEST_WAIT_S) for id_ in told.ids))
    note_object(request, contact=wanted.contact, channel=wanted.channel, address=wanted.address)
    rows = [await outbox.get(id_) for id_ in told.ids]
    return json_response({"items": [message_json(row) for row in rows], "next": None})


async def list_channels(request: web.Request) -> web.Response:
    """Answer how each way is now."""
    services, outbox = context_of(request).services, _outbox(request)
    budgets = outbox.book.budgets
    items = []
    for channel in _CHANNELS:
        limits = budgets.limits.get(channel)
        items.append(
            {
                "channel": channel,
                "is_offered": services.offers(delivery_on(channel)),
                "can_check": services.offers(check_on(channel)),
                "waiting": outbox.waiting(channel),
                "spent_today": budgets.spent(channel),
                "limit_per_day": None if limits is None else limits.per_channel,
                "limit_per_recipient": None if limits is None else limits.per_recipient,
            }
        )
    return json_response({"items": items, "next": None})


async def check_channel(request: web.Request) -> web.Response:
    """Try whether a way would work; nobody is told anything."""
    _check_whole(request)
    channel, context = request.match_info["channel"], context_of(request)
    if channel not in _CHANNELS:
        raise Problem(404, "unknown_channel", "there is no such channel")
    service = check_on(channel)
    if not context.services.offers(service):
        raise Problem(409, "not_offered", f"no integration offers to check {channel}")
    outcome = await context.services.call(service, ChannelCheck(language=context.settings.hub.language))
    return json_response({"is_good": outcome.is_good, "text": outcome.text})


def message_json(row: OutboxRow) -> dict[str, Any]:
    """Return the message object of REST."""
    return {
        "id": row.id,
        "created_at": format_time(row.created_at),
        "state": row.state,
        "channel": row.channel,
        "address": row.address,
        "contact": row.contact,
        "rule": row.rule,
        "subject": row.subject,
        "modem": row.modem,
        "severity": row.severity,
        "title": row.title,
        "text": row.text,
        "alert": row.incident,
        "closes": row.closes,
        "attempts": row.attempts,
        "may_repeat": row.may_repeat,
        **{
            name: None if (moment := getattr(row, name)) is None else format_time(moment)
            for name in ("not_before", "expires_at", "sent_at", "finished_at")
        },
        "error": row.error,
        "error_said": said_json(row.error),
        "reference": row.reference,
        "folded_into": row.folded_into,
        "fallback_of": row.fallback_of,
        "count": row.count,
        "parts": row.parts,
        "event_id": row.event_id,
        "log": row.log,
    }


def _outbox(request: web.Request) -> Outbox:
    return desks_of(request).alerts.outbox


def _sees(request: web.Request, row: OutboxRow) -> bool:
    """What is about a modem is of who sees it; all else of who sees the whole hub."""
    if request[IDENTITY].scope.is_whole:
        return True
    return row.modem is not None and is_visible(request, row.modem)


def _check_whole(request: web.Request) -> None:
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "ways to people are tried by who sees the whole hub")


async def _read(request: web.Request) -> OutboxRow:
    try:
        row = await _outbox(request).get(request.match_info["id"])
    except UnknownMessage:
        row = None
    if row is None or not _sees(request, row):
        raise Problem(404, "unknown_message", "there is no such message")
    return row


_ONE: Final = Answer(description="The message", model=OutboxMessage)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/messages",
        name="list_messages",
        tag="messages",
        summary="Messages for people: the queue and the delivery log, the newest first",
        handler=list_messages,
        answers={200: Answer(description="A page", model=MessagePage)},
        errors=(400,),
        query=MessagesQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/messages/{id}",
        name="get_message",
        tag="messages",
        summary="One message with each of its attempts",
        handler=get_message,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/messages/{id}/cancel",
        name="cancel_message",
        tag="messages",
        summary="Let a message that waits never leave",
        handler=cancel_message,
        answers={200: _ONE},
        errors=(404, 409),
    ),
    Route(
        method="POST",
        path="/api/v1/messages/{id}/retry",
        name="retry_message",
        tag="messages",
        summary="Try a message again that did not leave",
        handler=retry_message,
        answers={200: _ONE},
        errors=(404, 409),
    ),
    Route(
        method="POST",
        path="/api/v1/messages/test",
        name="send_test_message",
        tag="messages",
        summary="Send a test to a contact or an address; the answer says how it ended within 20 s",
        handler=send_test,
        answers={200: Answer(description="How it ended so far", model=TestedMessages)},
        errors=(400, 408, 413, 415, 422),
        body=TestMessage,
    ),
    Route(
        method="GET",
        path="/api/v1/channels",
        name="list_channels",
        tag="messages",
        summary="The ways to people: what is offered, what waits, what was spent today",
        handler=list_channels,
        answers={200: Answer(description="All ways", model=ChannelPage)},
    ),
    Route(
        method="POST",
        path="/api/v1/channels/{channel}/check",
        name="check_channel",
        tag="messages",
        summary="Try whether a way would work; nobody is told anything",
        handler=check_channel,
        answers={200: Answer(description="Whether it would", model=ChannelChecked)},
        errors=(404, 409),
    ),
)
