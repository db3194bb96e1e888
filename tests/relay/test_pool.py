"""A relay of several processes behaves as one relay does; what one process loses, the others do not notice."""

import asyncio

import pytest

from irzhub.core.exceptions import StartError
from irzhub.relay.messages import (
    ClientClosed,
    ClientOpened,
    CommandAnswered,
    DialInRejected,
    Drained,
    LineRead,
    PortFailed,
    PortOpened,
    RegistrationWanted,
    RingRead,
    SessionClosed,
    SessionOpened,
    Snapshot,
    ToHub,
)
from irzhub.relay.orders import AskSnapshot, Drain, KickModem, PutModem, ReadLine, ReadRing, RemoveModem, SendCommand
from irzhub.relay.pool import owner_of
from irzhub.relay.restarts import WorkerTiming
from tests.relay.modem_rig import IMEI, hello, modem_settings, relay_settings, until
from tests.relay.pool_rig import PoolHub, free_ports, is_gone, modems_of, open_descriptors


async def test_unknown_modems_are_registered_once_and_served_by_their_owners() -> None:
    first, second = modems_of(0, 1)[0], modems_of(1, 1)[0]
    async with PoolHub() as hub:
        for modem in (first, second):
            end = await hub.dials(hello(modem))
            program = await hub.polls(modem)
            await program.says(b"/?!\r\n")
            assert await end.reads(5) == b"/?!\r\n"
            await end.says(b"/LGZ5\r\n")
            assert await program.reads(7) == b"/LGZ5\r\n"

    assert sorted(message.modem for message in hub.all(RegistrationWanted)) == sorted([first, second])
    assert len({message.request for message in hub.all(RegistrationWanted)}) == 2
    assert {owner_of(first, 2), owner_of(second, 2)} == {0, 1}


async def test_each_worker_tells_who_is_at_the_ports_of_its_modems() -> None:
    modems = [modems_of(0, 1)[0], modems_of(1, 1)[0]]
    async with PoolHub() as hub:
        hub.put(*modems)
        await hub.hears(PortOpened, 2)
        for modem in modems:
            await hub.dials(hello(modem))
            program = await hub.polls(modem)
            await program.says(b"/?!\r\n")
        await hub.hears(ClientOpened, 2)
        for number, modem in enumerate(modems):
            hub.send(ReadLine(request=modem, modem=modem))
            read = await hub.hears(LineRead, number + 1)
            assert (read.request, read.modem) == (modem, modem)
            assert [(each.peer.partition(":")[0], each.is_observer) for each in read.programs] == [("127.0.0.1", False)]


async def test_bytes_behind_the_hello_come_to_the_meter_side_first() -> None:
    async with PoolHub() as hub:
        hub.put(IMEI)
        program = await hub.polls()
        end = await hub.connects()
        await end.says(hello() + b"early")
        await end.is_answered()
        await end.says(b" late")
        assert await program.reads(10) == b"early late"


async def test_a_wrong_password_is_judged_by_the_owner() -> None:
    async with PoolHub() as hub:
        hub.send(PutModem(settings=modem_settings(password="plain:1234")))
        await hub.hears(PortOpened)
        end = await hub.connects()
        await end.says(hello(password="5492"))
        assert await end.is_closed()
        rejected = await hub.hears(DialInRejected)
        assert (rejected.reason, rejected.modem) == ("wrong password", IMEI)


async def test_a_command_is_answered_by_the_owner_and_refused_when_the_modem_is_away() -> None:
    here, away = modems_of(0, 1)[0], modems_of(1, 1)[0]
    async with PoolHub() as hub:
        hub.put(here, away)
        await hub.dials(hello(here, framed=True))
        hub.send(SendCommand(request="a", modem=away, command="signal"))
        assert (await hub.hears(CommandAnswered)).error == "modem is not connected"
        hub.send(SendCommand(request="b", modem=here, command="signal"))
        hub.send(KickModem(modem=here))
        answered = await hub.hears(CommandAnswered, 2)
        assert (answered.request, answered.status) == ("b", "error")
        assert (await hub.hears(SessionClosed)).reason == "kicked"


