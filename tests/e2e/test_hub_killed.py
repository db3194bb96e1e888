"""kill -9 of the hub in the midst of changes: what was committed is told, numbers go on, nobody is called offline."""

import asyncio
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import psutil

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber
from tests.e2e.told import assert_retained_state, first_tellings
from tests.mosquitto import Mosquitto, needs_mosquitto

KILLS = int(os.environ.get("IRZHUB_TEST_KILLS", "3"))
MODEMS = 60
CHANGES_PER_S = 200

pytestmark = needs_mosquitto


async def test_killed_hub_loses_nothing_committed_and_calls_nobody_offline(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path) as broker:
        changes: dict[str, dict[str, Any]] = {
            "mqtt": {"broker": "external", "port": broker.port},
            "hub": {"start_grace": "60s"},
        }
        async with HubProcess(tmp_path / "hub", changes) as hub:
            with Subscriber(broker.port) as reader:
                runtime = Runtime()
                async with Fleet(
                    "127.0.0.1",
                    hub.modem_port,
                    MODEMS,
                    options=ModemOptions(reconnect_s=(0.5, 2.0)),
                    gpi_every_s=MODEMS / CHANGES_PER_S,
                    runtime=runtime,
                ) as fleet:
                    await fleet.wait_online()
                    await asyncio.to_thread(reader.wait, lambda r: len(r.events("connected")) == MODEMS, 20)
                    for _ in range(KILLS):
                        await asyncio.sleep(2)
                        hub.kill()
                        await asyncio.sleep(1)
                        await hub.start()
                        await fleet.wait_online()
                    await asyncio.sleep(2)
                    fleet.stop_changes()
                    await asyncio.sleep(1)
                    await asyncio.to_thread(
                        reader.wait, lambda r: r.retained().get("irzhub/bridge/state") == b"online", 30, "online again"
                    )
                    page = await all_events(hub)
                    await asyncio.to_thread(
                        reader.wait, lambda r: {e["id"] for e in page} <= {e["id"] for e in r.events()}, 60, "all told"
                    )

                    told = first_tellings(reader.events())
                    assert_numbers_are_used_once_and_without_gap(told)
                    assert_levels_follow_each_other(told)
                    assert_retained_state(fleet, reader.retained())
                    assert reader.events("disconnected") == []
                    offline = [
                        m for m in reader.messages if m.topic.endswith("availability") and m.payload == b"offline"
                    ]
                    assert offline == []
                    assert len([event for event in told if event["type"] == "gpi_changed"]) > CHANGES_PER_S * 2 * KILLS


async def test_broker_of_a_killed_hub_dies_with_it_and_its_ports_are_free(tmp_path: Path) -> None:
    others = psutil.Process().children(recursive=True)
    async with HubProcess(tmp_path / "hub") as hub:
        children = psutil.Process(hub.pid).children(recursive=True)
        assert children, "the embedded broker is a child"

        hub.kill()

        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 5)
        assert alive == []
        await hub.start()
        status = await hub.stop()

        assert status == 0
        # The servers of other tests in this run may be children too.
        assert set(psutil.Process().children(recursive=True)) <= set(others)


async def test_modems_that_do_not_return_are_offline_after_the_grace_and_the_others_never(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path) as broker:
        changes: dict[str, dict[str, Any]] = {
            "mqtt": {"broker": "external", "port": broker.port},
            "hub": {"start_grace": "4s"},
        }
        async with HubProcess(tmp_path / "hub", changes) as hub:
            with Subscriber(broker.port) as reader:
                runtime = Runtime()
                options = ModemOptions(reconnect_s=(0.3, 1.0))
                async with Fleet("127.0.0.1", hub.modem_port, 10, options=options, runtime=runtime) as fleet:
                    await fleet.wait_online()
                    await asyncio.to_thread(reader.wait, lambda r: len(r.events("connected")) == 10, 20)
                    hub.kill()
                    gone, stay = fleet.modems[:2], fleet.modems[2:]
                    for modem in gone:
                        modem.switch_off()
                    await hub.start()
                    await asyncio.to_thread(
                        reader.wait, lambda r: len(r.events("disconnected")) >= 2, 20, "two modems declared lost"
                    )
                    await asyncio.to_thread(
                        reader.wait, lambda r: r.retained().get("irzhub/bridge/state") == b"online", 20
                    )

                    lost = reader.events("disconnected")
                    assert sorted(event["modem"] for event in lost) == sorted(modem.imei for modem in gone)
                    assert {event["data"]["reason"] for event in lost} == {"hub_restart"}
                    retained = reader.retained()
                    for modem in gone:
                        assert retained[f"irzhub/modem/{modem.imei}/availability"] == b"offline"
                    for modem in stay:
                        assert retained[f"irzhub/modem/{modem.imei}/availability"] == b"online"


def _with_grace(broker: Mosquitto, start_grace: str) -> dict[str, dict[str, Any]]:
    return {"mqtt": {"broker": "external", "port": broker.port}, "hub": {"start_grace": start_grace}}


async def all_events(hub: HubProcess) -> list[dict[str, Any]]:
    """Return every event of the journal, over REST."""
    found: list[dict[str, Any]] = []
    while page := (await hub.get(f"/api/v1/events?after_seq={found[-1]['seq'] if found else 0}"))["items"]:
        found.extend(page)
    return found


def assert_numbers_are_used_once_and_without_gap(told: list[dict[str, Any]]) -> None:
    """Each number belongs to one event, and every number from the first to the last was told."""
    by_seq: dict[int, str] = {}
    for event in told:
        assert by_seq.setdefault(event["seq"], event["id"]) == event["id"], f"number {event['seq']} was used twice"
    assert sorted(by_seq) == list(range(1, max(by_seq) + 1))


def assert_levels_follow_each_other(told: list[dict[str, Any]]) -> None:
    """No transition is missing between two that were told: each begins where the one before ended."""
    levels: dict[tuple[str, int], str] = {}
    newest: dict[str, int] = defaultdict(int)
    for event in told:
        assert event["modem"] is None or event["seq"] > newest[event["modem"]]
        newest[event["modem"]] = event["seq"]
        if event["type"] == "gpi_changed":
            key = event["modem"], event["data"]["pin"]
            assert levels.get(key, event["data"]["previous"]) == event["data"]["previous"], event
            levels[key] = event["data"]["level"]
