"""A short timer for what the codec holds back: it starts only when something is held, which is rare."""

import asyncio
from collections.abc import Callable
from typing import Final

from irzhub.codec.driver import Connection

_EARLY_S: Final = 0.001
"""A loop may call a timer a little before its time."""


class SilenceTimer:
    """Calls `let_go` when the modem has been silent for as long as the codec wants to wait.

    Args:
        heard_at: when the last byte came, on the clock that `monotonic` reads.
    """

    __slots__ = ("_heard_at", "_let_go", "_monotonic", "_timer", "_wire")

    def __init__(
        self,
        wire: Connection,
        monotonic: Callable[[], float],
        heard_at: Callable[[], float],
        let_go: Callable[[], None],
    ) -> None:
        self._wire = wire
        self._monotonic = monotonic
        self._heard_at = heard_at
        self._let_go = let_go
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        """Whether something was held back and its time is not over."""
        return self._timer is not None

    def start(self) -> None:
        """Begin to wait, unless it does already or nothing is held."""
        if self._timer is None and (silence_s := self._wire.silence_s) is not None:
            self._timer = asyncio.get_running_loop().call_later(silence_s, self._look)

    def stop(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if (silence_s := self._wire.silence_s) is None:
            return
        rest_s = self._heard_at() + silence_s - self._monotonic()
        if rest_s > _EARLY_S:
            self._timer = asyncio.get_running_loop().call_later(rest_s, self._look)
        else:
            self._let_go()