async def test_programs_share_a_line_at_each_worker() -> None:
    async with PoolHub() as hub:
        for modem in (modems_of(0, 1)[0], modems_of(1, 1)[0]):
            end = await hub.dials(hello(modem))
            first, second = await hub.polls(modem), await hub.polls(modem)
            await first.says(b"one")
            assert await end.reads(3) == b"one"
            await second.says(b"two")
            await end.says(b"ONE")
            assert await first.reads(3) == b"ONE"
            await end.hears_nothing()
            first.close()
            assert await end.reads(3) == b"two"
            await end.says(b"TWO")
            assert await second.reads(3) == b"TWO"


async def test_a_killed_worker_costs_its_own_modems_and_nobody_else() -> None:
    lost, kept = modems_of(0, 1)[0], modems_of(1, 1)[0]
    ports = dict(zip((lost, kept), free_ports(2), strict=True))
    async with PoolHub() as hub:
        hub.put(lost, kept, ports=ports)
        ends = {modem: await hub.dials(hello(modem)) for modem in (lost, kept)}
        programs = {modem: await hub.polls(modem) for modem in (lost, kept)}
        await programs[lost].says(b"question")
        assert await ends[lost].reads(8) == b"question"
        await until(lambda: len(hub.all(ClientOpened)) == 2)
        hub.send(SendCommand(request="owed", modem=lost, command="signal"))
        pid = hub.kill(0)

        assert await ends[lost].is_closed()
        assert await programs[lost].is_closed()
        closed = await hub.hears(SessionClosed)
        assert (closed.modem, closed.reason, closed.generation) == (lost, "worker_lost", 1)
        assert [(each.modem, each.reason, each.clients) for each in hub.all(ClientClosed)] == [(lost, "modem_lost", 0)]
        assert [(each.modem, each.port) for each in hub.all(PortFailed)] == [(lost, ports[lost])]
        assert [(each.request, each.status) for each in hub.all(CommandAnswered)] == [("owed", "error")]
        assert "1 of 2 workers" in hub.troubles[0]
        await programs[kept].says(b"undisturbed?")
        assert await ends[kept].reads(12) == b"undisturbed?"

        await hub.serves_again(0, pid)
        opened = await hub.hears(PortOpened, 3)
        assert (opened.modem, opened.port) == (lost, ports[lost])
        again = await hub.dials(hello(lost))
        program = await hub.polls(lost)
        await program.says(b"once more")
        assert await again.reads(9) == b"once more"
        assert hub.troubles[-1] == ""
        assert len(hub.all(SessionClosed)) == 1
        assert hub.all(RegistrationWanted) == []


async def test_a_modem_that_dials_while_its_worker_is_away_waits_for_it() -> None:
    modem = modems_of(1, 1)[0]
    async with PoolHub() as hub:
        hub.put(modem)
        await hub.hears(PortOpened)
        pid = hub.kill(1)
        await until(lambda: not hub.pool.workers[1].is_serving)
        end = await hub.connects()
        await end.says(hello(modem))
        hub.send(SendCommand(request="now", modem=modem, command="signal"))
        assert "started again" in str((await hub.hears(CommandAnswered)).error)
        hub.send(ReadRing(request="ring", modem=modem))
        assert (await hub.hears(RingRead)).entries == []
        hub.send(ReadLine(request="line", modem=modem))
        assert (await hub.hears(LineRead)).programs == []
        await hub.serves_again(1, pid)
        await end.is_answered()
        assert (await hub.hears(SessionOpened)).modem == modem


async def test_a_removed_modem_is_not_put_again_after_a_kill() -> None:
    kept, removed = modems_of(0, 2)
    async with PoolHub() as hub:
        hub.put(kept, removed)
        await hub.hears(PortOpened, 2)
        hub.send(RemoveModem(modem=removed))
        pid = hub.kill(0)
        await hub.serves_again(0, pid)
        await hub.hears(PortOpened, 3)
        hub.send(AskSnapshot())
        assert (await hub.hears(Snapshot)).listeners == 1
        assert [each.modem for each in hub.all(PortFailed)] == [kept]


