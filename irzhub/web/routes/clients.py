"""`/api/v1/modems/{modem}/clients`: the polling programs at a modem's port, and who of them holds the line."""

from typing import Any, Final

from aiohttp import web

from irzhub.relay.messages import LineProgram
from irzhub.web.audit import note_object
from irzhub.web.context import desks_of
from irzhub.web.fleet_view import read_modem
from irzhub.web.models_fleet import ProgramPage
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response
from irzhub.web.route import Answer, Route, no_content


async def list_clients(request: web.Request) -> web.Response:
    """Answer the programs that are connected now, in order of coming."""
    programs = await desks_of(request).field_work.programs(read_modem(request).modem)
    return json_response({"items": [_json(each) for each in programs], "next": None})


async def kick_client(request: web.Request) -> web.Response:
    """Disconnect one program; it may come again."""
    modem, client = read_modem(request).modem, request.match_info["id"]
    note_object(request, client=client)
    if not await desks_of(request).field_work.kick(modem, client):
        raise Problem(404, "unknown_client", "no such program is connected")
    return web.Response(status=204)


def _json(program: LineProgram) -> dict[str, Any]:
    return {
        "id": program.client,
        "peer": program.peer,
        "connected_s": program.lasted_s,
        "rx_bytes": program.rx_bytes,
        "tx_bytes": program.tx_bytes,
        "waiting_bytes": program.kept_bytes,
        "holds_line": program.holds_line,
        "reads_only": program.is_observer,
    }


_PATH: Final = "/api/v1/modems/{modem}/clients"

ROUTES: Final = (
    Route(
        method="GET",
        path=_PATH,
        name="list_clients",
        tag="modems",
        summary="Polling programs at a modem's port, and who holds the line",
        handler=list_clients,
        answers={200: Answer(description="In order of coming", model=ProgramPage)},
        errors=(404, 503),
    ),
    Route(
        method="DELETE",
        path=f"{_PATH}/{{id}}",
        name="kick_client",
        tag="modems",
        summary="Disconnect a polling program",
        handler=kick_client,
        answers={204: no_content("Disconnected")},
        errors=(404, 503),
    ),
)
