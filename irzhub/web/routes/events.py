"""`/api/v1/events`: what happened, followed by number or looked back on."""

from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.event_json import event_data, event_type
from irzhub.core.events import Event
from irzhub.web.context import context_of
from irzhub.web.event_log import read_events
from irzhub.web.models import EventPage, EventQuery
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route


async def list_events(request: web.Request) -> web.Response:
    """Answer one page of events, from the journal and from the history behind it."""
    context, query = context_of(request), read_query(request, EventQuery)
    page = await read_events(request, query)
    return json_response(
        {
            "items": [event_json(event) for event in page.events],
            "next": None if page.next_seq is None else str(page.next_seq),
            "first_seq": page.first_seq,
            "last_seq": context.journal.last_seq,
            "partial": page.is_partial,
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
