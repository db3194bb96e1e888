"""Commands for the modems of a hub in another process."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.core.tasks import Tasks
from irzhub.mqtt.payloads import PayloadError
from irzhub.mqtt.remote import RemoteCommands
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, MqttLost, Received
from tests.automation.rig import MODEM, TestClock


@dataclass
class Broker:
    """Takes what is published, or is away."""

    sent: list[Message] = field(default_factory=list)
    is_away: bool = False

    async def publish(self, message: Message) -> None:
        if self.is_away:
            raise MqttLost("the broker is away")
        self.sent.append(message)

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.sent[-1].payload)
        return found


def command(clock: TestClock, left_s: float = 30) -> ModemCommand:
    expires_at = clock.now() + timedelta(seconds=left_s)
    return ModemCommand(modem=MODEM, command="set_output", args={"output": 4, "on": True}, expires_at=expires_at)


def answer(transaction: object, status: str = "ok", **more: Any) -> Received:
    body = {"transaction": transaction, "status": status, "data": {}, "error": None, **more}
    return Received(f"irzhub/modem/{MODEM}/response", json.dumps(body).encode(), retained=False)


async def test_a_command_is_sent_and_its_answer_returned() -> None:
    clock, broker, tasks = TestClock(), Broker(), Tasks("test")
    remote = RemoteCommands(Topics("irzhub"), clock, broker.publish)
    running = tasks.spawn(remote.run(command(clock)), "command")
    await asyncio.sleep(0)
    assert broker.sent[0].topic == f"irzhub/modem/{MODEM}/command"
    body = broker.body
    assert {name: value for name, value in body.items() if name != "transaction"} == {
        "command": "set_output",
        "args": {"output": 4, "on": True},
        "expires_in": 30.0,
    }
    remote.take_response(answer("somebody else's"))
    remote.take_response(answer(body["transaction"], data={"on": True}))
    remote.take_response(answer(body["transaction"], "error"))  # said twice: the first one counts
    assert await running == CommandOutcome(status="ok", data={"on": True})
    await tasks.close()


async def test_what_cannot_be_sent_ends_at_once() -> None:
    clock, broker = TestClock(), Broker(is_away=True)
    remote = RemoteCommands(Topics("irzhub"), clock, broker.publish)
    assert (await remote.run(command(clock))).error == "the broker is away"
    assert (await remote.run(command(clock, left_s=0))).status == "expired"
    assert broker.sent == []


async def test_what_is_not_answered_ends_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, broker = TestClock(), Broker()
    monkeypatch.setattr("irzhub.mqtt.remote._LATER_S", 0.0)
    remote = RemoteCommands(Topics("irzhub"), clock, broker.publish)
    outcome = await remote.run(command(clock, left_s=0.02))
    assert outcome.status == "error"
    assert outcome.error is not None


async def test_the_end_of_the_process_ends_all_waiting() -> None:
    clock, broker, tasks = TestClock(), Broker(), Tasks("test")
    remote = RemoteCommands(Topics("irzhub"), clock, broker.publish)
    running = tasks.spawn(remote.run(command(clock)), "command")
    await asyncio.sleep(0)
    await remote.close()
    assert (await running).error == "the process is stopping"
    await tasks.close()


async def test_an_answer_that_is_none_is_refused() -> None:
    clock, broker, tasks = TestClock(), Broker(), Tasks("test")
    remote = RemoteCommands(Topics("irzhub"), clock, broker.publish)
    running = tasks.spawn(remote.run(command(clock)), "command")
    await asyncio.sleep(0)
    with pytest.raises(PayloadError):
        remote.take_response(answer(broker.body["transaction"], data=7))
    await remote.close()
    await running
    await tasks.close()
