"""Commands to modems that come over MQTT: parsed as hostile, run as a service, answered."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from irzhub.config.settings import MqttSettings
from irzhub.core.clock import Clock
from irzhub.core.exceptions import CommandExpired, IrzhubError
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand, Services
from irzhub.core.tasks import Tasks
from irzhub.mqtt.address import is_loopback
from irzhub.mqtt.hush import Hush
from irzhub.mqtt.payloads import PayloadError, decode_level, decode_object
from irzhub.mqtt.replies import LONGEST_PAYLOAD, Reply, Send, Status, Transaction, build_message, transaction_of
from irzhub.mqtt.topics import Topic, Topics
from irzhub.mqtt.wire import Received

_log = logging.getLogger(__name__)

ORIGIN: Final = "mqtt"
EXPIRES_IN_S: Final = 60.0
_LONGEST_EXPIRY_S: Final = 7 * 86400.0
_LONGEST_NAME: Final = 64
_MOST_AT_ONCE: Final = 1000


def are_allowed(settings: MqttSettings) -> bool:
    """Say whether commands are taken: as set, else where not just anybody can send them (rule 8).

    An embedded broker is on loopback or has a password; an outside one is trusted with credentials only.
    """
    if settings.commands is not None:
        return settings.commands
    return settings.username is not None or (settings.broker == "embedded" and is_loopback(settings.host))


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a payload asks for; `expires_in_s` from now."""

    command: str
    args: dict[str, Any] = field(default_factory=dict)
    expires_in_s: float = EXPIRES_IN_S


def parse_command(fields: dict[str, Any]) -> Command:
    """Return the command in the JSON object of a `command` topic.

    Raises:
        PayloadError: a part of it is missing or of the wrong kind.
    """
    name, args = fields.get("command"), fields.get("args")
    expires_in = fields.get("expires_in")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        raise PayloadError("command: expected the name of a command, such as signal")
    if not isinstance(args, dict | None):
        raise PayloadError("args: expected an object")
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | None):
        raise PayloadError("expires_in: expected a number of seconds")
    expires_in_s = EXPIRES_IN_S if expires_in is None else expires_in
    if not expires_in_s <= _LONGEST_EXPIRY_S:  # so written, NaN is refused too; a whole number may be of any size
        raise PayloadError(f"expires_in: expected at most {_LONGEST_EXPIRY_S:.0f} seconds")
    return Command(command=name, args=args or {}, expires_in_s=expires_in_s)


class CommandDesk:
    """Takes what comes on the command topics and answers each on its modem's `response`.

    Every command runs on its own, as a modem may take its time; more than 1,000 at once are refused.
    """

    def __init__(self, topics: Topics, services: Services, clock: Clock, send: Send) -> None:
        self._topics = topics
        self._services = services
        self._clock = clock
        self._send = send
        self._tasks = Tasks("mqtt-commands")
        self._hush = Hush(_log, clock)

    async def close(self) -> None:
        """Give up what still waits for its modem."""
        await self._tasks.close()

    def take(self, topic: Topic, received: Received) -> None:
        """Start what a message on a command topic asks for; a retained one is old and ignored (rule 7)."""
        if received.retained:
            self._hush.warn(f"a retained command on {received.topic} is ignored: publish commands without retain")
        elif len(self._tasks) >= _MOST_AT_ONCE:
            self._hush.warn(f"a command on {received.topic} is dropped: {_MOST_AT_ONCE} others wait for their modems")
        else:
            _ = self._tasks.spawn(self._run(topic, received), received.topic)

    async def _run(self, topic: Topic, received: Received) -> None:
        assert topic.modem is not None
        transaction: Transaction = None
        try:
            if topic.kind == "set_output":
                args = {"output": topic.pin, "on": decode_level(received.payload) == "ON"}
                command = Command(command="set_output", args=args)
            else:
                fields = decode_object(received.payload, LONGEST_PAYLOAD)
                transaction = transaction_of(fields)
                command = parse_command(fields)
        except PayloadError as error:
            self._hush.warn(f"not a command on {received.topic}: {error}")
            reply = Reply(transaction, "error", error=str(error))
        else:
            reply = await self._ask(topic.modem, command, transaction)
        await self._send(build_message(self._topics, received, self._topics.response(topic.modem), reply))

    async def _ask(self, modem: str, command: Command, transaction: Transaction) -> Reply:
        if command.expires_in_s <= 0:
            return Reply(transaction, "expired", error="expires_in was over before it came")
        wanted = ModemCommand(
            modem=modem,
            command=command.command,
            args=command.args,
            expires_at=self._clock.now() + timedelta(seconds=command.expires_in_s),
            origin=ORIGIN,
        )
        try:
            outcome = await self._services.call(MODEM_COMMAND, wanted)
        except CommandExpired as error:
            return Reply(transaction, "expired", error=str(error))
        except IrzhubError as error:
            return Reply(transaction, "error", error=str(error))
        except Exception:  # noqa: BLE001 - the boundary: whatever a handler does, who asked gets an answer
            _log.exception("the command %s for %s failed", command.command, modem)
            return Reply(transaction, "error", error="the hub failed; its log says how")
        return Reply(transaction, _status(outcome), outcome.data, outcome.error)


def _status(outcome: CommandOutcome) -> Status:
    match outcome.status:
        case "ok":
            return "ok"
        case "expired":
            return "expired"
        case _:
            return "error"
