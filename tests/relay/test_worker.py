"""The relay as a whole, as the hub sees it: through its door, with messages as objects and as bytes."""

import asyncio
import hashlib
import random
import socket
from collections.abc import AsyncIterator

import pytest

from irzhub.core.exceptions import StartError
from irzhub.relay.messages import (
    ClientClosed,
    ClientOpened,
    CommandAnswered,
    DialInRejected,
    Drained,
    PinsSeen,
    PortFailed,
    PortOpened,
    RegistrationWanted,
    RingRead,
    SessionClosed,
    SessionOpened,
    Snapshot,
    Traffic,
)
from irzhub.relay.orders import (
    AskSnapshot,
    DecideRegistration,
    Drain,
    KickClient,
    KickModem,
    PutModem,
    ReadRing,
    RemoveModem,
    SendCommand,
)
from tests.relay.modem_rig import (
    IMEI,
    SILENT,
    Hub,
    ModemEnd,
    hello,
    modem_settings,
    relay_settings,
    until,
)


@pytest.fixture(params=[False, True], ids=["plain", "coded"])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    async with Hub(coded=request.param) as hub:
        yield hub


async def test_an_unknown_modem_is_registered_then_answered(hub: Hub) -> None:
    modem = await hub.connects()
    await modem.says(hello())
    await modem.is_answered()
    wanted, opened = await hub.hears(RegistrationWanted), await hub.hears(SessionOpened)
    assert (wanted.modem, wanted.imei, wanted.password, wanted.model, wanted.peer) == (
        IMEI, IMEI, "5492", "ATM21", modem.name,
    )  # fmt: skip
    assert (opened.modem, opened.generation, opened.firmware, opened.sim, opened.csq) == (IMEI, 1, "1.4-024.254", 1, 16)
    assert opened.default_password
    assert opened.password == "5492"
    assert "PSW" not in opened.keys
    assert opened.keys["INT"] == "485+232"
    assert opened.local == f"127.0.0.1:{hub.port}"


async def test_a_modem_that_comes_back_keeps_its_port_and_gets_the_next_generation(hub: Hub) -> None:
    first = await hub.dials()
    await hub.hears(PortOpened)
    first.close()
    closed = await hub.hears(SessionClosed)
    assert (closed.reason, closed.generation) == ("closed", 1)
    assert closed.detail == "the modem closed the connection"
    await hub.dials()
    assert (await hub.hears(SessionOpened, 2)).generation == 2
    assert len(hub.all(PortOpened)) == 1
    assert len(hub.all(RegistrationWanted)) == 1


async def test_several_dial_ins_of_one_unknown_modem_are_one_question_and_the_newest_wins(hub: Hub) -> None:
    hub.registers = False
    older, newer = await hub.connects(), await hub.connects()
    await older.says(hello())
    wanted = await hub.hears(RegistrationWanted)
    await newer.says(hello())
    await asyncio.sleep(0.05)
    hub.send(PutModem(settings=modem_settings()))
    hub.send(DecideRegistration(request=wanted.request, accepted=True))
    await newer.is_answered()
    assert await older.is_closed()
    assert len(hub.all(RegistrationWanted)) == len(hub.all(SessionOpened)) == 1


async def test_an_unwanted_modem_is_closed_with_the_hubs_reason(hub: Hub) -> None:
    hub.registers = False
    modem = await hub.connects()
    await modem.says(hello())
    wanted = await hub.hears(RegistrationWanted)
    hub.send(DecideRegistration(request=wanted.request, accepted=False, reason="unknown modem"))
    assert await modem.is_closed()
    rejected = await hub.hears(DialInRejected)
    assert (rejected.reason, rejected.modem, rejected.peer) == ("unknown modem", None, modem.name)


async def test_a_wrong_password_is_rejected_and_displaces_nobody(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings(password="plain:secret")))
    true = await hub.dials(hello(password="secret"))
    for wrong in ("5492", "", None, "secre", "secret1"):
        false = await hub.connects("127.0.0.2")
        await false.says(hello(password=wrong))
        assert await false.is_closed()
    rejected = await hub.hears(DialInRejected)
    assert (rejected.reason, rejected.modem) == ("wrong password", IMEI)
    assert not hub.all(SessionClosed)
    program = await hub.polls()
    await program.says(b"still there?")
    assert await true.reads(12) == b"still there?"


async def test_a_newer_session_replaces_the_older_at_once_and_gets_the_line(hub: Hub) -> None:
    older = await hub.dials()
    program = await hub.polls()
    await hub.hears(ClientOpened)
    newer = await hub.dials(source="127.0.0.2")
    closed = await hub.hears(SessionClosed)
    assert (closed.reason, closed.generation) == ("replaced", 1)
    assert closed.detail == f"replaced by a newer session from {newer.name}"
    kinds = [type(message) for message in hub.got if isinstance(message, SessionOpened | SessionClosed)]
    assert kinds == [SessionOpened, SessionClosed, SessionOpened]
    assert await older.is_closed()
    assert await program.is_closed()  # `lost: close`: its poll was cut in the midst
    again = await hub.polls()
    await again.says(b"\x01\x08\x00")
    assert await newer.reads(3) == b"\x01\x08\x00"


