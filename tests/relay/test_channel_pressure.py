"""Back-pressure, a test of the whole part: memory stays bounded, nobody else is disturbed, the modem is read soon."""

import asyncio
import hashlib
import random
import time

import pytest

from irzhub.relay import polling_port as polling_port_module
from irzhub.relay import program as program_module
from irzhub.relay.settings import RelaySettings, SharingSettings
from tests.relay.client_rig import Client, Rig, until

MEGABYTE = 1024 * 1024
LIMIT = 256 * 1024
QUICK_RELAY = RelaySettings(modem_pause_s=0.3, stall_s=0.3)
BROADCAST = SharingSettings(mode="broadcast")


async def _reads_slowly(client: Client, size: int, pause_s: float) -> str:
    digest, count = hashlib.sha256(), 0
    while count < size:
        data = await client.reads(min(size - count, 50_000))
        assert data
        digest.update(data)
        count += len(data)
        await asyncio.sleep(pause_s)
    return digest.hexdigest()


class TestStalledProgram:
    async def test_is_cut_and_the_modem_was_not_paused_for_longer_than_allowed(self) -> None:
        async with Rig(QUICK_RELAY) as rig:
            await rig.connect()
            [program] = rig.channel.programs
            most = 0

            async def pour() -> None:
                nonlocal most
                while program in rig.channel.programs:
                    if rig.meter.paused_at is None:
                        # As much as one read of a modem's socket brings, though it was paused in the midst of it.
                        for _ in range(2):
                            rig.meter.says(b"x" * 65536)
                        most = max(most, program.waiting_bytes)
                    await asyncio.sleep(0.001)

            await asyncio.wait_for(pour(), 5)

            assert most <= LIMIT
            assert (await rig.closed())[0].reason == "stalled"
            assert max(rig.meter.pauses) < QUICK_RELAY.modem_pause_s + 0.1
            assert rig.meter.paused_at is None

    async def test_that_gets_little_is_cut_by_the_stall_timer_and_the_modem_is_never_paused(self) -> None:
        async with Rig(QUICK_RELAY) as rig:
            await rig.connect(receive_buffer=2048)
            [program] = rig.channel.programs
            began = time.monotonic()
            while not program.is_congested:
                rig.meter.says(b"x" * 500)
                await asyncio.sleep(0)
            assert program.waiting_bytes < program.comfort_bytes

            assert (await rig.closed())[0].reason == "stalled"

            assert QUICK_RELAY.stall_s <= time.monotonic() - began < QUICK_RELAY.stall_s + 1.0
            assert rig.meter.pauses == []

    async def test_whoever_makes_progress_is_not_stalled(self) -> None:
        async with Rig(RelaySettings(modem_pause_s=5.0, stall_s=0.3)) as rig:
            client = await rig.connect()
            whole = random.Random(1).randbytes(2 * MEGABYTE)

            _, digest = await asyncio.gather(rig.meter.pours(whole), _reads_slowly(client, len(whole), 0.02))

            assert digest == hashlib.sha256(whole).hexdigest()
            assert rig.meter.pauses
            assert max(rig.meter.pauses) < 5.0

    async def test_whoever_makes_little_progress_is_not_stalled_either(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # The kernel tells of progress by a third of its buffer: a small one shows it often enough for this test.
        monkeypatch.setattr(polling_port_module, "_SEND_BUFFER", 32 * 1024)
        async with Rig(RelaySettings(modem_pause_s=30.0, stall_s=0.3)) as rig:
            client = await rig.connect(receive_buffer=4096)
            [program] = rig.channel.programs
            for _ in range(3):
                rig.meter.says(b"x" * 65536)
            until_s = time.monotonic() + 0.8
            while time.monotonic() < until_s:
                assert program.is_congested
                assert len(await client.reads(2000)) == 2000
                await asyncio.sleep(0.03)
            assert rig.channel.programs == (program,)

    async def test_others_go_on_when_the_owner_of_the_line_is_cut(self) -> None:
        async with Rig(QUICK_RELAY) as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            await second.says(b"q2")
            await rig.meter.pours(b"x" * MEGABYTE)
            assert (await rig.closed())[0].reason == "stalled"
            # The rest of the answer is late, not the second one's.
            await rig.meter.hears(b"q2")
            rig.meter.says(b"a2")
            await second.hears(b"a2")

    async def test_a_closed_program_that_does_not_read_is_not_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(program_module, "_FLUSH_S", 0.05)
        async with Rig(hold_s=None) as rig:
            await rig.connect(receive_buffer=2048)
            [program] = rig.channel.programs
            while not program.is_congested:
                rig.meter.says(b"x" * 4096)
            rig.channel.detach(rig.meter)

            assert (await rig.closed())[0].reason == "modem_lost"
            assert rig.side.clients == 0
            await until(lambda: program._transport is None)


class TestBroadcast:
    async def test_one_that_never_reads_is_cut_and_hardly_delays_the_others(self) -> None:
        async with Rig(sharing=BROADCAST) as rig:
            await rig.connect()
            reader = await rig.connect()
            stalled, _ = rig.channel.programs
            whole = random.Random(2).randbytes(2 * MEGABYTE)

            began = time.monotonic()
            _, received = await asyncio.gather(rig.meter.pours(whole), reader.reads(len(whole)))

            assert received == whole
            assert time.monotonic() - began < 2.0
            assert [each.client for each in await rig.closed()] == [stalled.client]
            assert (await rig.closed())[0].reason == "stalled"
            assert sum(rig.meter.pauses) < 1.0

    async def test_two_that_read_get_everything_however_much(self) -> None:
        async with Rig(sharing=BROADCAST) as rig:
            first, second = await rig.connect(), await rig.connect()
            whole = random.Random(3).randbytes(4 * MEGABYTE)

            _, *received = await asyncio.gather(
                rig.meter.pours(whole, 65536), first.reads(len(whole)), second.reads(len(whole))
            )

            assert received == [whole, whole]


class TestWaitingProgram:
    async def test_keeps_no_more_than_the_limit_and_then_sends_all_in_order(self) -> None:
        whole = random.Random(4).randbytes(MEGABYTE)
        async with Rig() as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            sending = asyncio.ensure_future(second.says(whole))  # noqa: TID251
            await asyncio.sleep(0.1)
            kept = rig.channel.programs[1].kept_bytes
            assert rig.side.settings.data_limit <= kept <= LIMIT
            rig.meter.says(b"a1")

            await sending
            await until(lambda: len(rig.meter.heard) == len(whole))
            assert rig.meter.heard == whole

    async def test_single_bytes_do_not_cost_a_hundred_times_their_size(self) -> None:
        async with Rig() as rig:
            first, second = await rig.connect(), await rig.connect()
            await first.says(b"q1")
            await rig.meter.hears(b"q1")
            for number in range(500):
                await second.says(bytes((number & 0xFF,)))
                await asyncio.sleep(0)
            await until(lambda: rig.channel.programs[1].kept_bytes == 500)
            assert len(rig.channel.programs[1]._kept) <= 2


class TestStalledModem:
    async def test_programs_are_not_read_and_lose_nothing(self) -> None:
        whole = random.Random(5).randbytes(MEGABYTE)
        async with Rig() as rig:
            client = await rig.connect()
            rig.meter.is_write_paused = True
            rig.channel.modem_writable(False)
            sending = asyncio.ensure_future(client.says(whole))  # noqa: TID251
            await asyncio.sleep(0.1)
            assert len(rig.meter.heard) == 0
            late = await rig.connect()
            await asyncio.sleep(0.01)  # uvloop may read once more in the very turn in which it connected
            await late.says(b"late")
            await asyncio.sleep(0.05)
            assert len(rig.meter.heard) == 0

            rig.meter.is_write_paused = False
            rig.channel.modem_writable(True)

            await sending
            await until(lambda: len(rig.meter.heard) >= len(whole))
            assert rig.meter.heard[: len(whole)] == whole

    async def test_a_modem_that_comes_not_writable_is_waited_for(self) -> None:
        async with Rig(is_modem_there=False) as rig:
            client = await rig.connect()
            rig.meter.is_write_paused = True
            rig.channel.attach(rig.meter)
            await client.says(b"question")
            await asyncio.sleep(0.05)
            assert rig.meter.heard == b""
            rig.meter.is_write_paused = False
            rig.channel.modem_writable(True)
            await rig.meter.hears(b"question")
