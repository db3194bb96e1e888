"""All sockets that have not said hello yet, behind one descriptor of the loop.

The loop would call every one of them in the same turn: when ten thousand modems dial after an outage, their
hellos come together, and reading them holds the loop for a second. Here a turn ends after some milliseconds;
who was not read yet is found again in the next one. A silent socket costs the loop nothing.
"""

import asyncio
import select
import time
from collections.abc import Callable
from typing import Final

TURN_S: Final = 0.02
"""So long a turn of the loop is used for newcomers; the slower the machine is just now, the fewer they are."""
LEAST: Final = 16
"""So many newcomers in each turn all the same: on a machine that others use too they would wait for very long."""
_PORTION: Final = 256


class WaitingRoom:
    """Calls back when a socket can be read; where the system has no `epoll`, by the loop itself."""

    __slots__ = ("_epoll", "_loop", "_readers")

    def __init__(self) -> None:
        self._readers: dict[int, Callable[[], None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._epoll: select.epoll | None = None

    def watch(self, descriptor: int, on_readable: Callable[[], None]) -> None:
        """Call `on_readable` as long as there is something to read, until `forget`."""
        if self._loop is None:
            self._open()
        self._readers[descriptor] = on_readable
        if self._epoll is not None:
            self._epoll.register(descriptor, select.EPOLLIN)
        elif self._loop is not None:
            self._loop.add_reader(descriptor, on_readable)

    def forget(self, descriptor: int) -> None:
        """Call nobody for this socket any more; to be called before it is closed."""
        if self._readers.pop(descriptor, None) is None:
            return
        if self._epoll is not None:
            self._epoll.unregister(descriptor)
        elif self._loop is not None:
            self._loop.remove_reader(descriptor)

    def close(self) -> None:
        """Forget all."""
        for descriptor in list(self._readers):
            self.forget(descriptor)
        if self._epoll is not None and self._loop is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
        self._epoll = self._loop = None

    def __len__(self) -> int:
        """Return how many are watched."""
        return len(self._readers)

    def _open(self) -> None:
        self._loop = asyncio.get_running_loop()
        if hasattr(select, "epoll"):
            self._epoll = select.epoll()
            self._loop.add_reader(self._epoll.fileno(), self._serve)

    def _serve(self) -> None:
        assert self._epoll is not None
        until = time.monotonic() + TURN_S
        for number, (descriptor, _events) in enumerate(self._epoll.poll(0, _PORTION), 1):
            if (on_readable := self._readers.get(descriptor)) is not None:  # one before it may have ended it
                on_readable()
            if number >= LEAST and time.monotonic() >= until:
                return
