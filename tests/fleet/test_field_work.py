"""Work at one modem's line: who uses it, one question of the hub's own, and the line for one person alone.

The relay's end is played here: a real port that answers as its modem's meter does, and a list of programs.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from irzhub.fleet.field_work import FieldWork, LineBusy, PortCheck
from irzhub.relay.messages import LineProgram, LineRead, ToRelay
from irzhub.relay.orders import KickClient, PutModem, ReadLine
from tests.fleet.conftest import IMEI, Desk, open_port, session_closed

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def program(client: str, *, holds_line: bool = False) -> LineProgram:
    return LineProgram(
        client=client,
        peer="203.0.113.7:50000",
        lasted_s=3.5,
        rx_bytes=10,
        tx_bytes=20,
        kept_bytes=0,
        holds_line=holds_line,
        is_observer=False,
    )


class Line:
    """One modem's line with the relay that has it: it lists programs, and drops one that is to be kicked."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.connected: list[LineProgram] = []
        self.field_work = FieldWork(desk.registry, desk.reception, desk.reception.builder, desk.reception.send)
        desk.on_send = self.hear

    def hear(self, message: ToRelay) -> None:
        open_port(self.desk, message)
        if isinstance(message, ReadLine):
            read = LineRead(request=message.request, modem=message.modem, programs=list(self.connected))
            asyncio.get_running_loop().call_soon(self.desk.reception.receive, read)
        elif isinstance(message, KickClient):
            self.connected = [each for each in self.connected if each.client != message.client]

    @property
    def modes(self) -> list[str]:
        """How the line was to be shared, each time the relay was told."""
        return [message.settings.sharing.mode for message in self.desk.sent if isinstance(message, PutModem)]


@pytest.fixture
def line(desk: Desk) -> Line:
    return Line(desk)


@asynccontextmanager
async def port_answers(line: Line, answer: Answer) -> AsyncIterator[None]:
    """The modem is connected, and who connects to its port is treated so."""
    await line.desk.dial_in()
    row = line.desk.registry.get(IMEI)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()

    async with await asyncio.start_server(serve, row.host, row.port):
        yield


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)


async def refuse(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Close at once, as the relay does with whom it does not let in."""


async def swallow(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_one_program_of_those_connected_is_kicked(line: Line) -> None:
    await line.desk.dial_in()
    line.connected = [program("a", holds_line=True), program("b")]

    assert [each.client for each in await line.field_work.programs(IMEI)] == ["a", "b"]
    assert await line.field_work.kick(IMEI, "b")
    assert await line.field_work.programs(IMEI) == [program("a", holds_line=True)]
    assert not await line.field_work.kick(IMEI, "b")
    assert [each for each in line.desk.sent if isinstance(each, KickClient)] == [KickClient(modem=IMEI, client="b")]


async def test_a_question_ends_with_its_whole_answer_though_it_comes_in_pieces(line: Line) -> None:
    async def in_pieces(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(2) == b"\x10\x20"
        for piece in (b"\x01", b"\x02\x03"):
            writer.write(piece)
            await asyncio.sleep(0.01)
        await reader.read()

    async with port_answers(line, in_pieces):
        answer = await line.field_work.ask(IMEI, b"\x10\x20", 10.0, lambda heard: len(heard) == 3)

    assert answer == b"\x01\x02\x03"


async def test_an_answer_of_no_known_end_is_over_with_a_pause(line: Line) -> None:
    async with port_answers(line, echo):
        answer = await line.field_work.ask(IMEI, b"question", 10.0, lambda _heard: False)

    assert answer == b"question"


async def test_a_silent_meter_answers_nothing_within_its_time(line: Line) -> None:
    async with port_answers(line, swallow):
        assert await line.field_work.ask(IMEI, b"question", 0.05, lambda _heard: True) == b""


async def test_why_the_line_cannot_be_had_is_said(line: Line) -> None:
    async with port_answers(line, refuse):
        with pytest.raises(LineBusy) as refused:
            await line.field_work.ask(IMEI, b"question", 5.0, lambda _heard: True)
    with pytest.raises(LineBusy) as closed:
        await line.field_work.ask(IMEI, b"question", 5.0, lambda _heard: True)
    line.desk.reception.receive(session_closed())
    with pytest.raises(LineBusy) as away:
        await line.field_work.ask(IMEI, b"question", 5.0, lambda _heard: True)

    assert [each.value.code for each in (refused, closed, away)] == ["refused", "port_closed", "modem_away"]


async def test_a_terminal_has_the_line_alone_and_gives_it_back(line: Line) -> None:
    async with port_answers(line, echo):
        before = line.modes[-1]
        async with line.field_work.terminal(IMEI, takes_over=False) as (reader, writer):
            assert line.modes[-1] == "exclusive"
            writer.write(b"by hand")
            assert await reader.readexactly(7) == b"by hand"
            with pytest.raises(LineBusy) as second:
                async with line.field_work.terminal(IMEI, takes_over=True):
                    pass

    assert second.value.code == "terminal_open"
    assert line.modes[-1] == before != "exclusive"


async def test_a_terminal_disconnects_others_only_when_it_is_to(line: Line) -> None:
    line.connected = [program("a"), program("b")]
    async with port_answers(line, echo):
        with pytest.raises(LineBusy) as refused:
            async with line.field_work.terminal(IMEI, takes_over=False):
                pass
        assert (refused.value.code, len(line.connected)) == ("in_use", 2)
        assert "exclusive" not in line.modes

        async with line.field_work.terminal(IMEI, takes_over=True):
            assert line.connected == []


async def test_a_terminal_that_cannot_open_leaves_the_line_to_others(line: Line) -> None:
    await line.desk.dial_in()

    with pytest.raises(LineBusy):
        async with line.field_work.terminal(IMEI, takes_over=True):
            pass

    assert line.field_work.builder.reserved == set()
    assert line.modes[-1] != "exclusive"


async def test_a_port_that_listens_is_reached_and_left_without_a_byte(line: Line) -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())

    async with port_answers(line, listen):
        check = await line.field_work.test_port(IMEI)
        async with asyncio.timeout(10):
            while not heard:
                await asyncio.sleep(0)

    assert check.is_listening
    assert check.took_s is not None
    assert check.took_s < 5
    assert heard == [b""]


async def test_a_port_that_nobody_serves_is_said_to_be_silent(line: Line) -> None:
    await line.desk.dial_in()

    check = await line.field_work.test_port(IMEI)

    assert (check.is_listening, check.took_s) == (False, None)
    assert str(line.desk.registry.get(IMEI).port) in (check.cause or "")


async def test_a_test_wakes_no_modem_and_cuts_off_no_program(line: Line) -> None:
    await line.desk.dial_in()
    builder = line.field_work.builder
    line.connected = [program("a")]
    builder.overrides_of = lambda _row: {"sharing": {"mode": "kick_old"}, "offline": "wake"}

    busy = await line.field_work.test_port(IMEI)
    line.desk.reception.receive(session_closed())
    asleep = await line.field_work.test_port(IMEI)

    assert busy == PortCheck(True, cause="not tried: a connection would cut off the program that is there")
    assert asleep == PortCheck(True, cause="not tried: a connection would wake the modem")
