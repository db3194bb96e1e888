"""One program's socket: what it is called, how it ends, and what is kept of what it said."""

import asyncio
import errno

import pytest

from irzhub.relay.settings import SharingSettings
from tests.relay.client_rig import Rig


async def test_has_a_name_of_its_own_and_its_address() -> None:
    async with Rig() as rig:
        first, second = await rig.connect(), await rig.connect()

        assert [opened.peer for opened in rig.opened] == [first.name, second.name]
        assert len({opened.client for opened in rig.opened}) == 2
        assert [opened.clients for opened in rig.opened] == [1, 2]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (None, "closed"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "reset"),
        (BrokenPipeError(errno.EPIPE, "pipe"), "reset"),
        (TimeoutError(errno.ETIMEDOUT, "timed out"), "timed_out"),
        (OSError(errno.EHOSTUNREACH, "no route"), "timed_out"),
    ],
)
async def test_says_how_its_socket_ended(error: OSError | None, reason: str) -> None:
    async with Rig() as rig:
        await rig.connect()
        [program] = rig.channel.programs
        transport = program._transport
        assert transport is not None

        program.connection_lost(error)

        [closed] = await rig.closed()
        assert closed.reason == reason
        assert closed.lasted_s >= 0
        transport.abort()
        await asyncio.sleep(0.01)
        assert len(await rig.closed()) == 1


async def test_what_it_said_is_kept_in_order_and_forgotten_by_age_and_size() -> None:
    async with Rig(is_modem_there=False, sharing=SharingSettings()) as rig:
        await rig.connect()
        [program] = rig.channel.programs
        for moment, piece in ((0.0, b"a"), (0.5, b"b"), (2.0, b"cc"), (4.0, b"ddd"), (6.0, b"eeee")):
            program.keep(piece, moment)

        assert program.kept_bytes == 11
        assert program.forget_kept(before=1.0) == [b"ab"]
        assert program.forget_kept(beyond=8) == [b"cc"]
        assert program.kept_bytes == 7
        assert program.take_kept() == b"dddeeee"
        assert program.take_kept() == b""
        assert program.kept_bytes == 0


async def test_is_read_again_only_when_no_cause_is_left() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        [program] = rig.channel.programs
        program.pause(1)
        program.pause(2)
        program.resume(1)
        await client.says(b"question")
        await asyncio.sleep(0.03)
        assert rig.meter.heard == b""
        program.resume(2)
        await rig.meter.hears(b"question")


async def test_once_closed_it_gives_and_takes_nothing() -> None:
    async with Rig() as rig:
        client = await rig.connect()
        [program] = rig.channel.programs
        program.close("kicked")
        program.close("hub_stop")
        program.deliver(b"too late")
        program.data_received(b"too late")

        assert await client.is_closed()
        assert rig.meter.heard == b""
        assert [each.reason for each in await rig.closed()] == ["kicked"]
        assert program.rx_bytes == 0
