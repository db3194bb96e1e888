"""The publisher: what a modem's retained topics hold, and in which order they come."""

from pathlib import Path

from irzhub.core.state import ModemState
from irzhub.mqtt.publisher import retained_payloads
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import IMEI, OTHER, BridgedHub
from tests.mqtt.reader import Reader

BASE = f"irzhub/modem/{IMEI}"


def test_every_pin_of_known_level_has_a_topic() -> None:
    state = ModemState(modem=IMEI, imei=IMEI, link="online", gpi={1: "ON", 2: None, 3: "OFF"}, gpo={4: "ON"})

    assert retained_payloads(state) == {"availability": b"online", "gpi/1": b"ON", "gpi/3": b"OFF", "gpo/4": b"ON"}


async def test_only_what_differs_is_published_again(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, (f"{BASE}/#",)) as reader:
        hub.add(gpi={1: "ON", 2: "OFF"})
        await reader.message(f"{BASE}/gpi/2")
        reader.messages.clear()
        hub.switch(2, "ON")
        await reader.message(f"{BASE}/event")

    assert reader.topics() == [f"{BASE}/state", f"{BASE}/gpi/2", f"{BASE}/event"]


async def test_every_connection_gets_everything(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, client_id="scada") as reader:
        hub.add(gpi={1: "ON"})
        await reader.message(f"{BASE}/gpi/1")
        broker.kill()
        broker.forget()
        await reader.until(lambda: not hub.is_up())
        reader.messages.clear()
        await broker.start()
        await reader.message("irzhub/bridge/info")
        await reader.message(f"{BASE}/state")
        await reader.message(f"{BASE}/availability")
        await reader.message(f"{BASE}/gpi/1", "ON")


async def test_a_name_that_is_no_modem_id_never_becomes_a_topic(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        await reader.until(hub.is_up)
        hub.add("../../#")
        hub.switch(1, "ON", "../../#")
        hub.add(OTHER)
        event = await reader.message("irzhub/bridge/event")
        await reader.message(f"irzhub/modem/{OTHER}/state")

    assert event.json["modem"] == "../../#"
    assert not any(".." in topic for topic in reader.topics())
