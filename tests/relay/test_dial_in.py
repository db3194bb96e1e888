"""Whoever is not a modem is turned away, at once or by a deadline, and never fills log, journal or memory."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from irzhub.codec.drivers import build_drivers
from irzhub.core.clock import SystemClock
from irzhub.relay.dial_in import DialIn, DialledIn
from irzhub.relay.messages import DialInRejected, RegistrationWanted, SessionOpened
from irzhub.relay.orders import PutModem
from irzhub.relay.waiting_room import WaitingRoom
from irzhub.relay.wheel import Wheel
from tests.relay.modem_rig import IMEI, Hub, hello, modem_settings, relay_settings, until

GREETINGS = {
    "http": b"GET / HTTP/1.1\r\nHost: meters.example\r\n\r\n",
    "tls": bytes.fromhex("16030100c8010000c40303"),
    "mqtt": bytes.fromhex("100c00044d5154540402003c0000"),
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "socks": bytes.fromhex("050100"),
    "nuls": bytes(64),
    "telnet": bytes.fromhex("fffd18fffd20"),
    "long": b"A" * 65536,
    "at": b"AT+CSQ\r\n",
    "letters": b"AT$IMEI=abcdefghijklmno,PSW=5492,\n",
    "full-width": "AT$IMEI=８６８４４１０３６７７５２３４,PSW=5492,\n".encode(),
    "arabic": "AT$IMEI=٨٦٨٤٤١٠٣٦٧٧٥٢٣٤,PSW=5492,\n".encode(),
    "path": b"AT$IMEI=../../etc/passwd,PSW=5492,\n",
    "percent": b"AT$IMEI=..%2f..%2f12345678,PSW=5492,\n",
    "wildcard": b"AT$IMEI=+/#/123456789012,PSW=5492,\n",
    "quote": b"AT$IMEI=1';DROP TABLE mo--,PSW=5492,\n",
    "short": b"AT$IMEI=1234567890123,PSW=5492,\n",
    "very long": b"AT$IMEI=123456789012345678,PSW=5492,\n",
    "channel": b"AT$IMEI=868441036775234,PSW=5492,CHN=6,\n",
    "endless": b"AT$IMEI=868441036775234,PSW=" + b"5" * 65536,
}


@pytest.fixture(params=[False, True], ids=["plain", "coded"])
async def hub(request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    async with Hub(relay_settings(hello_deadline_s=1.0), coded=request.param) as hub:
        yield hub


@pytest.mark.parametrize("name", GREETINGS)
async def test_what_cannot_become_a_hello_is_closed_at_once(hub: Hub, name: str) -> None:
    end = await hub.connects()
    began = asyncio.get_running_loop().time()
    await end.says(GREETINGS[name][:40_000])
    assert await end.is_closed()
    assert asyncio.get_running_loop().time() - began < 0.5
    rejected = await hub.hears(DialInRejected)
    assert (rejected.reason, rejected.modem, rejected.count) == ("not a hello", None, 1)
    assert not hub.all(RegistrationWanted)


@pytest.mark.parametrize("beginning", [b"", b"A", b"AT$IME", b"AT$IMEI=8684", b"AT$IMEI=868441036775234,PSW=54"])
async def test_who_does_not_finish_its_hello_is_closed_at_the_deadline(hub: Hub, beginning: bytes) -> None:
    end = await hub.connects()
    await end.says(beginning)
    began = asyncio.get_running_loop().time()
    assert await end.is_closed()
    assert 0.8 < asyncio.get_running_loop().time() - began < 1.6
    assert (await hub.hears(DialInRejected)).reason == "no hello in time"


async def test_one_byte_at_a_time_does_not_move_the_deadline(hub: Hub) -> None:
    end = await hub.connects()
    began = asyncio.get_running_loop().time()
    with pytest.raises(ConnectionError):
        for byte in hello() * 10:
            await end.says(bytes([byte]))
            await asyncio.sleep(0.1)
            assert asyncio.get_running_loop().time() - began < 3
    assert not hub.all(SessionOpened)


async def test_who_only_knocks_is_not_worth_a_word(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        (await hub.connects()).close()
    (await hub.connects()).reset()
    half = await hub.connects()
    await half.says(b"AT$IM")
    half.close()
    assert (await hub.hears(DialInRejected)).reason == "hung up within the hello"
    assert len(hub.all(DialInRejected)) == 1


async def test_repeats_are_one_line_and_one_message_a_minute(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(200):
        end = await hub.connects()
        await end.says(GREETINGS["http"])
        assert await end.is_closed()
    assert len(hub.all(DialInRejected)) == 1
    assert len([record for record in caplog.records if "turned away" in record.message]) == 1


@pytest.mark.parametrize(
    "line",
    [
        b"\r\n" + hello(),
        hello().replace(b"\n", b"\r\n"),
        hello("00000000000000"),
        hello("12345678901234567"),
        hello(password=None),
        hello(password=""),
        hello(password="a=b c~!"),
        b"AT$IMEI=868441036775234,CSQ=99,SIM=7,CSQ=1,FOO=bar,PSW=1,\n",
    ],
)
async def test_unusual_hellos_that_are_one_are_taken(hub: Hub, line: bytes) -> None:
    end = await hub.connects()
    await end.says(line)
    await end.is_answered()
    assert hub.all(SessionOpened)


async def test_the_id_of_channels_two_to_five_has_its_channel(hub: Hub) -> None:
    for channel, modem in ((1, IMEI), (2, f"{IMEI}_2"), (5, f"{IMEI}_5")):
        hub.send(PutModem(settings=modem_settings(modem)))
        await hub.dials(hello(more=f"CHN={channel},"))
        assert hub.all(SessionOpened)[-1].modem == modem


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=700) | st.binary(max_size=200).map(lambda tail: hello()[:60] + tail))
async def test_random_bytes_give_a_hello_or_an_end_and_nothing_else(data: bytes) -> None:
    ends: list[tuple[DialledIn | None, str]] = []
    wheel = Wheel(SystemClock())
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(data or b"x")
        theirs.shutdown(socket.SHUT_WR)
        drivers = build_drivers(None, None, b"\r")
        room = WaitingRoom()
        dial_in = DialIn(ours, drivers, wheel, room, lambda _, dialled, reason, __: ends.append((dialled, reason)))
        dial_in.begin("peer:1", 0.0, 1.0)
        for _ in range(10):
            if ends:
                break
            await asyncio.sleep(0)
        await until(lambda: ends)
        assert len(ends) == 1
        assert len(wheel) == len(room) == 0
        room.close()
