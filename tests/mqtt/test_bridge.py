"""The bridge on a real broker, read from outside by paho."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.events import ImeiConflict
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import IMEI, OTHER, BridgedHub
from tests.mqtt.reader import Reader, read_retained

BASE = f"irzhub/modem/{IMEI}"


@pytest.fixture
async def hub(broker: Mosquitto, tmp_path: Path) -> AsyncIterator[BridgedHub]:
    async with BridgedHub(tmp_path, port=broker.port) as running:
        yield running


async def test_registration_publishes_state_availability_registered_connected_in_this_order(
    hub: BridgedHub, broker: Mosquitto
) -> None:
    async with Reader(broker.port, ("irzhub/modem/#",)) as reader:
        await reader.until(hub.is_up)
        hub.register()
        await reader.until(lambda: len(reader.find(f"{BASE}/event")) == 2)

    assert reader.topics() == [f"{BASE}/state", f"{BASE}/availability", f"{BASE}/event", f"{BASE}/event"]
    assert [got.json["type"] for got in reader.find(f"{BASE}/event")] == ["registered", "connected"]
    assert reader.find(f"{BASE}/availability")[0].payload == b"online"
    state = reader.find(f"{BASE}/state")[0].json
    assert (state["address"], state["csq"], state["rssi_dbm"], state["gpi"]) == ("10.0.0.5:20000", None, None, {})
    assert not any(got.retained for got in reader.messages)


async def test_state_is_retained_and_events_are_not(hub: BridgedHub, broker: Mosquitto) -> None:
    async with Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.register()
        hub.switch(2, "ON")
        await reader.until(lambda: len(reader.find(f"{BASE}/event")) == 3)

    kept = await read_retained(broker.port)
    assert set(kept) == {
        "irzhub/bridge/state",
        "irzhub/bridge/info",
        f"{BASE}/state",
        f"{BASE}/availability",
        f"{BASE}/gpi/2",
    }
    assert kept[f"{BASE}/gpi/2"] == b"ON"


async def test_the_state_of_a_change_comes_before_its_event(hub: BridgedHub, broker: Mosquitto) -> None:
    async with Reader(broker.port, ("irzhub/modem/#",)) as reader:
        await reader.until(hub.is_up)
        hub.register()
        await reader.until(lambda: len(reader.find(f"{BASE}/event")) == 2)
        reader.messages.clear()
        hub.switch(1, "ON")
        await reader.message(f"{BASE}/event")

    assert reader.topics() == [f"{BASE}/state", f"{BASE}/gpi/1", f"{BASE}/event"]
    assert reader.messages[0].json["gpi"] == {"1": "ON"}
    data = reader.messages[2].json["data"]
    assert (data["pin"], data["level"], data["previous"], data["source"]) == (1, "ON", "OFF", "report")


async def test_in_the_grace_the_hub_is_offline_and_afterwards_online(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add(link="online", confirmed=False)
    hub.add(OTHER, link="offline")
    async with Reader(broker.port) as reader:
        await reader.message("irzhub/bridge/state", "offline")
        await reader.message(f"{BASE}/availability", "online")
        await reader.message(f"irzhub/modem/{OTHER}/availability", "offline")
        await asyncio.sleep(0.3)
        assert reader.find("irzhub/bridge/state", "online") == []

        hub.states.update(IMEI, link="offline", confirmed=True)
        hub.online()
        await reader.message("irzhub/bridge/state", "online")
        assert reader.find(f"{BASE}/availability", "offline"), "the hub vouches for what it has not said yet"


async def test_a_clean_stop_says_offline_itself(broker: Mosquitto, tmp_path: Path) -> None:
    async with Reader(broker.port) as reader:
        async with BridgedHub(tmp_path, port=broker.port) as hub:
            hub.online()
            hub.add()
            await reader.message("irzhub/bridge/state", "online")
            hub.connect()
        await reader.message("irzhub/bridge/state", "offline")
        await reader.message(f"{BASE}/event")
    assert [got.text for got in reader.find("irzhub/bridge/state")] == ["online", "offline"]
    assert (await read_retained(broker.port))["irzhub/bridge/state"] == b"offline"


async def test_info_says_what_the_hub_is(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add(link="online")
    async with Reader(broker.port) as reader:
        info = (await reader.message("irzhub/bridge/info")).json

    assert info["hub_id"] == "main"
    assert info["broker"] == "external"
    assert info["counts"] == {"modems": 1, "online": 1}
    assert info["started_at"].endswith("Z")


async def test_its_own_offline_is_repaired(hub: BridgedHub, broker: Mosquitto) -> None:
    """The will of an old session can fire long after the new one is up."""
    async with Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.online()
        await reader.message("irzhub/bridge/state", "online")
        reader.messages.clear()
        reader.publish("irzhub/bridge/state", "offline", retain=True)
        await reader.message("irzhub/bridge/state", "online")

    assert (await read_retained(broker.port))["irzhub/bridge/state"] == b"online"


async def test_another_hubs_base_topic_is_refused_with_the_line_to_set(broker: Mosquitto, tmp_path: Path) -> None:
    async with Reader(broker.port, ()) as writer:
        writer.publish("irzhub/bridge/info", json.dumps({"hub_id": "north", "version": "1"}), retain=True)
        await writer.until(lambda: True)
        async with Reader(broker.port, ("irzhub/bridge/state", "irzhub/modem/#")) as reader:
            async with BridgedHub(tmp_path, port=broker.port) as hub:
                hub.add()
                await reader.until(lambda: "mqtt.base_topic" in hub.detail())
                assert "'north'" in hub.detail()
                assert not hub.is_up()
            assert reader.messages == []


async def test_answers_after_a_connect_become_one_state_within_two_seconds(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add()
    async with Reader(broker.port, (f"{BASE}/#",)) as reader:
        await reader.until(hub.is_up)
        await reader.message(f"{BASE}/state")
        hub.connect()
        await reader.message(f"{BASE}/event")
        reader.messages.clear()
        for fields in ({"csq": 17}, {"temperature_c": 31}, {"iccid": "8970101"}, {"cell": "250-01-3860-1"}):
            await asyncio.sleep(0.1)
            hub.states.update(IMEI, observed_at=hub.clock.now(), **fields)
        await reader.message(f"{BASE}/state", timeout_s=2.5)
        await asyncio.sleep(0.5)

    assert len(reader.messages) == 1
    state = reader.messages[0].json
    assert (state["csq"], state["rssi_dbm"], state["temperature_c"], state["iccid"]) == (17, -79, 31, "8970101")


async def test_counters_alone_wait_their_minute(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add()
    async with Reader(broker.port, (f"{BASE}/state",)) as reader:
        await reader.until(hub.is_up)
        await reader.message(f"{BASE}/state")
        for count in range(1, 20):
            hub.states.update(IMEI, rx_bytes=count, clients=count % 2, last_seen=hub.clock.now())
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        assert len(reader.messages) == 1
        hub.states.update(IMEI, name="Котельная 3")
        await reader.until(lambda: len(reader.messages) == 2)

    assert reader.messages[1].json["rx_bytes"] == 19
    assert reader.messages[1].json["name"] == "Котельная 3"


async def test_a_deleted_modem_loses_its_topics(hub: BridgedHub, broker: Mosquitto) -> None:
    async with Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.register()
        hub.switch(1, "ON")
        await reader.until(lambda: len(reader.find(f"{BASE}/event")) == 3)
        hub.states.forget(IMEI)
        await reader.message(f"{BASE}/gpi/1", "")
        await reader.message(f"{BASE}/state", "")
        await reader.message(f"{BASE}/availability", "")

    assert set(await read_retained(broker.port)) == {"irzhub/bridge/state", "irzhub/bridge/info"}


async def test_a_modem_deleted_while_the_broker_was_away_loses_its_topics_later(
    broker: Mosquitto, tmp_path: Path
) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        hub.add(gpi={1: "ON"})
        hub.add(OTHER)
        await reader.message(f"{BASE}/gpi/1", "ON")
        await reader.message(f"irzhub/modem/{OTHER}/state")
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.add(OTHER)
        await asyncio.sleep(0.3)
        assert not reader.find(f"{BASE}/gpi/1", ""), "before the fleet is known nobody is missing"
        hub.online()
        await reader.message(f"{BASE}/gpi/1", "")

    kept = await read_retained(broker.port)
    assert {topic for topic in kept if topic.startswith(BASE)} == set()
    assert f"irzhub/modem/{OTHER}/state" in kept


async def test_topics_under_an_old_base_are_cleared(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        hub.add(gpi={1: "ON"})
        await reader.message(f"{BASE}/gpi/1", "ON")
    async with BridgedHub(tmp_path, port=broker.port, base_topic="site/north") as hub, Reader(broker.port) as reader:
        hub.add(gpi={1: "ON"})
        await reader.message(f"{BASE}/gpi/1", "")
        await reader.message(f"site/north/modem/{IMEI}/gpi/1", "ON")

    assert not any(topic.startswith(BASE) for topic in await read_retained(broker.port))


async def test_a_pin_that_changes_direction_moves_its_topic(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add(gpi={3: "ON", 4: "OFF"})
    async with Reader(broker.port) as reader:
        await reader.message(f"{BASE}/gpi/3", "ON")
        hub.states.update(IMEI, gpi={4: "OFF"}, gpo={3: "OFF"})
        await reader.message(f"{BASE}/gpi/3", "")
        await reader.message(f"{BASE}/gpo/3", "OFF")
        hub.states.update(IMEI, gpi={3: "ON", 4: "OFF"}, gpo={})
        await reader.message(f"{BASE}/gpo/3", "")
        await reader.until(lambda: len(reader.find(f"{BASE}/gpi/3", "ON")) == 2)

    kept = await read_retained(broker.port, f"{BASE}/+/+")
    assert kept == {f"{BASE}/gpi/3": b"ON", f"{BASE}/gpi/4": b"OFF"}


async def test_a_pin_of_unknown_level_keeps_what_is_retained(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        hub.add(gpi={1: "ON"})
        await reader.message(f"{BASE}/gpi/1", "ON")
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        hub.add(gpi={})
        hub.online()
        await reader.message("irzhub/bridge/state", "online")
        hub.states.update(IMEI, gpi={1: None})
        hub.switch(2, "ON")
        await reader.message(f"{BASE}/event")

    assert (await read_retained(broker.port))[f"{BASE}/gpi/1"] == b"ON"


async def test_a_quarantined_modem_has_no_topics(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add(link="quarantined")
    async with Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.journal.append(ImeiConflict(ts=hub.clock.now(), modem=IMEI, peers=("10.0.0.7:1", "10.0.0.8:2")))
        await reader.message("irzhub/bridge/event")
        await asyncio.sleep(0.3)
        assert not reader.find(f"{BASE}/state")
        hub.states.update(IMEI, link="online")
        await reader.message(f"{BASE}/state")
        hub.states.update(IMEI, link="quarantined")
        await reader.message(f"{BASE}/state", "")


async def test_the_will_says_offline_when_the_hub_is_cut_off(hub: BridgedHub, broker: Mosquitto) -> None:
    async with Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.online()
        await reader.message("irzhub/bridge/state", "online")
        reader.messages.clear()
        assert hub.bridge is not None and hub.bridge._session is not None
        hub.bridge._session.abort("cut")
        await reader.message("irzhub/bridge/state", "offline")
        await reader.message("irzhub/bridge/state", "online")


async def test_events_of_an_outage_come_afterwards_in_order(hub: BridgedHub, broker: Mosquitto) -> None:
    hub.add()
    async with Reader(broker.port, (f"{BASE}/#",), client_id="scada") as reader:
        await reader.until(hub.is_up)
        hub.switch(1, "ON")
        await reader.message(f"{BASE}/event")
        await broker.saved()
        broker.kill()
        for number in range(2, 400):
            hub.switch(1, "ON" if number % 2 else "OFF")
        await reader.until(lambda: not hub.is_up())
        await broker.start()
        await reader.until(lambda: {got.json["seq"] for got in reader.find(f"{BASE}/event")} == set(range(1, 400)))

    seen: list[int] = []
    for got in reader.find(f"{BASE}/event"):
        if got.json["seq"] not in seen:
            seen.append(got.json["seq"])
    assert seen == sorted(seen)


async def test_after_a_restart_of_the_hub_nothing_is_missing(broker: Mosquitto, tmp_path: Path) -> None:
    async with Reader(broker.port, (f"{BASE}/event",), client_id="scada") as reader:
        async with BridgedHub(tmp_path, port=broker.port) as hub:
            hub.add()
            await reader.until(hub.is_up)
            hub.switch(1, "ON")
            await reader.until(lambda: reader.messages)
        await broker.saved()
        broker.kill()
        async with BridgedHub(tmp_path, port=broker.port) as hub:
            hub.add()
            hub.switch(1, "OFF")
            await hub.journal.flush()
        await broker.start()
        async with BridgedHub(tmp_path, port=broker.port) as hub:
            hub.add()
            hub.switch(1, "ON")
            await reader.until(lambda: {1, 2, 3} <= {got.json["seq"] for got in reader.messages})

    ids: dict[int, set[Any]] = {}
    for got in reader.messages:
        ids.setdefault(got.json["seq"], set()).add(got.json["id"])
    assert all(len(each) == 1 for each in ids.values()), "a repeat must carry the same id"
