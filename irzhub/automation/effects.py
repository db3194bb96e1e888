"""What rules do to the world: the outbox, commands, wakes and the broker, each without making the engine wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Final

from irzhub.alerts.messages import Message
from irzhub.automation.memory import Memory
from irzhub.automation.ports import Broker, Done, Kept, Outbox
from irzhub.core.exceptions import IrzhubError
from irzhub.core.services import MODEM_COMMAND, WAKE_MODEM, ModemCommand, Services, WakeModem
from irzhub.core.tasks import Tasks

_log = logging.getLogger(__name__)

MOST_UNDER_WAY: Final = 5_000
"""Commands and wakes that have not ended; beyond it the next ones fail at once, and that is in the trace."""


class HubEffects:
    """Does what the engine asks for; `done` is told how it ended, never before the call returns.

    Args:
        broker: None where rules have no broker.
    """

    def __init__(self, outbox: Outbox, services: Services, broker: Broker | None, memory: Memory) -> None:
        self._outbox = outbox
        self._services = services
        self._broker = broker
        self._memory = memory
        self._tasks = Tasks("automation-effects")

    async def close(self) -> None:
        """Give up what has not ended."""
        await self._tasks.close()

    def tell(self, message: Message, done: Done) -> None:
        kept = self._outbox.tell(message)
        if isinstance(kept, asyncio.Future):  # ten thousand alarms at once: no task for each
            kept.add_done_callback(partial(_told, done))
        else:
            self._tasks.spawn(_tell(kept, done), "tell")

    def command(self, command: ModemCommand, done: Done) -> None:
        self._ask(self._command(command), done, f"command {command.command}")

    def wake(self, wake: WakeModem, done: Done) -> None:
        self._ask(self._wake(wake), done, "wake")

    def publish(self, topic: str, payload: str, *, retain: bool, done: Done) -> None:
        outcome: dict[str, Any] = {"status": "ok"}
        try:
            if self._broker is None:
                raise IrzhubError("this process has no broker for rules")
            self._broker.publish(topic, payload, retain=retain)
        except IrzhubError as error:
            outcome = {"status": "error", "error": str(error)}
        asyncio.get_running_loop().call_soon(done, outcome)

    def keep(self, kept: Kept, done: Callable[[], None]) -> None:
        self._memory.keep(kept, done)

    def drop(self, key: str, done: Callable[[], None]) -> None:
        self._memory.drop(key, done)

    def _ask(self, work: Coroutine[Any, Any, dict[str, Any]], done: Done, name: str) -> None:
        if len(self._tasks) >= MOST_UNDER_WAY:
            work.close()
            refused = {"status": "error", "error": f"{MOST_UNDER_WAY} commands of rules are under way already"}
            asyncio.get_running_loop().call_soon(done, refused)
            return
        self._tasks.spawn(_outcome(work, done), name)

    async def _command(self, command: ModemCommand) -> dict[str, Any]:
        outcome = await self._services.call(MODEM_COMMAND, command)
        return {"status": outcome.status, "data": outcome.data, "error": outcome.error}

    async def _wake(self, wake: WakeModem) -> dict[str, Any]:
        outcome = await self._services.call(WAKE_MODEM, wake)
        status = "ok" if outcome.status == "online" else "error"
        return {"status": status, "data": {"by": outcome.by, "took_s": outcome.took_s}, "error": outcome.error}


async def _outcome(work: Awaitable[dict[str, Any]], done: Done) -> None:
    try:
        outcome = await work
    except IrzhubError as error:
        outcome = {"status": "error", "error": str(error)}
    done(outcome)


async def _tell(kept: Awaitable[object], done: Done) -> None:
    await kept
    done({"status": "ok"})


def _told(done: Done, kept: "asyncio.Future[object]") -> None:
    if kept.cancelled():
        return  # the hub stops: what is not kept is told again
    error = kept.exception()
    if error is not None:
        _log.error("a message was not kept: %s", error)
    done({"status": "ok"} if error is None else {"status": "error", "error": str(error)})