@pytest.mark.parametrize("framed", [False, True], ids=["raw", "framed"])
async def test_random_bytes_arrive_as_they_were_sent_both_ways(hub: Hub, framed: bool) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT)))
    modem = await hub.dials(hello(framed=framed))
    program = await hub.polls()
    await hub.hears(ClientOpened)
    source = random.Random(1)
    up, down = source.randbytes(300_000), source.randbytes(300_000)

    async def meter() -> None:
        for start in range(0, len(up), 1000):
            piece = up[start : start + 1000]
            frame = bytes.fromhex("C8CACBCCCD01") + len(piece).to_bytes(2, "big") + piece + b"\r\n"
            await modem.says(frame if framed else piece)

    _, _, heard_up, heard_down = await asyncio.gather(
        meter(),
        program.says(down),
        program.reads(len(up)),
        modem.reads_data(len(down)) if framed else modem.reads(len(down)),
    )
    assert hashlib.sha256(heard_up).digest() == hashlib.sha256(up).digest()
    assert hashlib.sha256(heard_down).digest() == hashlib.sha256(down).digest()
    await until(lambda: sum(told.grown.get(IMEI, (0, 0, 0))[0] for told in hub.all(Traffic)) == len(up))
    assert sum(told.grown.get(IMEI, (0, 0, 0))[1] for told in hub.all(Traffic)) == len(down)
    modem.close()
    closed = await hub.hears(SessionClosed)
    assert (closed.rx_bytes, closed.tx_bytes) == (len(up), len(down))


async def test_sixty_modems_never_get_each_others_bytes(hub: Hub) -> None:
    modems = [f"86844103677{number:04d}" for number in range(60)]
    for modem in modems:
        hub.send(PutModem(settings=modem_settings(modem)))
    ends = [await hub.dials(hello(modem)) for modem in modems]
    programs = [await hub.polls(modem) for modem in modems]
    await hub.hears(ClientOpened, len(modems))

    async def talk(modem: str, end: ModemEnd, program: ModemEnd) -> None:
        for number in range(20):
            question = f"{modem} asks {number}".encode()
            await program.says(question)
            assert await end.reads(len(question)) == question
            await end.says(question[::-1])
            assert await program.reads(len(question)) == question[::-1]

    await asyncio.gather(*map(talk, modems, ends, programs))


async def test_settings_change_without_touching_the_session_and_a_port_moves_alone(hub: Hub) -> None:
    modem = await hub.dials()
    first = (await hub.hears(PortOpened)).port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = probe.getsockname()[1]
    hub.send(PutModem(settings=modem_settings(port=other, password="plain:new")))
    moved = await hub.hears(PortOpened, 2)
    assert moved.port == other != first
    program = await hub.polls()
    await program.says(b"same session")
    assert await modem.reads(12) == b"same session"
    assert not hub.all(SessionClosed)
    with pytest.raises(ConnectionRefusedError):
        await hub.connects(port=first)


async def test_a_busy_polling_port_is_told_and_harms_nobody_else(hub: Hub) -> None:
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", 0))
        foreign.listen()
        port = foreign.getsockname()[1]
        hub.send(PutModem(settings=modem_settings(port=port)))
        failed = await hub.hears(PortFailed)
        assert (failed.modem, failed.port) == (IMEI, port)
        await hub.dials()
    assert (await hub.hears(SessionOpened)).modem == IMEI


async def test_a_removed_modem_is_gone_with_session_port_and_programs(hub: Hub) -> None:
    modem = await hub.dials()
    program = await hub.polls()
    await hub.hears(ClientOpened)
    hub.send(RemoveModem(modem=IMEI))
    assert await modem.is_closed()
    assert await program.is_closed()
    assert (await hub.hears(SessionClosed)).reason == "deleted"
    assert (await hub.hears(ClientClosed)).reason == "deleted"
    port = hub.all(PortOpened)[0].port
    await asyncio.sleep(0.1)
    with pytest.raises(ConnectionRefusedError):
        await hub.connects(port=port)
    hub.forget()
    await hub.dials()
    assert hub.all(RegistrationWanted), "it is a stranger again"


async def test_a_kicked_modem_may_come_back_and_a_kicked_program_leaves_the_modem(hub: Hub) -> None:
    modem = await hub.dials()
    program = await hub.polls()
    opened = await hub.hears(ClientOpened)
    hub.send(KickClient(modem=IMEI, client=opened.client))
    assert await program.is_closed()
    assert not hub.all(SessionClosed)
    hub.send(KickModem(modem=IMEI))
    assert await modem.is_closed()
    assert (await hub.hears(SessionClosed)).reason == "kicked"
    await hub.dials()


