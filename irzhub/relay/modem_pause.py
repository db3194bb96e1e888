"""A modem waits for a program that does not take what the meter says, but not for long (ARCHITECTURE D4)."""

import asyncio
from collections.abc import Callable

from irzhub.relay.link import ModemLink
from irzhub.relay.program import Program


class ModemPause:
    """One such wait, from its making to its end; the modem is not read meanwhile.

    Args:
        seconds: after these the modem is read again, whatever the program does.
        is_alone: a program that is alone with the modem and has not moved by then is cut.
        on_end: called once when it is over.
    """

    __slots__ = ("_link", "_on_end", "_timer", "program")

    def __init__(
        self, program: Program, link: ModemLink, seconds: float, on_end: Callable[[], None], *, is_alone: bool
    ) -> None:
        self.program = program
        self._link = link
        self._on_end = on_end
        link.pause_reading()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._give_up, is_alone)

    def end(self) -> None:
        """Read the modem again."""
        self.forget()
        self._link.resume_reading()
        self._on_end()

    def forget(self) -> None:
        """The modem is gone: there is nothing to read again."""
        self._timer.cancel()

    def _give_up(self, is_alone: bool) -> None:
        program = self.program
        is_stalled = program.waiting_bytes > program.comfort_bytes
        program.was_waited_for = is_stalled
        self.end()
        if is_stalled and is_alone:
            program.cut("stalled")
