"""The end of the process, whatever hangs (ARCHITECTURE D13).

A hub that has closed all its parts may still be kept by what nobody can cancel: a thread of a driver or of
an executor that waits for a disk or a server, or a task that waits for such a thread. Python waits for all
of them, for ever. What they do cannot matter any more, so the process ends without them.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

_log = logging.getLogger(__name__)
_SAY_S: Final = 0.5
"""Whoever reads the log may hang as well."""


class Ending:
    """Ends the process by `leave` when it has not ended by itself in time.

    The time is kept by a thread of its own, so that neither a blocked loop nor a blocked interpreter's end
    can stop it.
    """

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._last = threading.Lock()

    def within(self, seconds: float, leave: Callable[[], object], loop: asyncio.AbstractEventLoop) -> None:
        """Call `leave` in `seconds`, instead of what was to come so far; what still runs is logged before."""
        self._cancel()
        self._timer = threading.Timer(seconds, self._leave, (seconds, leave, loop))
        self._timer.daemon = True
        self._timer.start()

    def came(self) -> None:
        """Note that the end has come by itself; does not return while `leave` runs."""
        self._cancel()
        self._last.acquire()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _leave(self, seconds: float, leave: Callable[[], object], loop: asyncio.AbstractEventLoop) -> None:
        if not self._last.acquire(blocking=False):
            return
        try:
            _try_to(partial(_tell_what_runs, seconds, loop))
            leave()
        except OSError as error:
            _try_to(partial(_log.error, "the process ends: %s", error))
        finally:
            os._exit(1)


def _try_to(say: Callable[[], object]) -> None:
    saying = threading.Thread(target=say, daemon=True)
    saying.start()
    saying.join(_SAY_S)


def _tell_what_runs(seconds: float, loop: asyncio.AbstractEventLoop) -> None:
    kept_by = "; ".join((*_threads(), *_tasks(loop)))
    _log.warning("the process ends without waiting for what still runs after %g s: %s", seconds, kept_by)


def _threads() -> Iterator[str]:
    frames = sys._current_frames()  # noqa: SLF001 - the only way to tell where a thread is
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not isinstance(thread, threading.Timer):
            frame = frames.get(thread.ident or 0)
            where = (
                "" if frame is None else f" in {frame.f_code.co_qualname} ({frame.f_code.co_filename}:{frame.f_lineno})"
            )
            yield f"thread {thread.name}{where}"


def _tasks(loop: asyncio.AbstractEventLoop) -> Iterator[str]:
    for task in asyncio.all_tasks(loop):
        yield f"task {task.get_name()} of {getattr(task.get_coro(), '__qualname__', '?')}"
