"""Modems that double, storm, vanish, stall, or sit behind a bad wire, against the whole product."""

import asyncio
import contextlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber
from tests.faults.proxy import Proxy
from tests.faults.rig import QUICK, Rig
from tests.faults.tally import TALLY
from tests.faults.watch import PATIENCE, until
from tests.mosquitto import needs_mosquitto

IMEI = "868441036775234"
PATIENT = ModemOptions(reconnect_s=None)
"""A modem that does not dial again by itself: the test says when."""
STORM = 2000

pytestmark = [needs_mosquitto, pytest.mark.slow]


async def ask(port: int, text: str = "now", within_s: float = 10.0) -> str:
    """Ask the meter behind a polling port; return the first line that comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"?WHO {text}\n".encode())
        async with asyncio.timeout(within_s):
            return (await reader.readline()).decode()
    finally:
        writer.close()


class Twins:
    """Two modems with one IMEI at one hub, and what the subscriber is told of them."""

    def __init__(self, hub: HubProcess, reader: Subscriber) -> None:
        self.reader = reader
        self.one = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, PATIENT)
        self.two = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, PATIENT)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of one type."""
        return self.reader.events(kind)


@contextlib.asynccontextmanager
async def twins(tmp_path: Path) -> Any:
    """A hub, a subscriber and two modems that say that they are the same."""
    async with HubProcess(tmp_path / "hub") as hub:
        with Subscriber(hub.mqtt_port) as reader:
            await asyncio.to_thread(reader.wait, lambda r: "irzhub/bridge/state" in r.retained())
            pair = Twins(hub, reader)
            try:
                yield hub, pair
            finally:
                await pair.one.stop()
                await pair.two.stop()


async def test_of_two_with_one_imei_the_newest_wins_and_a_wrong_password_never_does(tmp_path: Path) -> None:
    async with twins(tmp_path) as (hub, pair):
        pair.one.start()
        await pair.one.wait_for("online", 30)
        pair.two.start()
        await pair.two.wait_for("online", 30)
        await pair.one.wait_for("off", 30)
        port = (await hub.modems())[IMEI]["port"]
        assert await ask(port) == f"!WHO {IMEI} now\n"

        stranger = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, replace(PATIENT, password="0000"))
        for _ in range(5):
            stranger.start()
            await until(_is_off(stranger), 10, "the stranger closed")

        assert pair.two.is_online
        await stranger.stop()
        assert await ask(port) == f"!WHO {IMEI} now\n"
        assert pair.told("imei_conflict") == []
        assert len(pair.told("rejected")) == 1
        assert {event["data"]["reason"] for event in pair.told("disconnected")} == {"replaced"}


async def test_two_living_modems_that_displace_each_other_are_told_with_both_addresses(tmp_path: Path) -> None:
    async with twins(tmp_path) as (hub, pair):
        pair.one.start()
        await pair.one.wait_for("online", 30)
        for newer, older in ((pair.two, pair.one), (pair.one, pair.two), (pair.two, pair.one), (pair.one, pair.two)):
            newer.start()
            TALLY.fault("IMEI twice")
            await newer.wait_for("online", 30)
            await older.wait_for("off", 30)
        await asyncio.to_thread(pair.reader.wait, lambda r: r.events("imei_conflict"), 10, "the conflict told")

        (conflict,) = pair.told("imei_conflict")
        assert len(set(conflict["data"]["peers"])) >= 2
        assert (await hub.modems())[IMEI]["state"] == "online"
        assert await ask((await hub.modems())[IMEI]["port"]) == f"!WHO {IMEI} now\n"


async def test_a_second_one_amid_a_poll_gets_the_line_and_never_the_others_answer(tmp_path: Path) -> None:
    async with twins(tmp_path) as (hub, pair):
        pair.one.start()
        await pair.one.wait_for("online", 30)
        pair.one.meter = LateMeter()
        port = (await hub.modems())[IMEI]["port"]
        poll = asyncio.get_running_loop().create_task(ask(port, "old", within_s=8))
        await asyncio.sleep(0.6)
        pair.two.start()
        await pair.two.wait_for("online", 30)
        await asyncio.sleep(1)
        answers = [await ask(port, f"new{number}") for number in range(5)]

        assert answers == [f"!WHO {IMEI} new{number}\n" for number in range(5)]
        outcome = (await asyncio.gather(poll, return_exceptions=True))[0]
        assert isinstance(outcome, OSError) or outcome in ("", f"!WHO {IMEI} old\n"), outcome
        await pair.one.wait_for("off", 30)


class LateMeter:
    """Answers so late that its session may be over."""

    def receive(self, data: bytes, now: float) -> list[tuple[float, bytes]]:
        """Answer after a second and a half."""
        return [(1.5, b"!WHO nobody late\n")]


@pytest.mark.long
async def test_half_open_redials_are_daily_life(tmp_path: Path) -> None:
    async with twins(tmp_path) as (hub, pair):
        pair.one.start()
        await pair.one.wait_for("online", 30)
        dead = []
        for _ in range(4):
            TALLY.fault("modem half-open")
            dead.append(pair.one.vanish(redial_s=0.1))
            await pair.one.wait_for("online", 30)
        await asyncio.sleep(6)

        assert pair.told("imei_conflict") == []
        assert [event["data"]["reason"] for event in pair.told("disconnected")] == ["replaced"] * 4
        assert (await hub.modems())[IMEI]["state"] == "online"
        for call in dead:
            if call is not None:
                call.abort()


