"""What signals ask of a running hub: to stop, to read its settings again, to make place for another one."""

import asyncio
import os
import signal
import sys
from typing import Final

from irzhub import upgrade
from irzhub.core.ending import Ending

_STOP_S: Final = 9.0
"""From the signal to the last part closed; the process has ended within ten seconds (docs/contract.md 5)."""


class Wanted:
    """What signals ask of a running hub."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending
        self.stop = asyncio.Event()
        self.reload = asyncio.Event()
        self._upgrade = asyncio.Event()
        self._any = asyncio.Event()

    def listen(self, *, takes_reload: bool) -> None:
        """Take the signals from now on, those too that came while one hub took the place of another."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        if takes_reload and sys.platform != "win32":
            loop.add_signal_handler(signal.SIGHUP, self.reload.set)
        if sys.platform == "linux":
            loop.add_signal_handler(signal.SIGUSR2, self._note, self._upgrade)
            upgrade.take_signals()

    async def upgrade_or_stop(self) -> bool:
        """Wait until something is wanted; return whether it is another hub, not the end."""
        await self._any.wait()
        self._any.clear()
        self._upgrade.clear()
        return not self.stop.is_set()

    def _stop(self) -> None:
        if not self.stop.is_set():
            self._ending.within(_STOP_S, lambda: os._exit(1), asyncio.get_running_loop())
        self._note(self.stop)

    def _note(self, event: asyncio.Event) -> None:
        event.set()
        self._any.set()
