"""Sockets of modems from one process to another: a descriptor by SCM_RIGHTS, its hello in the same packet.

Plain sockets on both sides: a transport's socket cannot be given away, and none of the loops' transports
carries descriptors. Packets keep their bounds, so a hello and its socket cannot part.
"""

import array
import asyncio
import errno
import logging
import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Final

from irzhub.relay.dial_in import DialledIn
from irzhub.relay.worker_messages import DecodeError, HandOver, decode_hand_over, encode

_log = logging.getLogger(__name__)
PACKET_LIMIT: Final = 64 * 1024
WAITING_LIMIT: Final = 4096
"""So many sockets wait for one worker at the most, as many as the kernel queues before they are accepted."""
PATIENCE_S: Final = 15.0
"""A modem that waited longer is closed: it has given up, or will soon, and dials again."""
_PORTION: Final = 32
_AGAIN_S: Final = 0.02
_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM, errno.ETOOMANYREFS})
_RIGHTS_SIZE: Final = socket.CMSG_SPACE(array.array("i").itemsize)


def pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a new hatch, neither of which blocks."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setblocking(False)
    return ends


class HatchSender:
    """Gives sockets away, in order; while the other side is not there or does not take them, they wait here.

    `given` is called with each that the kernel has taken for the other side.
    """

    def __init__(self, monotonic: Callable[[], float], given: Callable[[DialledIn], None] = lambda _: None) -> None:
        self._monotonic = monotonic
        self._given = given
        self._waiting: deque[DialledIn] = deque()
        self._hatch: socket.socket | None = None
        self._again: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def open(self, hatch: socket.socket) -> None:
        """Send all that waits through this socket, which is owned from here on."""
        self.shut()
        self._hatch = hatch
        self._flush()

    def fileno(self) -> int:
        """Return the descriptor of the hatch, -1 while there is none."""
        return -1 if self._hatch is None else self._hatch.fileno()

    def shut(self) -> None:
        """The other side is gone; what has not been sent waits for the next one."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
        if self._hatch is not None:
            self._hatch.close()
            self._hatch = None

    def close(self) -> None:
        """Close the hatch and all that waits."""
        self.shut()
        while self._waiting:
            self._waiting.popleft().sock.close()

    def send(self, dialled: DialledIn) -> bool:
        """Give a socket away; False when too many wait already: it is still the caller's then."""
        if len(self._waiting) >= WAITING_LIMIT:
            return False
        self._waiting.append(dialled)
        if self._again is None:
            self._flush()
        return True

    def _flush(self) -> None:
        self._again = None
        too_old = self._monotonic() - PATIENCE_S
        while self._waiting and self._hatch is not None:
            dialled = self._waiting[0]
            if dialled.accepted >= too_old and not self._give(self._hatch, dialled):
                # A timer and not the loop's writer: it would spin when the kernel is short of other things.
                self._again = asyncio.get_running_loop().call_later(_AGAIN_S, self._flush)
                return
            self._waiting.popleft()
            dialled.sock.close()

    def _give(self, hatch: socket.socket, dialled: DialledIn) -> bool:
        """Send one; say whether it is done with, which a dead end is too: its sockets are closed with it."""
        message = HandOver(
            hello=dialled.hello,
            leftover=dialled.leftover,
            peer=dialled.peer,
            local=dialled.local,
            accepted=dialled.accepted,
        )
        try:
            socket.send_fds(hatch, [encode(message)], [dialled.sock.fileno()])
        except OSError as error:
            return error.errno not in _FULL
        self._given(dialled)
        return True


class HatchReceiver:
    """Takes sockets in small portions, so that who is connected already is served between them."""

    def __init__(self, hatch: socket.socket, adopt: Callable[[HandOver, socket.socket], None]) -> None:
        self._hatch = hatch
        self._adopt = adopt
        self._is_reading = False

    def open(self) -> None:
        """Take what comes from now on; nothing comes once it is closed."""
        if not self._is_reading and self._hatch.fileno() >= 0:
            self._is_reading = True
            asyncio.get_running_loop().add_reader(self._hatch.fileno(), self._readable)

    def pause(self) -> None:
        """Take nothing until `open`; it waits in the kernel and then at the sender."""
        if self._is_reading:
            self._is_reading = False
            asyncio.get_running_loop().remove_reader(self._hatch.fileno())

    def close(self) -> None:
        """Take nothing any more."""
        self.pause()
        self._hatch.close()

    def _readable(self) -> None:
        for _ in range(_PORTION):
            if not self._is_reading:
                return
            try:
                data, rights, _flags, _address = self._hatch.recvmsg(
                    PACKET_LIMIT, _RIGHTS_SIZE, socket.MSG_CMSG_CLOEXEC
                )
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                _log.warning("no socket can be taken over: %s", error)
                self.pause()
                return
            descriptors = array.array("i")
            for _level, _kind, packed in rights:
                descriptors.frombytes(packed[: len(packed) - len(packed) % descriptors.itemsize])
            if not data:
                self.pause()  # the hub is gone; the door says so too
                return
            self._take(data, descriptors.tolist())

    def _take(self, data: bytes, descriptors: list[int]) -> None:
        if not descriptors:
            # The kernel drops what it has no number for; the sender has closed its copy, so the modem dials again.
            _log.warning("a modem's socket was lost on its way: no file descriptors left")
            return
        for extra in descriptors[1:]:
            os.close(extra)
        sock = socket.socket(fileno=descriptors[0])
        try:
            message = decode_hand_over(data)
        except DecodeError as error:
            _log.error("a socket came with what is no hello: %s", error)
            sock.close()
            return
        sock.setblocking(False)
        self._adopt(message, sock)
