"""Gives admitted sockets their transports: a storm of thousands waits in a queue, not as thousands of tasks.

Each task costs some 4 KB until it ends, and all of them at once would begin their sessions in one turn of the
loop. So a few tasks take turns, and the loop serves everybody else between them.
"""

import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from irzhub.core.tasks import Tasks
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.modem import Modem

AT_ONCE: Final = 32
_log = logging.getLogger(__name__)


class Connector:
    """Connects modems in the order in which they came.

    Args:
        connect: gives one socket its session; it owns the socket from its first step on.
        refuse: takes a socket that nobody connects any more.
    """

    __slots__ = ("_busy", "_connect", "_refuse", "_tasks", "_waiting")

    def __init__(
        self,
        tasks: Tasks,
        connect: Callable[[Modem, DialledIn], Coroutine[Any, Any, None]],
        refuse: Callable[[DialledIn, str], None],
    ) -> None:
        self._tasks = tasks
        self._connect = connect
        self._refuse = refuse
        self._waiting: deque[tuple[Modem, DialledIn]] = deque()
        self._busy = 0

    def put(self, modem: Modem, dialled: DialledIn) -> None:
        """Connect a modem, as soon as it is its turn."""
        self._waiting.append((modem, dialled))
        if self._busy < AT_ONCE:
            self._busy += 1
            self._tasks.spawn(self._work(), "connect")

    def close(self) -> None:
        """The relay stops: nobody waits any longer."""
        while self._waiting:
            self._refuse(self._waiting.popleft()[1], "")

    def __len__(self) -> int:
        """Return how many sockets wait."""
        return len(self._waiting)

    async def _work(self) -> None:
        try:
            while self._waiting:
                modem, dialled = self._waiting.popleft()
                try:
                    await self._connect(modem, dialled)
                except Exception:  # noqa: BLE001 - the boundary: one socket that fails must not stop the queue
                    _log.exception("modem %s could not be connected", dialled.hello.modem)
                    dialled.sock.close()
        finally:
            self._busy -= 1
