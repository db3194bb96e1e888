"""MQTT as one part: the broker it starts itself, and the bridge on it."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from irzhub.config.settings import MqttSettings
from irzhub.core.exceptions import ConfigError, StartError
from irzhub.mqtt import broker as broker_module
from irzhub.mqtt.part import Mqtt
from tests.mosquitto import Mosquitto, free_port, needs_mosquitto
from tests.mqtt.hub import IMEI, BridgedHub
from tests.mqtt.reader import Reader, read_retained

V311 = MQTTProtocolVersion.MQTTv311


def build(folder: Path, **mqtt: Any) -> tuple[BridgedHub, Mqtt]:
    """Return a hub without a bridge, its store and journal not yet open, and the part on it."""
    hub = BridgedHub(folder)
    settings = dataclasses.replace(hub.settings, mqtt=dataclasses.replace(MqttSettings(), **mqtt))
    return hub, Mqtt(
        settings,
        *(hub.store, hub.journal, hub.states, hub.bus, hub.services),
        *(hub.health, hub.metrics, hub.clock),
    )


@needs_mosquitto
async def test_one_command_runs_everything(tmp_path: Path) -> None:
    port = free_port()
    hub, part = build(tmp_path, port=port)
    async with hub.store, hub.journal, part, Reader(port) as reader:
        hub.register()
        await reader.message(f"irzhub/modem/{IMEI}/event")
        info = await reader.message("irzhub/bridge/info")
        assert info.json["broker"] == "mosquitto"
        assert hub.detail().endswith("MQTT 5")


async def test_without_mosquitto_it_runs_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_module.EmbeddedBroker.__init__, "__kwdefaults__", _defaults(lambda: None))
    port = free_port()
    hub, part = build(tmp_path, port=port)
    async with hub.store, hub.journal, part, Reader(port, version=V311) as reader:
        hub.register()
        await reader.until(lambda: len(reader.find(f"irzhub/modem/{IMEI}/event")) == 2)
        info = await reader.message("irzhub/bridge/info")
        assert info.json["broker"] == "amqtt"
        assert hub.detail().endswith("MQTT 3.1.1")
        found = hub.health.get("broker")
        assert found is not None
        assert "1,500 messages a second" in found.detail


@needs_mosquitto
async def test_a_broker_on_all_addresses_is_reached_with_its_password(tmp_path: Path) -> None:
    port = free_port()
    hub, part = build(tmp_path, host="0.0.0.0", port=port, username="hub", password="secret")
    async with hub.store, hub.journal, part, Reader(port, username="hub", password="secret") as reader:
        hub.add()
        await reader.message(f"irzhub/modem/{IMEI}/state")


async def test_an_outside_broker_is_used_as_it_is(broker: Mosquitto, tmp_path: Path) -> None:
    hub, part = build(tmp_path, broker="external", port=broker.port)
    async with hub.store, hub.journal, part, Reader(broker.port) as reader:
        info = await reader.message("irzhub/bridge/info")
        assert info.json["broker"] == "external"
        assert hub.health.get("broker") is None
    assert (await read_retained(broker.port, "irzhub/bridge/state"))["irzhub/bridge/state"] == b"offline"


async def test_what_cannot_start_says_which_line(tmp_path: Path) -> None:
    hub, part = build(tmp_path, host="0.0.0.0", port=free_port())
    async with hub.store, hub.journal:
        with pytest.raises(StartError, match=r"mqtt\.username"):
            await part.__aenter__()
    hub, part = build(tmp_path / "other", broker="external", base_topic="a/#")
    async with hub.store, hub.journal:
        with pytest.raises(ConfigError, match=r"mqtt\.base_topic"):
            await part.__aenter__()


def _defaults(find: Any) -> dict[str, Any]:
    return {**(broker_module.EmbeddedBroker.__init__.__kwdefaults__ or {}), "find": find}
