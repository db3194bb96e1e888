"""Dialogues of settings and firmware as the fleet sees them: asked for, followed, called off, and the return after."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from irzhub.relay.messages import DialogueEnded, DialogueProgress, ToRelay
from irzhub.relay.orders import CancelDialogue, StartDialogue

_MARGIN_S: Final = 30.0
"""How much longer than a dialogue's own deadline to wait for the relay's word, so that nobody waits for ever."""
_EARLY_LIMIT: Final = 1000


@dataclass(slots=True)
class DialogueDesk:
    """Puts dialogues to the relay and tells how they ended; at most one for each modem."""

    send: Callable[[ToRelay], None]
    _futures: "dict[str, asyncio.Future[DialogueEnded]]" = field(default_factory=dict)
    _early: "OrderedDict[str, DialogueEnded]" = field(default_factory=OrderedDict)
    _returns: dict[str, asyncio.Event] = field(default_factory=dict)
    _progress: dict[str, DialogueProgress] = field(default_factory=dict)
    _modems: dict[str, str] = field(default_factory=dict)
    _watchers: dict[str, Callable[[int], None]] = field(default_factory=dict)

    async def run(self, start: StartDialogue, on_progress: Callable[[int], None] | None = None) -> DialogueEnded:
        """Carry out one dialogue; the same request again is the same dialogue, also after the hub was replaced.

        `on_progress` is told how many lines the modem has acknowledged, as often as the relay tells it.
        """
        if (known := self._early.pop(start.request, None)) is not None:
            return known
        future = self._futures[start.request] = asyncio.get_running_loop().create_future()
        self._modems[start.request] = start.modem
        if on_progress is not None:
            self._watchers[start.request] = on_progress
        self.send(start)
        try:
            return await asyncio.wait_for(future, start.deadline_s + _MARGIN_S)
        except TimeoutError:
            return _untold(start)
        finally:
            del self._futures[start.request], self._modems[start.request]
            self._progress.pop(start.modem, None)
            self._watchers.pop(start.request, None)

    def cancel(self, request: str) -> bool:
        """Call a dialogue off if it is under way; say whether it was."""
        if (modem := self._modems.get(request)) is None:
            return False
        self.send(CancelDialogue(request=request, modem=modem))
        return True

    def progress(self, modem: str) -> DialogueProgress | None:
        """Return how far the dialogue with a modem is, None when there is none or nothing was told yet."""
        return self._progress.get(modem)

    # The return of a modem.

    def expect_return(self, modem: str) -> None:
        """From now on the next dial-in of the modem is its return."""
        self._returns[modem] = asyncio.Event()

    async def wait_return(self, modem: str, timeout_s: float) -> bool:
        """Wait until the modem has dialled in since its return was expected; say whether it has."""
        event = self._returns.setdefault(modem, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), timeout_s)
        if self._returns.get(modem) is event:
            del self._returns[modem]
        return event.is_set()

    # What is told.

    def take(self, message: DialogueProgress | DialogueEnded) -> None:
        """Take the relay's word on a dialogue."""
        if isinstance(message, DialogueProgress):
            if message.request in self._futures:
                self._progress[message.modem] = message
            if (watcher := self._watchers.get(message.request)) is not None:
                watcher(message.acknowledged)
            return
        self.expect_return(message.modem)
        future = self._futures.get(message.request)
        if future is not None and not future.done():
            future.set_result(message)
        elif future is None:  # of the hub before this one, whose job will ask for it again
            self._early[message.request] = message
            if len(self._early) > _EARLY_LIMIT:
                self._early.popitem(last=False)

    def modem_returned(self, modem: str) -> None:
        """The modem has dialled in for normal work."""
        if (event := self._returns.get(modem)) is not None:
            event.set()

    def forget(self, modem: str) -> None:
        """The modem was deleted."""
        self._returns.pop(modem, None)
        self._progress.pop(modem, None)


def _untold(start: StartDialogue) -> DialogueEnded:
    return DialogueEnded(
        request=start.request,
        modem=start.modem,
        at=0.0,
        reason="deadline",
        detail="the relay did not tell how it ended",
        acknowledged=start.first,
        total=len(start.lines),
        may_have_applied=True,
    )
