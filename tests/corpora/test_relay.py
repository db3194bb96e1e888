"""Bytes through a relay and real sockets: unchanged both ways, however they come, and however a line is ended."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from irzhub.codec.irz.frames import KEEPALIVE, build_data
from irzhub.relay.messages import ClientClosed, ClientOpened, RegistrationWanted, SessionOpened
from irzhub.relay.orders import PutModem
from tests.corpora import read_cases
from tests.relay.modem_rig import SILENT, Hub, ModemEnd, hello, modem_settings

CASES = read_cases("relay")
BEHIND = b"<what comes behind>"


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        yield hub


async def joined(hub: Hub, *, framed: bool) -> tuple[ModemEnd, ModemEnd]:
    """Return a modem and a program that are connected to each other."""
    modem = await hub.dials(hello(framed=framed))
    program = await hub.polls()
    await hub.hears(ClientOpened)
    return modem, program


async def test_through_a_raw_modem(hub: Hub) -> None:
    modem, program = await joined(hub, framed=False)
    for case in CASES:
        expected = case.data if case.expected == "same" else case.data.replace(KEEPALIVE, b"")
        assert len(case.data) - len(expected) == -int(case.expected.replace("same", "0")), case.name

        await program.says(case.data)
        assert await modem.reads(len(case.data)) == case.data, case.name
        sending = asyncio.ensure_future(modem.says(case.data + BEHIND))  # noqa: TID251 - both ends are in this test
        assert await program.reads(len(expected) + len(BEHIND)) == expected + BEHIND, case.name
        await sending


async def test_through_a_modem_with_frames(hub: Hub) -> None:
    modem, program = await joined(hub, framed=True)
    for case in CASES:
        await program.says(case.data)
        assert await modem.reads_data(len(case.data)) == case.data, case.name
        await modem.says(build_data(case.data))
        assert await program.reads(len(case.data)) == case.data, case.name


async def test_in_single_bytes(hub: Hub) -> None:
    modem, program = await joined(hub, framed=False)
    for case in CASES:
        if len(case.data) > 64:
            continue
        expected = case.data if case.expected == "same" else case.data.replace(KEEPALIVE, b"")
        for end in (program, modem):
            end.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in case.data:
            await program.says(bytes((byte,)))
        assert await modem.reads(len(case.data)) == case.data, case.name
        for byte in case.data + BEHIND:
            await modem.says(bytes((byte,)))
        assert await program.reads(len(expected) + len(BEHIND)) == expected + BEHIND, case.name


async def test_an_urgent_byte_of_a_program_keeps_its_place(hub: Hub) -> None:
    modem, program = await joined(hub, framed=False)
    program.sock.send(b"!", socket.MSG_OOB)
    await program.says(BEHIND)
    assert await modem.reads(1 + len(BEHIND)) == b"!" + BEHIND


async def test_an_urgent_byte_of_a_modem_keeps_its_place(hub: Hub) -> None:
    modem, program = await joined(hub, framed=False)
    await modem.says(b"before ")
    modem.sock.send(b"!", socket.MSG_OOB)
    await modem.says(BEHIND)
    assert await program.reads(8 + len(BEHIND)) == b"before !" + BEHIND


async def test_a_program_that_stops_speaking_still_hears_the_answer_or_is_closed(hub: Hub) -> None:
    modem, program = await joined(hub, framed=False)
    await program.says(b"question")
    program.sock.shutdown(socket.SHUT_WR)
    assert await modem.reads(8) == b"question"
    await modem.says(b"answer")
    assert await program.reads(6) in (b"answer", b"")
    assert (await hub.hears(ClientClosed)).reason


async def test_resets_of_programs_never_end_the_modem(hub: Hub) -> None:
    modem = await hub.dials(hello())
    for round_ in range(1, 21):
        program = await hub.polls()
        await hub.hears(ClientOpened, round_)
        with contextlib.suppress(ConnectionError):
            await program.says(b"question")
        program.reset()
        await hub.hears(ClientClosed, round_)
    assert len(hub.all(SessionOpened)) == 1
    assert set(await modem.reads(8)) <= set(b"question")


async def test_what_is_no_hello_is_closed_and_leaves_nothing(hub: Hub) -> None:
    refused = [case for case in read_cases("hello") if case.expected == "refused"]
    for case in refused:
        stranger = await hub.connects()
        with contextlib.suppress(ConnectionError):
            await stranger.says(case.data)
        assert await stranger.is_closed(), case.name
    assert len(refused) > 100
    assert hub.all(RegistrationWanted) == []
    assert hub.all(SessionOpened) == []
    await hub.dials()


def test_there_are_many() -> None:
    assert len(CASES) >= 60
