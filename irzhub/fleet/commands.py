"""Commands for modems: sent at once when the modem is there, kept until it is or until they expire.

Offers the service `modem.command`. An expired command is never sent; every command ends with an outcome
and a `command_finished` event.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.core.clock import Clock
from irzhub.core.events import CommandFinished
from irzhub.core.exceptions import UnknownModem
from irzhub.core.metrics import Metrics
from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.fleet.registry import Registry
from irzhub.journal.journal import Journal
from irzhub.relay.messages import CommandAnswered, SendCommand

_WAITING_PER_MODEM: Final = 16
_MARGIN_S: Final = 5.0
"""How much longer than the relay's own time-out to wait for its word, so that nobody waits for ever."""


@dataclass(slots=True)
class _Waiting:
    """A command whose modem is away; `go` is done when it has come."""

    command: ModemCommand
    go: "asyncio.Future[None]"


@dataclass(slots=True)
class CommandDesk:
    """Takes commands, puts them to the relay when the modem is there, and tells how they ended."""

    registry: Registry
    journal: Journal
    clock: Clock
    metrics: Metrics
    send: Callable[[SendCommand], None]
    is_present: Callable[[str], bool]
    answer_timeout_s: float = 30.0
    _requests: "itertools.count[int]" = field(default_factory=itertools.count)
    _outstanding: "dict[str, asyncio.Future[CommandAnswered]]" = field(default_factory=dict)
    _waiting: dict[str, deque[_Waiting]] = field(default_factory=dict)

    async def run(self, command: ModemCommand) -> CommandOutcome:
        """Carry out one command: the handler of `modem.command`.

        Raises:
            UnknownModem: nobody knows that modem.
        """
        if command.modem not in self.registry:
            raise UnknownModem(f"no modem {command.modem!r} is registered")
        outcome = await self._attempt(command)
        self.metrics.counter("commands_total", "Modem commands by name and result", "command", "result").add(
            1, command.command, outcome.status
        )
        self.journal.append(
            CommandFinished(
                ts=self.clock.now(),
                modem=command.modem,
                command=command.command,
                status=outcome.status,
                origin=command.origin,
                result=outcome.data,
                error=outcome.error,
            )
        )
        return outcome

    def modem_returned(self, modem: str) -> None:
        """The modem is connected: what waits for it goes out now."""
        for waiting in self._waiting.pop(modem, ()):
            if not waiting.go.done():
                waiting.go.set_result(None)

    def answered(self, message: CommandAnswered) -> None:
        """Take the relay's word on how a command ended."""
        if (future := self._outstanding.pop(message.request, None)) is not None and not future.done():
            future.set_result(message)

    async def _attempt(self, command: ModemCommand) -> CommandOutcome:
        if not self.is_present(command.modem) and (refused := await self._wait_for_modem(command)) is not None:
            return refused
        if self._left_s(command) <= 0:
            return _expired()
        request = f"command-{next(self._requests)}"
        future = self._outstanding[request] = asyncio.get_running_loop().create_future()
        self.send(
            SendCommand(
                request=request,
                modem=command.modem,
                command=command.command,
                args=command.args,
                timeout_s=self.answer_timeout_s,
            )
        )
        try:
            answer = await asyncio.wait_for(future, self.answer_timeout_s + _MARGIN_S)
        except TimeoutError:
            return CommandOutcome(status="error", error="the relay did not tell how the command ended")
        finally:
            self._outstanding.pop(request, None)
        return CommandOutcome(status=answer.status, data=_plain(answer.data), error=answer.error)

    async def _wait_for_modem(self, command: ModemCommand) -> CommandOutcome | None:
        """Wait until the modem is there (None), or say why the command is over."""
        queue = self._waiting.setdefault(command.modem, deque())
        if len(queue) >= _WAITING_PER_MODEM:
            return CommandOutcome(status="error", error=f"{_WAITING_PER_MODEM} commands wait for this modem already")
        waiting = _Waiting(command, asyncio.get_running_loop().create_future())
        queue.append(waiting)
        try:
            await asyncio.wait_for(waiting.go, max(self._left_s(command), 0))
        except TimeoutError:
            return _expired()
        finally:
            if waiting in queue:
                queue.remove(waiting)
            if not queue:
                self._waiting.pop(command.modem, None)
        return None

    def _left_s(self, command: ModemCommand) -> float:
        return (command.expires_at - self.clock.now()).total_seconds()


def _expired() -> CommandOutcome:
    return CommandOutcome(status="expired", error="the modem did not come before the command expired")


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return dict(data)
