"""One session from hello to end: what the modem hears and when, what the hub is told, what ends it and why."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from irzhub.relay.messages import (
    ClientClosed,
    ClientOpened,
    CommandAnswered,
    PinsSeen,
    SessionClosed,
    SessionOpened,
    Traffic,
)
from irzhub.relay.orders import PutModem, SendCommand
from irzhub.relay.settings import RelaySettings
from tests.relay.modem_rig import IMEI, SILENT, Hub, hello, modem_settings, relay_settings, until

KEEPALIVE = bytes.fromhex("B5BCBDBEBF")
FRAMED_KEEPALIVE = bytes.fromhex("C8CACBCCCD020005B5BCBDBEBF0D0A")


@pytest.fixture(params=[False, True], ids=["plain", "coded"])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    async with Hub(coded=request.param) as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT)))
        yield hub


async def test_the_answer_comes_at_once_with_the_sites_own_time(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT, clock_zone="Asia/Kamchatka")))
    modem = await hub.connects()
    began = asyncio.get_running_loop().time()
    await modem.says(hello())
    answer = await modem.is_answered()
    assert asyncio.get_running_loop().time() - began < 0.2
    told = datetime.strptime(answer[:14].decode(), "%Y%m%d%H%M%S").replace(tzinfo=ZoneInfo("Asia/Kamchatka"))
    assert abs((told - datetime.now(ZoneInfo("Asia/Kamchatka"))).total_seconds()) < 5


async def test_nothing_is_glued_to_the_answer_not_even_data_of_a_program_that_waited() -> None:
    async with Hub(relay_settings(command_gap_s=0.5)) as hub:
        hub.send(PutModem(settings=modem_settings()))
        program = await hub.polls()
        await program.says(b"early ")
        modem = await hub.dials(hello(framed=True))
        began = asyncio.get_running_loop().time()
        await program.says(b"bird")
        assert await modem.reads_data(10) == b"early bird"
        assert 0.45 < asyncio.get_running_loop().time() - began < 0.8


async def test_a_hello_in_single_bytes_and_one_with_data_glued_to_it(hub: Hub) -> None:
    modem = await hub.connects()
    for byte in hello():
        await modem.says(bytes([byte]))
    await modem.is_answered()
    program = await hub.polls()
    await hub.hears(ClientOpened)
    modem.close()
    await hub.hears(SessionClosed)
    program = await hub.polls()
    await hub.hears(ClientOpened, 2)
    await hub.dials(hello() + b"\x01\x02\x03")
    assert await program.reads(3) == b"\x01\x02\x03"


async def test_a_hello_without_its_line_end_counts_after_a_silence(hub: Hub) -> None:
    modem = await hub.connects()
    await modem.says(hello().rstrip(b"\n"))
    began = asyncio.get_running_loop().time()
    await modem.is_answered()
    assert 0.6 < asyncio.get_running_loop().time() - began < 1.2


async def test_keepalives_never_reach_the_program_however_they_are_cut(hub: Hub) -> None:
    modem = await hub.dials()
    program = await hub.polls()
    await hub.hears(ClientOpened)
    await modem.says(b"one" + KEEPALIVE[:2])
    await asyncio.sleep(0.02)
    await modem.says(KEEPALIVE[2:] + b"two" + KEEPALIVE)
    assert await program.reads(6) == b"onetwo"
    await modem.says(KEEPALIVE[:3])
    assert await program.reads(3) == KEEPALIVE[:3], "after 50 ms it is the meter's"
    await program.hears_nothing()


async def test_framed_keepalives_and_noise_never_reach_the_program(hub: Hub) -> None:
    modem = await hub.dials(hello(framed=True))
    program = await hub.polls()
    await hub.hears(ClientOpened)
    await modem.says(FRAMED_KEEPALIVE[:10])
    await asyncio.sleep(0.02)
    await modem.says(FRAMED_KEEPALIVE[10:] + b"\x00\xff" + bytes.fromhex("C8CACBCCCD01000501080027C00D0A"))
    assert await program.reads(5) == bytes.fromhex("01080027C0")
    await program.hears_nothing()


async def test_a_keepalive_alone_tells_that_the_modem_was_seen(hub: Hub) -> None:
    modem = await hub.dials()
    await modem.says(KEEPALIVE)
    traffic = await hub.hears(Traffic)
    opened = await hub.hears(SessionOpened)
    assert traffic.grown[IMEI][:2] == (0, 0)
    assert traffic.grown[IMEI][2] > opened.at - 0.01


async def test_a_silent_modem_is_lost_and_one_that_speaks_is_not(hub: Hub) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT, keepalive_timeout_s=0.6)))
    modem = await hub.dials()
    for _ in range(10):
        await modem.says(KEEPALIVE)
        await asyncio.sleep(0.1)
    assert not hub.all(SessionClosed)
    began = asyncio.get_running_loop().time()
    closed = await hub.hears(SessionClosed)
    assert closed.reason == "keepalive_lost"
    assert closed.detail == "no byte from the modem for 1 s"
    assert 0.4 < asyncio.get_running_loop().time() - began < 1.0
    assert await modem.is_closed()
    await hub.dials()


async def test_a_modem_that_hangs_up_a_reset_and_a_protocol_error_are_told_apart(hub: Hub) -> None:
    (await hub.dials()).close()
    assert (await hub.hears(SessionClosed)).reason == "closed"
    (await hub.dials()).reset()
    reset = await hub.hears(SessionClosed, 2)
    assert reset.reason == "reset"
    assert "reset" in reset.detail
    framed = await hub.dials(hello(framed=True))
    await framed.says(bytes(10_000))
    await asyncio.sleep(0.05)
    await framed.says(bytes(10))
    assert (await hub.hears(SessionClosed, 3)).reason == "protocol_error"


async def test_a_hello_in_mid_session_begins_anew_on_the_same_connection(hub: Hub) -> None:
    modem = await hub.dials()
    await asyncio.sleep(0.3)
    await modem.says(hello(framed=True))
    await modem.is_answered()
    closed, opened = await hub.hears(SessionClosed), await hub.hears(SessionOpened, 2)
    assert (closed.reason, closed.generation) == ("replaced", 1)
    assert closed.detail == "the modem said hello again on the same connection"
    assert (opened.generation, opened.encapsulated) == (2, True)
    program = await hub.polls()
    await program.says(b"\x01\x08\x00\x27\xc0")
    assert await modem.reads_data(5) == b"\x01\x08\x00\x27\xc0"


async def test_a_thousand_glued_hellos_are_one_session(hub: Hub) -> None:
    modem = await hub.dials(hello() * 1000)
    program = await hub.polls()
    await program.says(b"still here")
    assert await modem.reads(10) == b"still here"
    assert len(hub.all(SessionOpened)) == 1
    assert not hub.all(SessionClosed)


@pytest.mark.parametrize(
    ("again", "detail"),
    [
        (hello("868441036775235"), "the modem said hello again as 868441036775235"),
        (hello(password="wrong"), "the modem said hello again with a wrong password"),
    ],
)
async def test_a_hello_in_mid_session_of_another_or_with_a_wrong_password_ends_it(
    hub: Hub, again: bytes, detail: str
) -> None:
    hub.send(PutModem(settings=modem_settings(ask=SILENT, password="plain:5492")))
    modem = await hub.dials()
    await asyncio.sleep(0.3)
    await modem.says(again)
    assert await modem.is_closed()
    closed = await hub.hears(SessionClosed)
    assert (closed.reason, closed.detail) == ("protocol_error", detail)


async def test_a_modem_that_takes_nothing_stops_the_program_and_not_the_hubs_memory(hub: Hub) -> None:
    modem = await hub.dials()
    program = await hub.polls()
    await hub.hears(ClientOpened)
    sent = 0
    try:
        async with asyncio.timeout(1.0):
            while True:
                await program.says(bytes(65536))
                sent += 65536
    except TimeoutError:
        pass
    assert sent < 16 * 2**20, "kernel buffers and 64 KiB of ours, but not what the program has"
    session = hub.relay._modems[IMEI].session
    assert session is not None
    assert session.is_write_paused
    assert session._transport is not None
    assert session._transport.get_write_buffer_size() < 256 * 1024
    received = await modem.reads(sent)
    assert len(received) == sent


async def test_a_modem_paused_for_a_slow_program_is_not_called_silent() -> None:
    async with Hub(relay_settings(modem_pause_s=1.2, stall_s=30.0)) as hub:
        hub.send(PutModem(settings=modem_settings(ask=SILENT, keepalive_timeout_s=0.5)))
        modem = await hub.dials()
        await hub.polls()
        await hub.hears(ClientOpened)
        pour = asyncio.get_running_loop().create_task(modem.says(bytes(8_000_000)))
        session = hub.relay._modems[IMEI].session
        assert session is not None
        await until(lambda: session.life.is_paused)
        began = asyncio.get_running_loop().time()
        closed = await hub.hears(ClientClosed)
        assert closed.reason == "stalled"
        assert asyncio.get_running_loop().time() - began > 0.8
        assert not hub.all(SessionClosed), "it could not be heard, so it was not silent"
        await pour
        assert (await hub.hears(SessionClosed)).reason == "keepalive_lost", "read on, it is silent by itself"


async def test_pins_are_told_with_their_generation_asked_or_not(hub: Hub) -> None:
    modem = await hub.dials(hello(framed=True))
    await modem.says(bytes.fromhex("C8CACBCCCD0C000701400280C280800D0A"))
    seen = await hub.hears(PinsSeen)
    assert (seen.modem, seen.generation, seen.asked) == (IMEI, 1, False)
    assert [tuple(pin) for pin in seen.pins] == [
        (1, False, False), (2, True, True), (3, False, False), (4, False, False),
    ]  # fmt: skip


async def test_commands_end_with_the_session(hub: Hub) -> None:
    modem = await hub.dials(hello(framed=True))
    await modem.reads_frame()  # iccid or cell: asked at connect
    for number in range(3):
        hub.send(SendCommand(request=str(number), modem=IMEI, command="signal"))
    modem.close()
    await hub.hears(CommandAnswered, 3)
    assert {answer.request for answer in hub.all(CommandAnswered)} == {"0", "1", "2"}
    assert all(answer.status == "error" and "disconnected" in str(answer.error) for answer in hub.all(CommandAnswered))


@pytest.mark.parametrize("settings", [relay_settings(tcp_keepidle_s=7, tcp_user_timeout_s=33.0)])
async def test_the_kernel_watches_the_link_too(settings: RelaySettings) -> None:
    import socket

    async with Hub(settings) as hub:
        await hub.dials()
        session = hub.relay._modems[IMEI].session
        assert session is not None
        assert session._transport is not None
        sock = session._transport.get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 7
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 33_000
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
