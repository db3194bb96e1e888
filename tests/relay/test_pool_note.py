"""A pool leaves its workers to the next one: nobody at a modem or a program notices."""

import os
from dataclasses import replace

from irzhub.relay.messages import (
    ClientLives,
    ModemsListening,
    PortOpened,
    RegistrationWanted,
    Resynced,
    SessionClosed,
    SessionLives,
    SessionOpened,
)
from irzhub.relay.pool_note import settings_text
from irzhub.relay.restarts import WorkerTiming
from tests.relay.modem_rig import ModemEnd, hello, relay_settings, until
from tests.relay.pool_rig import PoolHub, free_ports, is_gone, modems_of

HERE, THERE = modems_of(0, 1)[0], modems_of(1, 1)[0]


async def talk(program: ModemEnd, end: ModemEnd, text: bytes) -> None:
    """One poll."""
    await program.says(text)
    assert await end.reads(len(text)) == text
    await end.says(text.upper())
    assert await program.reads(len(text)) == text.upper()


async def test_sessions_and_programs_live_on_under_the_next_pool() -> None:
    before = PoolHub()
    async with before:
        before.put(HERE, THERE)
        ends = {modem: await before.dials(hello(modem)) for modem in (HERE, THERE)}
        programs = {modem: await before.polls(modem) for modem in (HERE, THERE)}
        for modem in ends:
            await talk(programs[modem], ends[modem], b"one")
        left = await before.leaves()
        for modem in ends:  # nobody is there, and nobody notices
            await talk(programs[modem], ends[modem], b"two")
        last = len(before.got)

        after = PoolHub(left=left)
        after.put(HERE, THERE)
        async with after:
            assert after.pids == before.pids
            assert {message.modem for message in after.all(SessionLives)} == {HERE, THERE}
            assert {message.modem for message in after.all(ClientLives)} == {HERE, THERE}
            opened = {message.modem: (message.generation, message.at) for message in before.all(SessionOpened)}
            lives = {message.modem: (message.generation, message.opened_at) for message in after.all(SessionLives)}
            assert lives == opened
            assert after.all(Resynced) == [Resynced(missed=0)]
            assert [message.port for message in after.all(ModemsListening)] == [before.port]
            assert len(before.got) == last
            for modem in ends:
                await talk(programs[modem], ends[modem], b"three")
            ends[HERE].close()
            await after.hears(SessionClosed)
            again = await after.dials(hello(HERE))
            assert (await after.hears(SessionOpened)).generation == 2
            again.close()
    for pid in after.pids:
        assert await is_gone(pid)


async def test_what_happens_between_two_hubs_is_told_to_the_next_one_in_order() -> None:
    before = PoolHub(1)
    async with before:
        before.put(HERE)
        end = await before.dials(hello(HERE))
        left = await before.leaves()
        end.close()
        again = await before.connects()
        await again.says(hello(HERE))  # it waits in the kernel's queue until there is a hub
        after = PoolHub(1, left=left)
        after.put(HERE)
        async with after:
            await again.is_answered()
            await after.hears(SessionOpened)
            kinds = [type(each) for each in after.got if not isinstance(each, PortOpened | ModemsListening)]
            assert kinds[:3] == [SessionLives, SessionClosed, Resynced]
            assert (after.all(SessionLives)[0].generation, after.all(SessionOpened)[0].generation) == (1, 2)


async def test_half_a_hello_and_an_unknown_modem_go_on_with_the_next_hub() -> None:
    before = PoolHub(1, registers=False)
    async with before:
        before.put(HERE)
        half = await before.connects()
        await half.says(hello(HERE)[:20])
        stranger = await before.connects()
        await stranger.says(hello(THERE))
        await before.hears(RegistrationWanted)
        await until(lambda: before.pool._front._acceptor.silent == 1)
        left = await before.leaves()
        after = PoolHub(1, left=left)
        after.put(HERE)
        async with after:
            await half.says(hello(HERE)[20:])
            await half.is_answered()
            await stranger.is_answered()
            assert after.all(RegistrationWanted)[0].modem == THERE


async def test_a_pool_that_was_to_be_replaced_and_stays_tells_all_that_it_was_not_told() -> None:
    async with PoolHub() as hub:
        hub.put(HERE, THERE)
        end = await hub.dials(hello(HERE))
        hub.pool.rest()
        await hub.pool.hold()
        other = await hub.connects()
        await other.says(hello(THERE))
        end.close()
        hub.put(modems_of(0, 2)[1])
        assert hub.all(SessionClosed) == []
        hub.pool.go_on()
        await other.is_answered()
        await hub.hears(SessionClosed)
        await hub.hears(Resynced)
        await hub.hears(PortOpened, 5)
        await hub.hears(SessionOpened, 2)
        assert [message.modem for message in hub.all(SessionOpened)] == [HERE, THERE]


async def test_workers_that_cannot_be_kept_are_ended_and_their_ports_are_free() -> None:
    port = free_ports(1)[0]
    before = PoolHub(1)
    async with before:
        before.put(HERE, ports={HERE: port})
        await before.hears(PortOpened)
        await before.dials(hello(HERE))
        left = await before.leaves()
        assert left.why_useless(1) is None
        assert left.why_useless(2) == "there were 1 workers and now there are to be 2"
        assert replace(left, schema="other").why_useless(1) == "this version speaks to its workers in another way"
        await left.end_workers()
        for pid in before.pids:
            assert await is_gone(pid)
        after = PoolHub(2, left=replace(left, workers=()))
        after.put(HERE, ports={HERE: port})
        async with after:
            assert (await after.hears(PortOpened)).port == port
            await after.dials(hello(HERE))
            assert [message.port for message in after.all(ModemsListening)] == [before.port]


async def test_a_worker_that_died_between_two_hubs_is_started_anew() -> None:
    before = PoolHub(2)
    async with before:
        before.put(HERE, THERE)
        ends = {modem: await before.dials(hello(modem)) for modem in (HERE, THERE)}
        left = await before.leaves()
        dead = left.workers[0].child.pid
        os.kill(dead, 9)
        after = PoolHub(2, left=left, timing=WorkerTiming(restart_first_s=0.05))
        after.put(HERE, THERE)
        async with after:
            assert dead not in after.pids
            assert len(after.pids & before.pids) == 1
            assert [message.modem for message in after.all(SessionLives)] == [THERE]
            assert after.all(Resynced) == [Resynced(missed=0)]
            assert await ends[HERE].is_closed()
            await after.dials(hello(HERE))


def test_only_what_a_worker_goes_by_is_compared() -> None:
    assert settings_text(relay_settings(port=1)) == settings_text(relay_settings(port=2))
    assert settings_text(relay_settings()) != settings_text(relay_settings(answer_end=b"\r\n"))
