"""Messages of rules on a real broker, read from outside by paho."""

import asyncio
from pathlib import Path

from irzhub.core.services import ChannelCheck, Delivery, Services, check_on, delivery_on
from irzhub.mqtt.notices import Notices
from irzhub.mqtt.topics import Topics
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import BridgedHub
from tests.mqtt.reader import Reader

MESSAGE = Delivery(
    id="01K9ZZZZZZZZZZZZZZZZZZZZZZ",
    to="scada",
    text="дверь открыта",
    subject="Дверь",
    urgency="now",
    modem="868441036775234",
    event={"type": "gpi_changed"},
    origin="rule:boiler_door",
)


def notices(hub: BridgedHub) -> Notices:
    assert hub.bridge is not None
    bridge = hub.bridge
    return Notices(Topics("irzhub"), hub.services, hub.clock, lambda: bridge.session)


async def test_a_message_reaches_who_listens(broker: Mosquitto, tmp_path: Path) -> None:
    async with (
        BridgedHub(tmp_path, port=broker.port) as hub,
        Reader(broker.port, ("irzhub/notify/#", "plant/#")) as reader,
    ):
        await reader.until(lambda: hub.bridge is not None and hub.bridge.session is not None)
        withdraw = notices(hub).offer()
        outcome = await hub.services.call(delivery_on("mqtt"), MESSAGE)
        other = await hub.services.call(delivery_on("mqtt"), Delivery(id="01K9", to="plant/alarms", text="x"))
        check = await hub.services.call(check_on("mqtt"), ChannelCheck(language="en"))
        await reader.until(lambda: len(reader.messages) == 2)
        withdraw()
        assert not hub.services.offers(delivery_on("mqtt"))

    assert (outcome.status, outcome.reference) == ("delivered", "irzhub/notify/scada")
    assert (other.status, other.reference) == ("delivered", "plant/alarms")
    assert check.is_good
    first = reader.messages[0]
    assert not first.retained
    assert first.json["ts"].endswith("Z")
    assert {name: value for name, value in first.json.items() if name != "ts"} == {
        "id": "01K9ZZZZZZZZZZZZZZZZZZZZZZ",
        "title": "Дверь",
        "text": "дверь открыта",
        "urgency": "now",
        "modem": "868441036775234",
        "event": {"type": "gpi_changed"},
        "origin": "rule:boiler_door",
        "attempt": 1,
        "may_repeat": False,
    }


async def test_without_a_broker_it_is_tried_later(tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=1) as hub:
        channel = notices(hub)
        assert (await channel.deliver(MESSAGE)).status == "later"
        check = await channel.check(ChannelCheck())
        assert (check.is_good, check.text) == (False, "нет связи с брокером MQTT")


async def test_a_broker_that_stops_answering_leaves_it_unknown(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port) as reader:
        await reader.until(lambda: hub.bridge is not None and hub.bridge.session is not None)
        channel = notices(hub)
        session = hub.bridge.session if hub.bridge else None
        assert session is not None
        sending = asyncio.gather(channel.deliver(MESSAGE))
        await asyncio.sleep(0)
        session.abort("the broker died")
        [outcome] = await sending

    assert outcome.status in {"unknown", "later"}
    assert outcome.error


async def test_the_topics_of_the_hub_belong_to_the_hub() -> None:
    channel = Notices(Topics("irzhub"), Services(), BridgedHub(Path("/nowhere")).clock, lambda: None)
    for to in ("irzhub/bridge/state", "plant/#", ""):
        outcome = await channel.deliver(Delivery(id="01K9", to=to, text="x"))
        assert outcome.status == "refused"
        assert "below irzhub/" in (outcome.error or "")
