"""Puts one command to the relay and waits for its word."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from irzhub.relay.messages import CommandAnswered
from irzhub.relay.orders import SendCommand
from irzhub.storage.commands import CommandRow

MARGIN_S: Final = 5.0
"""How much longer than the relay's own time-out to wait for its word, so that nobody waits for ever."""


@dataclass(slots=True)
class CommandLine:
    """The commands that are with the relay."""

    send: Callable[[SendCommand], None]
    margin_s: float = MARGIN_S
    _outstanding: "dict[str, asyncio.Future[CommandAnswered]]" = field(default_factory=dict)

    async def ask(self, row: CommandRow, form: str | None, timeout_s: float) -> CommandAnswered:
        """Send a command and return how it ended; silence of the relay counts as that of the modem."""
        request = f"{row.id}-{row.attempts}"
        future = self._outstanding[request] = asyncio.get_running_loop().create_future()
        self.send(
            SendCommand(
                request=request, modem=row.modem, command=row.command, args=row.args, timeout_s=timeout_s, form=form
            )
        )
        try:
            return await asyncio.wait_for(future, timeout_s + self.margin_s)
        except TimeoutError:
            return CommandAnswered(
                request=request,
                modem=row.modem,
                status="error",
                error="the relay did not tell how the command ended",
                cause="unanswered",
            )
        finally:
            self._outstanding.pop(request, None)

    def answered(self, message: CommandAnswered) -> None:
        """Take the relay's word on how a command ended."""
        if (future := self._outstanding.pop(message.request, None)) is not None and not future.done():
            future.set_result(message)

    async def wait_idle(self, within_s: float) -> None:
        """Wait until nothing is with the relay, at most so long."""
        if waiting := list(self._outstanding.values()):
            await asyncio.wait(waiting, timeout=within_s)
