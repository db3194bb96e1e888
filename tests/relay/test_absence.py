"""Programs at the port of a modem that sleeps: what they wait for, for how long, and with which end."""

import asyncio

from irzhub.relay.messages import ToHub, WakeWanted
from irzhub.relay.settings import RelaySettings, SharingSettings
from tests.relay.client_rig import QUICK, Rig, until


def wanted(rig: Rig) -> list[ToHub]:
    return [each for each in rig.messages if isinstance(each, WakeWanted)]


async def test_the_bytes_of_all_programs_reach_the_modem_in_order_once_it_comes() -> None:
    async with Rig(is_modem_there=False, offline="wake") as rig:
        first, second = await rig.connect(), await rig.connect()
        await first.says(b"1a")
        await until(lambda: rig.channel.programs[0].kept_bytes == 2)
        await second.says(b"2a")
        await until(lambda: rig.channel.programs[1].kept_bytes == 2)
        await first.says(b"1b")
        await until(lambda: rig.channel.programs[0].kept_bytes == 4)

        rig.channel.attach(rig.meter)

        await rig.meter.hears(b"1a1b")
        rig.meter.says(b"answer")
        await first.hears(b"answer")
        await rig.meter.hears(b"2a")
        assert rig.dropped == {}


async def test_what_was_asked_is_kept_for_as_long_as_the_program_waits() -> None:
    sharing = SharingSettings(answer_timeout_s=0.02)
    async with Rig(is_modem_there=False, offline="wake", wake_wait_s=5.0, sharing=sharing) as rig:
        client = await rig.connect()
        await client.says(b"question")
        await until(lambda: rig.channel.programs[0].kept_bytes)
        await asyncio.sleep(0.06)
        rig.channel.attach(rig.meter)
        await rig.meter.hears(b"question")


async def test_no_more_than_the_limit_is_kept() -> None:
    async with Rig(RelaySettings(data_limit=1000), is_modem_there=False, offline="wake") as rig:
        client = await rig.connect()
        await client.says(b"x" * 5000)
        await until(lambda: rig.dropped.get("overflow"))
        assert rig.channel.programs[0].kept_bytes <= 1000


async def test_a_program_that_waited_in_vain_is_closed_and_the_next_one_asks_again() -> None:
    async with Rig(is_modem_there=False, offline="wake", wake_wait_s=0.05) as rig:
        client = await rig.connect()
        assert await client.is_closed()
        assert [each.reason for each in await rig.closed()] == ["not_woken"]
        assert len(wanted(rig)) == 1
        rig.channel.stop_waiting()
        await rig.connect()
        assert len(wanted(rig)) == 2


async def test_each_program_has_its_own_time() -> None:
    async with Rig(is_modem_there=False, offline="wake", wake_wait_s=0.2) as rig:
        first = await rig.connect()
        await asyncio.sleep(0.1)
        await rig.connect()
        assert await first.is_closed()
        assert len(rig.channel.programs) == 1
        await rig.closed(2)


async def test_the_hub_gives_up_and_who_waits_is_closed_at_once() -> None:
    async with Rig(is_modem_there=False, offline="wake", wake_wait_s=60.0) as rig:
        client = await rig.connect()
        rig.channel.stop_waiting()
        assert await client.is_closed()
        assert [each.reason for each in await rig.closed()] == ["not_woken"]


async def test_the_hub_s_word_comes_too_late_for_a_modem_that_is_there() -> None:
    async with Rig(is_modem_there=False, offline="wake") as rig:
        client = await rig.connect()
        rig.channel.attach(rig.meter)
        rig.channel.stop_waiting()
        await client.says(b"question")
        await rig.meter.hears(b"question")


async def test_a_program_that_was_let_in_is_not_closed_by_the_time_that_it_waited() -> None:
    async with Rig(is_modem_there=False, offline="wake", wake_wait_s=0.05) as rig:
        client = await rig.connect()
        rig.channel.attach(rig.meter)
        await asyncio.sleep(0.08)
        await client.says(b"question")
        await rig.meter.hears(b"question")


async def test_who_only_reads_wakes_nobody() -> None:
    sharing = SharingSettings(observers=("127.0.0.0/8",))
    async with Rig(is_modem_there=False, offline="wake", wake_wait_s=0.05, sharing=sharing) as rig:
        await rig.connect()
        await asyncio.sleep(0.08)
        assert wanted(rig) == []
        assert len(rig.channel.programs) == 1


async def test_a_program_that_was_held_asks_for_the_modem_and_then_waits_for_that() -> None:
    async with Rig(hold_s=0.1, offline="wake", wake_wait_s=5.0, sharing=QUICK) as rig:
        client = await rig.connect()
        rig.channel.detach(rig.meter)
        assert wanted(rig) == []
        await client.says(b"question")
        await until(lambda: len(wanted(rig)) == 1)
        await asyncio.sleep(0.12)
        rig.channel.attach(rig.meter)
        await rig.meter.hears(b"question")


async def test_many_wishes_are_told_once() -> None:
    async with Rig(is_modem_there=False, offline="wake") as rig:
        client = await rig.connect()
        for _ in range(5):
            await client.says(b"question")
            await asyncio.sleep(0.002)
        await rig.connect()
        assert len(wanted(rig)) == 1
