"""Blocking work that may take minutes, on a thread that lets the process end meanwhile."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

_R = TypeVar("_R")


async def run_on_daemon_thread(work: Callable[[], _R], name: str) -> _R:
    """Run `work` on a thread of its own and return its result, or raise what it raises.

    An executor's threads are waited for at the end of the process; a server that went away in the middle
    of a migration must not hold up a stop.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_R] = loop.create_future()

    def settle(settle_future: Callable[[], None]) -> None:
        if not done.done():
            settle_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed to the one who waits
            failed = error
            answer: Callable[[], None] = lambda: done.set_exception(failed)  # noqa: E731
        else:
            answer = lambda: done.set_result(result)  # noqa: E731
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(settle, answer)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await done
