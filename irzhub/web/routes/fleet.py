"""`/api/v1/fleet`: every modem at once, for the page's table."""

from collections.abc import Iterator
from typing import Any, Final

from aiohttp import web

from irzhub.core.exceptions import UnknownModem
from irzhub.web.context import context_of, desks_of
from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.fleet_rows import fleet_lines, fleet_row, send_lines
from irzhub.web.fleet_view import visible_modems
from irzhub.web.models_page import CompactFleet
from irzhub.web.route import Answer, Route

NOTES: Final = web.AppKey("notes", FleetNotes)


async def get_fleet(request: web.Request) -> web.StreamResponse:
    """Answer all modems that the caller may see, in the order in which the page shows them at first.

    Those without a port await approval and come first, the others by their port. A modem is told as it is when
    its line is made; one that is deleted meanwhile is left out.
    """
    context, notes, programs = context_of(request), request.app[NOTES], desks_of(request).meters.programs()
    modems = sorted(visible_modems(request), key=lambda state: -1 if state.port is None else state.port)

    def name_of(peer: str) -> str:
        return programs[peer].name if peer in programs else ""

    def rows() -> Iterator[list[Any]]:
        for state in modems:
            now = context.states.get(state.modem) if state.modem in context.states else state
            try:
                row = fleet_row(now, context.registry, notes, request.remote, name_of)
            except UnknownModem:
                continue
            yield row

    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Content-Type": "application/json", "Vary": "Accept-Encoding"}
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await send_lines(response, fleet_lines(rows(), len(modems)), compressed=is_compressed)
    return response


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/fleet",
        name="get_fleet",
        tag="modems",
        summary="All modems at once in a compact form; the live stream tells what changes from then on",
        handler=get_fleet,
        answers={200: Answer(description="The fleet", model=CompactFleet)},
    ),
)
