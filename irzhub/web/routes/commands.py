"""Commands for modems: taken at once, carried out when the modem is there, read again by id; for many as a job."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.exceptions import CommandError
from irzhub.core.services import ModemCommand
from irzhub.fleet.commands import CommandDesk
from irzhub.storage.commands import CommandRow
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import is_visible, read_modem
from irzhub.web.job_view import begin_job, job_json
from irzhub.web.models_commands import (
    AllCommandsQuery,
    BulkCommandRequest,
    Command,
    CommandPage,
    CommandQuery,
    CommandRequest,
)
from irzhub.web.models_jobs import Job
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route

_TIMES: Final = ("created_at", "expires_at", "sent_at", "finished_at")
_SCANS: Final = 20
"""How many pages of the table are looked through for one page of what the caller may see."""


async def send_command(request: web.Request) -> web.Response:
    """Take a command: 202 with the command object, to be read again at its own address."""
    context, identity = context_of(request), request[IDENTITY]
    state = read_modem(request)
    wanted = await read_body(request, CommandRequest)
    _check_raw(request, wanted.command)
    phones = [number for number in (wanted.phone, state_phone(request, state.modem)) if number]
    command = ModemCommand(
        modem=state.modem,
        command=wanted.command,
        args=wanted.args,
        expires_at=context.clock.now() + timedelta(seconds=wanted.expires_in),
        origin=identity.origin,
        via=wanted.via,
        phone=phones[0] if wanted.via == "sms" and phones else None,
    )
    try:
        row = await _desk(request).submit(command)
    except CommandError as error:
        raise Problem(422, "command_refused", str(error)) from None
    note_change(request, None, {"command": row.command, "args": row.args, "via": row.via, "command_id": row.id})
    return json_response(command_json(row), status=202, headers={"Location": f"/api/v1/commands/{row.id}"})


async def send_commands(request: web.Request) -> web.Response:
    """Begin a job that sends one command to many modems: 202 with the job."""
    wanted = await read_body(request, BulkCommandRequest)
    _check_raw(request, wanted.command)
    args = {"command": wanted.command, "args": wanted.args}
    view = await begin_job(request, "command", wanted.target, args, wanted.expires_in)
    note_change(request, None, {**args, "target": view.row.target, "job": view.row.id, "modems": view.row.total})
    return json_response(job_json(view), status=202, headers={"Location": f"/api/v1/jobs/{view.row.id}"})


async def get_command(request: web.Request) -> web.Response:
    """Answer how a command stands."""
    return json_response(command_json(await _read_command(request)))


async def cancel_command(request: web.Request) -> web.Response:
    """Call off a command that waits."""
    row = await _read_command(request)
    try:
        ended = await _desk(request).cancel(row.id)
    except CommandError as error:
        raise Problem(409, "conflict", str(error)) from None
    note_change(request, {"status": row.status}, {"status": "cancelled"})
    return json_response(command_json(ended or row))


async def list_commands(request: web.Request) -> web.Response:
    """Answer one page of commands, the newest first."""
    query = read_query(request, AllCommandsQuery)
    if query.modem is not None and not is_visible(request, query.modem):
        return json_response({"items": [], "next": None})
    return json_response(await _page(request, query, query.modem))


async def list_modem_commands(request: web.Request) -> web.Response:
    """Answer one page of a modem's commands, the newest first."""
    modem = read_modem(request).modem
    return json_response(await _page(request, read_query(request, CommandQuery), modem))


def command_json(row: CommandRow) -> dict[str, Any]:
    """Return the command object of REST."""
    return {
        "id": row.id,
        "modem": row.modem,
        "command": row.command,
        "args": row.args,
        "status": row.status,
        "result": row.result if row.status == "done" else None,
        "error": row.error,
        "origin": row.origin,
        "priority": row.priority,
        "via": row.via,
        "attempts": row.attempts,
        **{name: None if (moment := getattr(row, name)) is None else format_time(moment) for name in _TIMES},
    }


def state_phone(request: web.Request, modem: str) -> str:
    """Return the number of a modem's first SIM card that is known, empty for none."""
    row = context_of(request).registry.get(modem)
    return row.phone_sim1 or row.phone_sim2


async def _page(request: web.Request, query: CommandQuery, modem: str | None) -> dict[str, Any]:
    before, found = query.cursor, []
    for _ in range(_SCANS):
        rows = await _desk(request).page(
            modem=modem, status=query.status, command=query.command, before=before, limit=query.limit
        )
        for row in rows:
            before = row.id
            if is_visible(request, row.modem):
                found.append(command_json(row))
            if len(found) == query.limit:
                return {"items": found, "next": before}
        if len(rows) < query.limit:
            return {"items": found, "next": None}
    return {"items": found, "next": before}


async def _read_command(request: web.Request) -> CommandRow:
    row = await _desk(request).get(request.match_info["id"])
    if row is None or not is_visible(request, row.modem):
        raise Problem(404, "unknown_command", "no such command, or it is long over")
    return row


def _check_raw(request: web.Request, command: str) -> None:
    identity = request[IDENTITY]
    if command == "raw" and not identity.may(Right.SEND_RAW):
        raise Problem(403, "forbidden", f"{identity.name} ({identity.role}) may not send raw bytes to a modem")


def _desk(request: web.Request) -> CommandDesk:
    return desks_of(request).orders.commands


Handler = Callable[[web.Request], Awaitable[web.Response]]

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
        path="/api/v1/modems/{modem}/commands",
        name="list_modem_commands",
        tag="commands",
        summary="The commands of a modem, the newest first",
        handler=list_modem_commands,
        answers={200: Answer(description="One page", model=CommandPage)},
        errors=(400, 404),
        query=CommandQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/commands",
        name="send_commands",
        tag="commands",
        summary="Send a command to many modems, as a job",
        handler=send_commands,
        answers={202: Answer(description="Begun", model=Job, headers={"Location": "where to watch the job"})},
        errors=(400, 408, 413, 415, 422, 503),
        body=BulkCommandRequest,
    ),
    Route(
        method="GET",
        path="/api/v1/commands",
        name="list_commands",
        tag="commands",
        summary="Commands of all modems, the newest first",
        handler=list_commands,
        answers={200: Answer(description="One page", model=CommandPage)},
        errors=(400,),
        query=AllCommandsQuery,
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
    Route(
        method="POST",
        path="/api/v1/commands/{id}/cancel",
        name="cancel_command",
        tag="commands",
        summary="Call off a command that was not sent yet",
        handler=cancel_command,
        answers={200: Answer(description="The command as it ended", model=Command)},
        errors=(404, 409),
    ),
)
