"""The programs that wait for a modem which is away: each for so long, and whether the hub is asked to wake it."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from irzhub.relay import client_reports
from irzhub.relay.context import ClientSide
from irzhub.relay.program import Program
from irzhub.relay.settings import ModemSettings
from irzhub.relay.sharing import LONG_AGO

_AGAIN_S: Final = 60.0
"""How often the hub is asked for a modem that programs go on to ask for."""


class Absence:
    """Who waits for a modem, until when, and with which reason the waiting ends.

    A program that was held when the modem was lost is closed with `modem_lost`, one that wanted it woken with
    `not_woken`. One timer serves all of them.
    """

    __slots__ = ("_asked_at", "_deadlines", "_side", "_timer")

    def __init__(self, side: ClientSide) -> None:
        self._side = side
        self._deadlines: dict[Program, tuple[float, str]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._asked_at = LONG_AGO

    def hold(self, programs: Iterable[Program], hold_s: float) -> None:
        """The modem was lost: its programs may wait for so long."""
        until = self._side.monotonic() + hold_s
        self._deadlines |= dict.fromkeys(programs, (until, "modem_lost"))
        self._plan()

    def want(self, program: Program, settings: ModemSettings) -> None:
        """A program came or asked something; where the policy is `wake` the hub is asked, once in a while.

        Whoever only reads wakes nobody. A program waits from its first wish on, however often it repeats it.
        """
        if settings.offline != "wake" or program.is_observer:
            return
        now = self._side.monotonic()
        if self._deadlines.get(program, (0.0, ""))[1] != "not_woken":
            self._deadlines[program] = now + settings.wake_wait_s, "not_woken"
            self._plan()
        if now - self._asked_at >= _AGAIN_S:
            self._asked_at = now
            self._side.report(client_reports.wake_wanted(settings.modem, program, self._side.unix_time()))

    def give_up(self) -> None:
        """Nobody can wake the modem: close who wanted it; the next one is asked for anew."""
        self._asked_at = LONG_AGO
        self._close(lambda _until, reason: reason == "not_woken")

    def forget(self, program: Program) -> None:
        """A program has left."""
        if self._deadlines.pop(program, None) is not None:
            self._plan()

    def end(self) -> None:
        """Nobody waits any more: the modem is there, or its programs are all closed."""
        self._deadlines.clear()
        self._asked_at = LONG_AGO
        self._plan()

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._deadlines:
            pause_s = min(until for until, _reason in self._deadlines.values()) - self._side.monotonic()
            self._timer = asyncio.get_running_loop().call_later(max(pause_s, 0.001), self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        now = self._side.monotonic()
        self._close(lambda until, _reason: until <= now)
        self._plan()

    def _close(self, is_over: Callable[[float, str], bool]) -> None:
        over = [(program, reason) for program, (until, reason) in self._deadlines.items() if is_over(until, reason)]
        for program, reason in over:
            program.close(reason)
