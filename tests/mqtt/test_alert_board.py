"""Open incidents on a broker: each is retained while it is open, over restarts and lost connections too."""

from pathlib import Path

from irzhub.core.alerts import AlertShown, AlertsKnown
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import BridgedHub
from tests.mqtt.reader import Reader, read_retained

ALERTS = "irzhub/alert/#"


def shown(number: int, title: str) -> AlertShown:
    return AlertShown(number, {"id": number, "title": title})


def over(number: int) -> AlertShown:
    return AlertShown(number, None)


async def test_an_incident_stands_there_while_it_is_open(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, (ALERTS,)) as reader:
        hub.bus.publish(shown(17, "ТП-1187: дверь"))
        first = await reader.message("irzhub/alert/17")
        hub.bus.publish(shown(17, "ТП-1187: дверь, 2 раза"))
        hub.bus.publish(shown(18, "Нет связи у 312 модемов"))
        await reader.message("irzhub/alert/18")
        assert first.json == {"id": 17, "title": "ТП-1187: дверь"}
        assert sorted(await read_retained(broker.port, ALERTS)) == ["irzhub/alert/17", "irzhub/alert/18"]

        hub.bus.publish(over(17))
        hub.bus.publish(over(99))  # nobody was ever told of it
        await reader.until(lambda: reader.find("irzhub/alert/17", ""))
        assert "irzhub/alert/99" not in reader.topics()
        assert sorted(await read_retained(broker.port, ALERTS)) == ["irzhub/alert/18"]


async def test_what_ended_while_the_hub_was_away_is_blanked(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, (ALERTS,)) as reader:
        hub.bus.publish(shown(17, "дверь"))
        hub.bus.publish(shown(18, "затопление"))
        await reader.message("irzhub/alert/18")

    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, (ALERTS,)) as reader:
        await reader.until(hub.is_up)
        assert sorted(await read_retained(broker.port, ALERTS)) == ["irzhub/alert/17", "irzhub/alert/18"]
        hub.bus.publish(shown(18, "затопление"))
        hub.bus.publish(AlertsKnown())
        hub.bus.publish(shown(19, "знак"))
        await reader.message("irzhub/alert/19")
        assert sorted(await read_retained(broker.port, ALERTS)) == ["irzhub/alert/18", "irzhub/alert/19"]


async def test_a_broker_that_forgot_everything_gets_it_again(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, (ALERTS,)) as reader:
        hub.bus.publish(shown(17, "дверь"))
        await reader.message("irzhub/alert/17")
        broker.kill()
        broker.forget()
        await reader.until(lambda: not hub.is_up())
        hub.bus.publish(shown(17, "дверь, 3 раза"))
        reader.messages.clear()
        await broker.start()
        got = await reader.message("irzhub/alert/17")

    assert got.json["title"] == "дверь, 3 раза"
