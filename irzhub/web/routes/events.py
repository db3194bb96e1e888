"""`/api/v1/events`: the journal in order, to be followed by number."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.events import Event, event_data, event_type
from irzhub.web.context import IDENTITY, WebContext, context_of
from irzhub.web.fleet_view import sees_event
from irzhub.web.models import EventPage, EventQuery
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route

_BATCH: Final = 1000
_SCANNED: Final = 10_000
"""Events looked at for one filtered page; `next` then goes on behind them, even when none matched."""


async def list_events(request: web.Request) -> web.Response:
    """Answer the events behind a number, in order."""
    context, query = context_of(request), read_query(request, EventQuery)
    after = query.after_seq if query.cursor is None else query.cursor
    found, following = await _scan(context, query, after, partial(sees_event, request[IDENTITY], context.states))
    journal = context.journal
    return json_response(
        {
            "items": [event_json(event) for event in found],
            "next": None if following is None else str(following),
            "first_seq": journal.first_seq,
            "last_seq": journal.last_seq,
        }
    )


def event_json(event: Event) -> dict[str, Any]:
    """Return an event as on MQTT."""
    return {
        "id": event.id,
        "seq": event.seq,
        "ts": format_time(event.ts),
        "type": event_type(event),
        "modem": event.modem,
        "data": event_data(event),
    }


async def _scan(
    context: WebContext, query: EventQuery, after: int, sees: Callable[[Event], bool]
) -> tuple[list[Event], int | None]:
    """Return at most `limit` matching events, and behind which number to go on; None at the end."""
    found: list[Event] = []
    is_filtered = query.modem is not None or query.type is not None
    batch_size = _BATCH if is_filtered else query.limit
    for _ in range(_SCANNED // _BATCH):
        batch = await context.journal.read(after, batch_size)
        for event in batch:
            after = event.seq
            is_asked = query.modem in (None, event.modem) and query.type in (None, event_type(event))
            if is_asked and sees(event):
                found.append(event)
            if len(found) == query.limit:
                return found, after
        if len(batch) < batch_size:
            return found, None
    return found, after


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/events",
        name="list_events",
        tag="events",
        summary="Events in order of their numbers; go on with `next`, or later with the last `seq` as `after_seq`",
        handler=list_events,
        answers={200: Answer(description="One page", model=EventPage)},
        errors=(400,),
        query=EventQuery,
    ),
)