@pytest.mark.slow
async def test_twenty_kills_leave_no_descriptor_behind() -> None:
    modem = modems_of(0, 1)[0]
    async with PoolHub(timing=WorkerTiming(restart_first_s=0.01, free_restarts=100)) as hub:
        hub.put(modem, ports={modem: free_ports(1)[0]})
        await hub.hears(PortOpened)
        before = 0
        for kill in range(20):
            if kill == 1:  # what is opened once, with the first modem and the first worker's end, is there by now
                before = open_descriptors()
            end = await hub.dials(hello(modem))
            await hub.hears(SessionOpened, kill + 1)
            pid = hub.kill(0)
            await hub.serves_again(0, pid)
            await hub.hears(PortOpened, kill + 2)
            end.close()
        await until(lambda: open_descriptors() <= before)
        assert [each.reason for each in hub.all(SessionClosed)] == ["worker_lost"] * 20


async def test_snapshots_are_summed_and_counters_live_in_the_hub() -> None:
    modems = [modems_of(0, 1)[0], modems_of(1, 1)[0]]
    async with PoolHub() as hub:
        hub.put(*modems)
        for modem in modems:
            await hub.dials(hello(modem))
        await hub.hears(SessionOpened, 2)
        hub.send(AskSnapshot())
        await until(lambda: hub.all(Snapshot) and hub.all(Snapshot)[-1].modems_online == 2)
        snapshot = hub.all(Snapshot)[-1]
        assert (snapshot.listeners, snapshot.counters["modem_connects_total"]) == (2, 2)
        assert hub.metrics.counter("modem_connects_total", "").values == {(): 2}
        assert sum(hub.metrics.histogram("modem_handshake_seconds", "").counts) == 2


async def test_a_hub_that_fails_on_one_message_goes_on_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    modem = modems_of(0, 1)[0]
    async with PoolHub() as hub:
        pid = hub.pool.workers[0].pid
        receive = hub.pool._to_hub

        def fails_once(message: ToHub) -> None:
            if isinstance(message, PortOpened) and not failures:
                failures.append(message)
                raise RuntimeError("a fault of the hub")
            receive(message)

        failures: list[ToHub] = []
        monkeypatch.setattr(hub.pool, "_to_hub", fails_once)
        hub.put(modem)
        await until(lambda: failures)
        await hub.dials(hello(modem))
        await hub.hears(SessionOpened)
        assert hub.pool.workers[0].pid == pid


async def test_a_stop_while_a_worker_is_away_does_not_wait_for_it() -> None:
    async with PoolHub(timing=WorkerTiming(restart_first_s=30.0)) as hub:
        hub.kill(0)
        await until(lambda: hub.troubles)
        hub.send(Drain(seconds=5.0))
        await asyncio.wait_for(hub.hears(Drained), 3)
    assert hub.pool.workers[0].restarts == 1


async def test_a_drain_closes_everything_once_and_ends_the_processes() -> None:
    modems = [modems_of(0, 1)[0], modems_of(1, 1)[0]]
    async with PoolHub() as hub:
        hub.put(*modems)
        ends = [await hub.dials(hello(modem)) for modem in modems]
        hub.send(Drain(seconds=2.0))
        for end in ends:
            assert await end.is_closed()
        await hub.hears(Drained)
        assert [each.reason for each in hub.all(SessionClosed)] == ["hub_stop", "hub_stop"]
    assert len(hub.all(Drained)) == 1
    for pid in hub.pids:
        assert await is_gone(pid)


async def test_a_busy_port_for_modems_ends_the_workers_again() -> None:
    async with PoolHub() as hub:
        second = PoolHub(settings=relay_settings(port=hub.port))
        with pytest.raises(StartError, match="the port for modems"):
            async with second:
                pass
    for worker in second.pool.workers:
        assert worker.pid is not None
        assert await is_gone(worker.pid)


async def test_two_thousand_modems_dial_in_at_once() -> None:
    modems = [*modems_of(0, 1000), *modems_of(1, 1000)]
    async with PoolHub() as hub:
        hub.put(*modems)
        await until(lambda: len(hub.all(PortOpened)) == 2000, 20)
        await asyncio.gather(*(hub.dials(hello(modem)) for modem in modems))
        await until(lambda: len(hub.all(SessionOpened)) == 2000, 20)
        hub.send(AskSnapshot())
        await until(lambda: hub.all(Snapshot) and hub.all(Snapshot)[-1].modems_online == 2000)
        assert hub.all(DialInRejected) == []
