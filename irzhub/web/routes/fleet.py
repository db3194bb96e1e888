"""`/api/v1/fleet`: every modem at once, for the page's table."""

from typing import Final

from aiohttp import web

from irzhub.web.context import context_of, desks_of
from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.fleet_rows import fleet_row, packed
from irzhub.web.fleet_view import visible_modems
from irzhub.web.models_page import CompactFleet
from irzhub.web.route import Answer, Route

NOTES: Final = web.AppKey("notes", FleetNotes)


async def get_fleet(request: web.Request) -> web.Response:
    """Answer all modems that the caller may see."""
    registry, notes, programs = context_of(request).registry, request.app[NOTES], desks_of(request).meters.programs()

    def name_of(peer: str) -> str:
        return programs[peer].name if peer in programs else ""

    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    rows = (fleet_row(state, registry, notes, request.remote, name_of) for state in visible_modems(request))
    body = await packed(rows, compressed=is_compressed)
    headers = {"Content-Type": "application/json", "Vary": "Accept-Encoding"}
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, headers=headers)


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
