"""Commands for modems of a hub in another process: sent over its topics, answered there."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.core.clock import Clock
from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.core.ulid import new_ulid
from irzhub.mqtt.payloads import PayloadError, decode_object, encode_json
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, MqttLost, Received

_MOST_AWAITED: Final = 1000
_LATER_S: Final = 10.0
"""How long after a command has expired its answer is still waited for."""


@dataclass(slots=True)
class RemoteCommands:
    """Offers the service `modem.command` where the modems are somebody else's."""

    topics: Topics
    clock: Clock
    publish: Callable[[Message], Awaitable[None]]
    _awaited: dict[str, "asyncio.Future[CommandOutcome]"] = field(default_factory=dict)

    async def run(self, command: ModemCommand) -> CommandOutcome:
        """Send a command and return how it ended; what cannot be sent, or is not answered, ended as an error."""
        left_s = (command.expires_at - self.clock.now()).total_seconds()
        if left_s <= 0:
            return CommandOutcome(status="expired")
        if len(self._awaited) >= _MOST_AWAITED:
            return CommandOutcome(status="error", error=f"{_MOST_AWAITED} commands wait for their answers already")
        transaction = new_ulid(int(self.clock.now().timestamp() * 1000))
        answer: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
        self._awaited[transaction] = answer
        body = {
            "transaction": transaction,
            "command": command.command,
            "args": command.args,
            "expires_in": left_s,
        }
        try:
            await self.publish(Message(self.topics.command(command.modem), encode_json(body)))
            async with asyncio.timeout(left_s + _LATER_S):
                return await answer
        except MqttLost as error:
            return CommandOutcome(status="error", error=str(error))
        except TimeoutError:
            return CommandOutcome(status="error", error="the hub did not answer: does it take commands over MQTT?")
        finally:
            del self._awaited[transaction]

    def take_response(self, received: Received) -> None:
        """Take in what a hub answered; answers for others are left alone.

        Raises:
            PayloadError: it is no answer.
        """
        fields = decode_object(received.payload)
        waiting = self._awaited.get(str(fields.get("transaction")))
        if waiting is None or waiting.done():
            return
        data: Any = fields.get("data")
        error = fields.get("error")
        if not isinstance(data, dict) or not isinstance(error, str | None):
            raise PayloadError("expected the outcome of a command")
        waiting.set_result(CommandOutcome(status=str(fields.get("status")), data=data, error=error))

    async def close(self) -> None:
        """End all waiting."""
        for waiting in self._awaited.values():
            if not waiting.done():
                waiting.set_result(CommandOutcome(status="error", error="the process is stopping"))