@pytest.mark.long
async def test_two_thousand_modems_come_back_twice_and_the_hub_answers_meanwhile(tmp_path: Path) -> None:
    limits = {"modems": {"register_limit": "100000/min"}}
    async with Rig(tmp_path, modems=50, changes={"relay": limits}, changes_per_s=20) as rig:
        options = ModemOptions(encapsulated=False, reconnect_s=(0.5, 2.0))
        async with Fleet(
            "127.0.0.1", rig.hub.modem_port, STORM, imei_base=868_100_000_000_000, options=options, ramp_per_s=800
        ) as crowd:
            await crowd.wait_online(timeout_s=60 * PATIENCE)
            # Two thousand polling ports and their sockets: the first registration is no storm of those who return.
            for _ in range(2):
                with rig.watch.excused(5.0):  # 2 s of lag are allowed for 5 s after a storm
                    queued = rig.watch.queued_s()
                    crowd.storm(within_s=2.0)
                    TALLY.fault("storm")
                    await asyncio.sleep(0.5)
                    back_s = await crowd.wait_online(timeout_s=60 * PATIENCE)
                    queued = rig.watch.queued_s() - queued
                assert back_s < 60 + queued
            assert rig.fleet.online == rig.modems, "those who were not in the storm did not feel it"
            assert all(modem.counts.dials == 1 for modem in rig.fleet.modems)
            assert crowd.counts().sums.faults == crowd.counts().sums.answers_refused == 0
            assert rig.hub.rss < (120 << 20) + (STORM + rig.modems) * (20 << 10)


async def test_modems_that_vanish_are_found_within_the_set_time_and_nobody_else(tmp_path: Path) -> None:
    changes = {"relay": {"modems": {"keepalive_timeout": "8s"}}}
    async with Rig(tmp_path, changes=changes, options=replace(QUICK, keepalive_s=2.0)) as rig:
        await rig.work(1)
        gone = rig.fleet.modems[10:20]
        wanted = {modem.imei for modem in gone}
        with rig.no_changes():
            await asyncio.sleep(0.5)
            began, queued = time.time(), rig.watch.queued_s()
            with rig.hub_is_away():
                rig.in_doubt()
                dead = [modem.vanish(redial_s=3600.0) for modem in gone]
                TALLY.fault("modem vanished", len(gone))
                await asyncio.to_thread(
                    rig.reader.wait,
                    lambda r: {event["modem"] for event in r.events("disconnected")} >= wanted,
                    15 * PATIENCE,
                    "the vanished told",
                )
                took_s, queued = time.time() - began, rig.watch.queued_s() - queued
            lost = rig.reader.events("disconnected")

            assert {event["modem"] for event in lost} == wanted
            assert {event["data"]["reason"] for event in lost} == {"keepalive_lost"}
            assert 6 < took_s < 8 + 4 + queued
            for modem in gone:
                rig.change(modem, 1)
                modem.start()
            await rig.all_online()
            for call in dead:
                if call is not None:
                    call.abort()
            await asyncio.to_thread(
                rig.reader.wait,
                lambda r: {e["modem"] for e in r.events("gpi_changed") if e["data"]["source"] == "inferred"} >= wanted,
                20 * PATIENCE,
                "what changed meanwhile is told as inferred",
            )
        inferred = [event for event in rig.reader.events("gpi_changed") if event["data"]["source"] == "inferred"]
        assert all(event["data"]["not_before"] < event["ts"] for event in inferred)
        await rig.check()


async def test_a_modem_that_takes_nothing_disturbs_nobody(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        stalled = rig.fleet.modems[-1]
        before = rig.hub.rss
        stalled.freeze()
        TALLY.fault("modem stalled")
        _, writer = await asyncio.open_connection("127.0.0.1", rig.ports[stalled.imei])
        sent, chunk = 0, b"x" * 65536
        with contextlib.suppress(TimeoutError, ConnectionError):
            while sent < 200 << 20:
                writer.write(chunk)
                async with asyncio.timeout(3):
                    await writer.drain()
                sent += len(chunk)

        assert sent < 64 << 20, "the hub takes what the kernel's buffers hold, and stops"
        assert rig.hub.rss - before < 20 << 20
        writer.transport.abort()
        rig.in_doubt()
        stalled.drop(redial_s=0.2)
        await rig.check()


@pytest.mark.parametrize("pieces", [pytest.param(1, marks=pytest.mark.long), 3])
async def test_a_wire_of_9600_bits_that_delivers_single_bytes_is_enough(tmp_path: Path, pieces: int) -> None:
    async with HubProcess(tmp_path / "hub") as hub, Proxy(hub.modem_port, seed=pieces) as wire:
        for way in (wire.up, wire.down):
            way.bytes_per_s, way.latency_s, way.jitter_s = 9600 / 8, 0.3, 0.2
        wire.up.slice_bytes = pieces
        modem = SimulatedModem("127.0.0.1", wire.port, IMEI)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(modem.stop)
            modem.start()
            await modem.wait_for("online", timeout_s=25)
            wire.down.slice_bytes = pieces  # not before: a modem takes the answer to its hello in one read
            port = (await hub.modems())[IMEI]["port"]
            for number in range(3):
                text = f"{number} " + "0123456789abcdef" * 20
                assert await ask(port, text, within_s=20) == f"!WHO {IMEI} {text}\n"

            async def pin_is_shown() -> bool:
                shown = (await hub.modems())[IMEI]
                return bool(shown["gpi"].get("1") == "ON" and shown["csq"] == 21)

            await until(lambda: _is_known(hub), 20, "the inputs asked")
            modem.set_pin(1, is_high=True)
            await until(pin_is_shown, 10, "the changed input")
            assert modem.counts.dials == 1
            assert modem.counts.faults == 0


async def _is_known(hub: HubProcess) -> bool:
    return "1" in (await hub.modems())[IMEI]["gpi"]


def _is_off(modem: SimulatedModem) -> Any:
    async def is_off() -> bool:
        return modem.state == "off"

    return is_off
