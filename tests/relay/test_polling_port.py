"""The listeners of modems: where and when they listen, and what happens when they cannot."""

import asyncio
import socket
import time

import msgspec
import pytest

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay import polling_port
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.messages import PortFailed, PortOpened, ToHub
from irzhub.relay.polling_port import PollingPorts
from irzhub.relay.settings import ModemSettings, RelaySettings
from tests.relay.client_rig import Rig, until


def _taken() -> socket.socket:
    """Return somebody else's listening socket."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    return sock


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def _is_refused(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def test_opens_and_says_where() -> None:
    async with Rig() as rig:
        assert rig.told(PortOpened) == [PortOpened(modem="868441036775234", host="127.0.0.1", port=rig.port)]
        assert rig.ports.listeners == 1
    assert await _is_refused(rig.port)
    assert rig.ports.listeners == 0


async def test_moves_and_leaves_connected_programs_alone() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        port = _free_port()
        rig.channel.settings = msgspec.structs.replace(rig.channel.settings, port=port)
        rig.ports.put(rig.channel)
        await until(lambda: len(rig.told(PortOpened)) == 2)
        assert rig.told(PortOpened)[1].port == port
        assert await _is_refused(rig.port)
        assert not await _is_refused(port)
        await client.says(b"still there")
        await rig.meter.hears(b"still there")
        assert rig.ports.listeners == 1


async def test_put_again_with_nothing_new_does_nothing() -> None:
    async with Rig() as rig:
        rig.ports.put(rig.channel)
        await asyncio.sleep(0.02)
        assert len(rig.told(PortOpened)) == 1


async def test_removed_it_listens_no_more_and_may_come_back_at_once() -> None:
    async with Rig() as rig:
        rig.channel.settings = msgspec.structs.replace(rig.channel.settings, port=rig.port)
        rig.ports.remove(rig.channel.settings.modem)
        rig.ports.put(rig.channel)
        await until(lambda: len(rig.told(PortOpened)) == 2)
        assert rig.told(PortOpened)[1].port == rig.port
        rig.ports.remove(rig.channel.settings.modem)
        await until(lambda: rig.ports.listeners == 0)
        assert rig.told(PortFailed) == []
        assert await _is_refused(rig.port)


async def test_two_modems_change_places() -> None:
    async with Rig() as rig:
        other = Channel(ModemSettings(modem="other", imei="other", host="127.0.0.1", port=_free_port()), rig.side)
        rig.ports.put(other)
        await until(lambda: rig.ports.listeners == 2)
        first, second = rig.port, other.settings.port
        rig.channel.settings = msgspec.structs.replace(rig.channel.settings, port=second)
        other.settings = msgspec.structs.replace(other.settings, port=first)
        rig.ports.put(rig.channel)
        rig.ports.put(other)
        await until(lambda: len(rig.told(PortOpened)) == 4)
        assert {each.modem: each.port for each in rig.told(PortOpened)[2:]} == {
            "868441036775234": second,
            "other": first,
        }
        assert rig.told(PortFailed) == []


async def test_a_busy_port_is_told_once_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling_port, "RETRY_S", 0.05)
    async with Rig() as rig:
        with _taken() as taken:
            port = taken.getsockname()[1]
            rig.channel.settings = msgspec.structs.replace(rig.channel.settings, port=port)
            rig.ports.put(rig.channel)
            await asyncio.sleep(0.2)
            assert rig.told(PortFailed) == [
                PortFailed(modem="868441036775234", host="127.0.0.1", port=port, error="Address already in use")
            ]
            assert rig.ports.listeners == 0
        await until(lambda: len(rig.told(PortOpened)) == 2)
        assert rig.told(PortOpened)[1].port == port


async def test_each_busy_port_is_told_when_a_modem_moves_from_one_to_the_next() -> None:
    async with Rig() as rig:
        with _taken() as first, _taken() as second:
            ports = [taken.getsockname()[1] for taken in (first, second)]
            for number, port in enumerate(ports):
                rig.channel.settings = msgspec.structs.replace(rig.channel.settings, port=port)
                rig.ports.put(rig.channel)
                await until(lambda number=number: len(rig.told(PortFailed)) == number + 1)  # type: ignore[misc]
            assert [failed.port for failed in rig.told(PortFailed)] == ports


async def test_an_address_of_another_machine_fails_and_others_open() -> None:
    async with Rig() as rig:
        far = Channel(ModemSettings(modem="far", imei="far", host="203.0.113.7"), rig.side)
        near = Channel(ModemSettings(modem="near", imei="near", host="127.0.0.1"), rig.side)
        rig.ports.put(far)
        rig.ports.put(near)
        await until(lambda: rig.ports.listeners == 2)
        [failed] = rig.told(PortFailed)
        assert (failed.modem, failed.error) == ("far", "Cannot assign requested address")


async def test_many_failures_at_once_do_not_flood_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with Rig() as rig:
        with _taken() as taken:
            for number in range(100):
                name, port = f"m{number}", taken.getsockname()[1]
                settings = ModemSettings(modem=name, imei=name, host="127.0.0.1", port=port)
                rig.ports.put(Channel(settings, rig.side))
            await until(lambda: len(rig.told(PortFailed)) == 100)
            await asyncio.sleep(0.01)
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 11
    assert warnings[-1] == "and 90 more ports cannot be opened"


async def test_on_connect_listens_only_while_the_modem_is_there() -> None:
    async with Rig(open="on_connect") as rig:
        assert rig.ports.listeners == 1
        rig.channel.detach(rig.meter)
        await until(lambda: rig.ports.listeners == 0)
        assert await _is_refused(rig.port)
        rig.channel.attach(rig.meter)
        await until(lambda: rig.ports.listeners == 1)


async def test_close_is_for_good() -> None:
    async with Rig() as rig:
        rig.ports.close()
        await until(lambda: rig.ports.listeners == 0)
        rig.ports.put(rig.channel)
        await asyncio.sleep(0.02)
        assert rig.ports.listeners == 0
        assert await _is_refused(rig.port)


async def test_accepted_sockets_have_all_options() -> None:
    relay = RelaySettings(tcp_keepidle_s=33, tcp_keepintvl_s=7, tcp_keepcnt=3, tcp_user_timeout_s=44.0)
    async with Rig(relay) as rig:
        await rig.connect()
        transport = rig.channel.programs[0]._transport
        assert transport is not None
        sock = transport.get_extra_info("socket")
        tcp = [
            sock.getsockopt(socket.IPPROTO_TCP, option)
            for option in (
                socket.TCP_NODELAY,
                socket.TCP_KEEPIDLE,
                socket.TCP_KEEPINTVL,
                socket.TCP_KEEPCNT,
                socket.TCP_USER_TIMEOUT,
            )
        ]
        assert tcp == [1, 33, 7, 3, 44_000]
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE) == 1
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) <= 65536
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 262144


async def test_a_thousand_ports_open_within_a_second_and_none_waits_for_another() -> None:
    messages: list[ToHub] = []
    side = ClientSide(RelaySettings(), messages.append, SystemClock(), Metrics())
    channels = [
        Channel(ModemSettings(modem=str(number), imei=str(number), host="127.0.0.1"), side) for number in range(1000)
    ]
    async with PollingPorts(side) as ports:
        began = time.monotonic()
        for channel in channels:
            ports.put(channel)
        await until(lambda: ports.listeners == 1000)
        assert time.monotonic() - began < 1.0
        assert len({message.port for message in messages if isinstance(message, PortOpened)}) == 1000
