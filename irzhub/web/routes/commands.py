"""Commands for modems: taken at once, carried out when the modem is there, read again by id."""

from datetime import timedelta
from typing import Final

from aiohttp import web

from irzhub.core.services import MODEM_COMMAND, ModemCommand
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.fleet_view import is_visible, read_modem
from irzhub.web.models import Command, CommandRequest
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route


async def send_command(request: web.Request) -> web.Response:
    """Take a command: 202 with the command object, to be read again at its own address."""
    context, identity = context_of(request), request[IDENTITY]
    modem = read_modem(request).modem
    wanted = await read_body(request, CommandRequest)
    if wanted.command == "raw" and not identity.may(Right.SEND_RAW):
        raise Problem(403, "forbidden", f"{identity.name} ({identity.role}) may not send raw bytes to a modem")
    if context.commands.is_full or not context.services.offers(MODEM_COMMAND):
        raise Problem(503, "not_available", "commands cannot be taken now", headers={"Retry-After": "5"})
    record = context.commands.send(
        ModemCommand(
            modem=modem,
            command=wanted.command,
            args=wanted.args,
            expires_at=context.clock.now() + timedelta(seconds=wanted.expires_in),
            origin=identity.origin,
        )
    )
    return json_response(record.to_json(), status=202, headers={"Location": f"/api/v1/commands/{record.id}"})


async def get_command(request: web.Request) -> web.Response:
    """Answer how a command stands."""
    record = context_of(request).commands.get(request.match_info["id"])
    if record is None or not is_visible(request, record.modem):
        raise Problem(404, "unknown_command", "no such command, or it is long over")
    return json_response(record.to_json())


ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/modems/{modem}/commands",
        name="send_command",
        tag="commands",
        summary="Send a command to a modem; for an absent one it waits until it returns or the command expires",
        handler=send_command,
        answers={
            202: Answer(description="Taken", model=Command, headers={"Location": "where to read the command again"})
        },
        errors=(400, 404, 408, 413, 415, 422, 503),
        body=CommandRequest,
    ),
    Route(
        method="GET",
        path="/api/v1/commands/{id}",
        name="get_command",
        tag="commands",
        summary="A command and what became of it",
        handler=get_command,
        answers={200: Answer(description="The command", model=Command)},
        errors=(404,),
    ),
)
