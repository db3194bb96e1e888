"""Messages that a broker might bring: dropped, or answered; only what is meant well reaches a modem."""

import asyncio
import json
from pathlib import Path

import pytest

from irzhub.core.clock import SystemClock
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand, Services
from irzhub.mqtt.commands import CommandDesk
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, Received
from tests.corpora import Case, read_cases
from tests.fuzz.targets import TOPIC_END
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import IMEI, BridgedHub
from tests.mqtt.reader import Reader

CASES = read_cases("mqtt")
TOPICS = Topics("irzhub")


class Desk:
    """The command desk of a hub whose modems answer all."""

    def __init__(self) -> None:
        self.asked: list[ModemCommand] = []
        self.sent: list[Message] = []
        services = Services()
        services.register(MODEM_COMMAND, self._run)
        self.desk = CommandDesk(TOPICS, services, SystemClock(), self._send)

    async def _run(self, command: ModemCommand) -> CommandOutcome:
        self.asked.append(command)
        return CommandOutcome(status="ok")

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    async def take(self, data: bytes) -> str:
        """Give the desk one message and return what comes of it."""
        name, _, payload = data.partition(TOPIC_END)
        if (topic := TOPICS.parse(name.decode(errors="replace"))) is None:
            return "dropped"
        if topic.kind not in ("command", "set_output"):
            return "unasked"
        self.desk.take(topic, Received(topic=name.decode(), payload=payload, retained=False))
        async with asyncio.timeout(2):
            while not self.sent:
                await asyncio.sleep(0)
        [answer] = self.sent
        assert answer.topic == TOPICS.response(str(topic.modem))
        reply = json.loads(answer.payload)
        assert reply.keys() == {"transaction", "status", "data", "error"}
        assert len(self.asked) == (reply["status"] == "ok")
        return str(reply["status"])


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_at_the_desk(case: Case) -> None:
    desk = Desk()
    try:
        assert case.expected in ("", await desk.take(case.data))
    finally:
        await desk.desk.close()


async def test_all_of_it_through_a_broker(broker: Mosquitto, tmp_path: Path) -> None:
    """One bridge, one connection: every message that a broker takes at all, and the bridge still serves behind them."""
    async with BridgedHub(tmp_path, port=broker.port, commands=True) as hub:
        hub.add()
        async with Reader(broker.port, (f"irzhub/modem/{IMEI}/response", "irzhub/bridge/response/+")) as scada:
            await scada.until(hub.is_up)
            for case in CASES:
                name, _, payload = case.data.partition(TOPIC_END)
                if _is_carried(name, payload):
                    scada.publish(name.decode(), payload)
            scada.publish("irzhub/bridge/request/info", b'{"transaction":"last"}')
            answer = await scada.message("irzhub/bridge/response/info")
        assert answer.json["transaction"] == "last"
        assert hub.is_up()
        assert {state.modem for state in hub.states} == {IMEI}


def _is_carried(name: bytes, payload: bytes) -> bool:
    """Whether the broker's end lets it pass: it ends the connection of whoever sends such topics."""
    text = name.decode(errors="replace")
    is_clean = not any(char < " " or char in "+#\uffff\x7f" for char in text)
    return bool(text) and is_clean and not text.startswith("$") and len(name) < 60_000 and text.startswith("irzhub/")


def test_there_are_many() -> None:
    assert len(CASES) >= 120
