"""Field work at one modem: a meter check, why inputs are grey, and the port terminal."""

import asyncio
import contextlib
import time
from typing import Final

from aiohttp import WSMsgType, web

from irzhub.codec.meters.check import iec_question, is_whole, mercury_question, modbus_question, read_answer
from irzhub.core.tasks import Tasks
from irzhub.fleet.field_work import LineBusy
from irzhub.fleet.gpi_reasons import gpi_reasons
from irzhub.web.audit import note_change
from irzhub.web.context import DEADLINE, IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import read_modem, sees_modem
from irzhub.web.middleware import is_own_page
from irzhub.web.models_field import InputReasons, MeterCheck, MeterCheckResult, TerminalQuery
from irzhub.web.models_page import PortTest
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.standing import until_refused
from irzhub.web.stream import SIGNED_OUT

_MESSAGE_LIMIT: Final = 4096
_IDLE_S: Final = 600.0
_LINE_CLOSED: Final = 4009
_IDLE: Final = 4010


async def check_meter(request: web.Request) -> web.Response:
    """Ask a meter once, as a program of the hub's own that waits for its turn like all others."""
    modem, wanted = read_modem(request).modem, await read_body(request, MeterCheck)
    if wanted.protocol == "hex" and not request[IDENTITY].may(Right.SEND_RAW):
        raise Problem(403, "forbidden", f"raw bytes need the right {Right.SEND_RAW.value}")
    question = _question(wanted)
    began = time.monotonic()
    try:
        answer = await desks_of(request).field_work.ask(
            modem, question, wanted.timeout_s, lambda so_far: is_whole(question, so_far)
        )
    except LineBusy as error:
        raise Problem(409, error.code, str(error)) from None
    said = read_answer(question, answer) if answer else None
    return json_response(
        {
            "answered": bool(answer),
            "question": question.hex(),
            "answer": answer.hex(),
            "serial": None if said is None else said.serial,
            "registers": None if said is None or said.registers is None else list(said.registers),
            "error": None if said is None else said.error,
            "took_s": round(time.monotonic() - began, 3),
        }
    )


async def test_port(request: web.Request) -> web.Response:
    """Connect to a modem's polling port from here, as a program would."""
    state = read_modem(request)
    check = await desks_of(request).field_work.test_port(state.modem)
    return json_response(
        {
            "address": context_of(request).registry.address(state.modem, request.remote),
            "listening": check.is_listening,
            "took_ms": None if check.took_s is None else round(check.took_s * 1000, 1),
            "online": state.link == "online",
            "cause": state.problem or check.cause,
        }
    )


async def get_input_reasons(request: web.Request) -> web.Response:
    """Answer which inputs show no live level, why, and which settings would mend it."""
    state = read_modem(request)
    items = [
        {"pin": each.pin, "level": state.gpi.get(each.pin), "reason": each.reason, "mend": list(each.mend)}
        for each in gpi_reasons(state)
    ]
    return json_response({"items": items, "next": None})


async def open_terminal(request: web.Request) -> web.StreamResponse:
    """Join a WebSocket to a modem's line: each message is bytes, and nobody else has the line meanwhile."""
    if not is_own_page(request):
        raise Problem(403, "cross_origin", "a terminal is for this hub's own pages and for programs only")
    modem, query = read_modem(request).modem, read_query(request, TerminalQuery)
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise Problem(426, "upgrade_required", "expected a WebSocket", headers={"Upgrade": "websocket"})
    socket = web.WebSocketResponse(max_msg_size=_MESSAGE_LIMIT, heartbeat=30.0, compress=False)
    try:
        async with desks_of(request).field_work.terminal(modem, takes_over=query.take_over) as (reader, writer):
            await socket.prepare(request)
            request[DEADLINE].reschedule(None)
            await _join(request, socket, reader, writer)
    except LineBusy as error:
        raise Problem(409, error.code, str(error)) from None
    return socket


async def _join(
    request: web.Request, socket: web.WebSocketResponse, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Pass bytes both ways until either side ends, or nothing was said for ten minutes."""
    rx_bytes = tx_bytes = 0

    async def to_person() -> None:
        nonlocal rx_bytes
        while data := await reader.read(_MESSAGE_LIMIT):
            rx_bytes += len(data)
            await socket.send_bytes(data)
        await socket.close(code=_LINE_CLOSED, message=b"the line was closed")

    async def to_the_end_of_the_right() -> None:
        modem, states = request.match_info["modem"], context_of(request).states
        await until_refused(request, Right.USE_TERMINAL, lambda identity: sees_modem(identity, states, modem))
        await socket.close(code=SIGNED_OUT, message=b"not signed in any more, or without the right")

    tasks = Tasks("terminal")
    tasks.spawn(to_person(), "to person")
    tasks.spawn(to_the_end_of_the_right(), "standing")
    try:
        while True:
            message = await asyncio.wait_for(socket.receive(), _IDLE_S)
            if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT):
                break
            data = message.data if message.type is WSMsgType.BINARY else message.data.encode()
            tx_bytes += len(data)
            writer.write(data)
            await writer.drain()
    except TimeoutError:
        with contextlib.suppress(ConnectionError):
            await socket.close(code=_IDLE, message=b"nothing was said for ten minutes")
    except ConnectionError:
        pass  # the line or the person is gone
    finally:
        await tasks.close()
        note_change(request, None, {"rx_bytes": rx_bytes, "tx_bytes": tx_bytes})


def _question(wanted: MeterCheck) -> bytes:
    match wanted.protocol:
        case "modbus":
            return modbus_question(int(wanted.address), wanted.register_, wanted.count)
        case "mercury":
            return mercury_question(int(wanted.address))
        case "iec62056":
            return iec_question(wanted.address)
        case "hex":
            return bytes.fromhex(wanted.hex or "")


_PATH: Final = "/api/v1/modems/{modem}"

ROUTES: Final = (
    Route(
        method="POST",
        path="/api/v1/modems/{modem}/port_test",
        name="test_port",
        tag="modems",
        summary="Try whether the modem's polling port takes connections; no byte reaches the meter",
        handler=test_port,
        answers={200: Answer(description="What came of it", model=PortTest)},
        errors=(404,),
    ),
    Route(
        method="POST",
        path=f"{_PATH}/meter_check",
        name="check_meter",
        tag="field work",
        summary="Ask a meter on a modem's line; waits for its turn",
        handler=check_meter,
        answers={200: Answer(description="What it answered, if it did", model=MeterCheckResult)},
        errors=(400, 404, 408, 409, 413, 415, 422),
        body=MeterCheck,
    ),
    Route(
        method="GET",
        path=f"{_PATH}/input_reasons",
        name="get_input_reasons",
        tag="field work",
        summary="Why inputs show no live level, and the settings that would mend it",
        handler=get_input_reasons,
        answers={200: Answer(description="The inputs that do not show one", model=InputReasons)},
        errors=(404,),
    ),
    Route(
        method="GET",
        path=f"{_PATH}/terminal",
        name="open_terminal",
        tag="field work",
        summary="The port terminal: a WebSocket that is the modem's line, for one person alone",
        handler=open_terminal,
        answers={101: Answer(description="Each message is bytes from here on", media="")},
        errors=(400, 404, 409, 426),
        query=TerminalQuery,
    ),
)