async def test_a_command_for_who_is_not_there_or_takes_none_is_answered_at_once(hub: Hub) -> None:
    hub.send(SendCommand(request="1", modem="000000000000000", command="signal"))
    hub.send(PutModem(settings=modem_settings()))
    hub.send(SendCommand(request="2", modem=IMEI, command="signal"))
    await hub.dials()
    hub.send(SendCommand(request="3", modem=IMEI, command="signal"))
    assert [(answer.request, answer.status, answer.error) for answer in hub.all(CommandAnswered)] == [
        ("1", "error", "modem is not connected"),
        ("2", "error", "modem is not connected"),
        ("3", "error", "the modem works without encapsulation and takes no commands"),
    ]


async def test_the_flight_recorder_tells_what_went_over_the_wire_without_the_password(hub: Hub) -> None:
    modem = await hub.dials(hello(framed=True, password="hidden"))
    kind, payload = await modem.reads_frame()
    assert (kind, payload) == (0x0C, b"\x00\x40\x02")
    await modem.says(bytes.fromhex("C8CACBCCCD0C0007014002808080800D0A"))
    await hub.hears(PinsSeen)
    await modem.says(hello(framed=True, password="hidden"))
    await hub.hears(SessionOpened, 2)
    hub.send(ReadRing(request="ring", modem=IMEI))
    ring = await hub.hears(RingRead)
    heard = b"".join(data for _, direction, data in ring.entries if direction == "<")
    sent = b"".join(data for _, direction, data in ring.entries if direction == ">")
    assert bytes.fromhex("014002808080800D0A") in heard
    assert b"PSW=****" in heard
    assert b"hidden" not in heard
    assert b"MOD=DAT" in sent
    hub.send(ReadRing(request="none", modem="000000000000000"))
    assert (await hub.hears(RingRead, 2)).entries == []


async def test_the_snapshot_counts_what_is_there(hub: Hub) -> None:
    await hub.dials()
    await hub.polls()
    await hub.hears(ClientOpened)
    hub.send(AskSnapshot())
    snapshot = await hub.hears(Snapshot)
    assert (snapshot.modems_online, snapshot.clients, snapshot.listeners) == (1, 1, 1)
    assert snapshot.counters["modem_connects_total"] == 1
    assert 8 < snapshot.descriptors < snapshot.descriptor_limit
    assert 0 <= snapshot.loop_lag_s < 1


async def test_draining_closes_all_and_says_so_last(hub: Hub) -> None:
    modem = await hub.dials()
    program = await hub.polls()
    await hub.hears(ClientOpened)
    silent = await hub.connects()
    hub.registers = False
    stranger = await hub.connects()
    await stranger.says(hello("868441036775235"))
    await hub.hears(RegistrationWanted, 2)
    hub.send(Drain(seconds=5))
    for end in (modem, program, silent, stranger):
        assert await end.is_closed()
    await hub.hears(Drained)
    await asyncio.sleep(1.1)
    assert isinstance(hub.got[-1], Drained), "it is the last word"
    assert hub.all(SessionClosed)[-1].reason == "hub_stop"
    assert hub.all(ClientClosed)[-1].reason == "hub_stop"
    for port in (hub.port, hub.all(PortOpened)[0].port):
        with pytest.raises(ConnectionRefusedError):
            await hub.connects(port=port)


async def test_draining_does_not_wait_for_who_reads_nothing(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings()))
    await hub.dials()
    program = await hub.polls()
    stuck = asyncio.get_running_loop().create_task(program.says(bytes(64_000_000)))
    await asyncio.sleep(0.2)
    loop = asyncio.get_running_loop()
    began = loop.time()
    hub.send(Drain(seconds=0.5))
    await hub.hears(Drained)
    assert loop.time() - began < 1.5
    with pytest.raises(ConnectionError):
        await stuck


async def test_a_busy_modem_port_is_named_with_the_setting_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", 0))
        foreign.listen()
        hub = Hub(relay_settings(port=foreign.getsockname()[1]))
        with pytest.raises(StartError, match=r"relay\.modems\.port"):
            await hub.relay.__aenter__()


async def test_a_modem_port_that_becomes_free_within_five_seconds_is_taken() -> None:
    foreign = socket.socket()
    foreign.bind(("127.0.0.1", 0))
    foreign.listen()
    port = foreign.getsockname()[1]
    asyncio.get_running_loop().call_later(0.4, foreign.close)
    async with Hub(relay_settings(port=port)) as hub:
        assert hub.port == port
        await hub.dials()


async def test_two_thousand_ports_open_without_holding_the_loop_up() -> None:
    async with Hub() as hub:
        for number in range(2000):
            hub.send(PutModem(settings=modem_settings(f"86844103{number:07d}")))
        modem = await hub.dials(hello("868441030000007"))
        await modem.hears_nothing(0.01)
        await until(lambda: len(hub.all(PortOpened)) == 2000, 20)
        assert len({message.port for message in hub.all(PortOpened)}) == 2000
