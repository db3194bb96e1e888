"""A child process that can outlive the program which started it: watched by its pid alone.

`execv` keeps the children of a process, but not what an event loop knows of them. So a child whose parent may be
replaced is not one of the loop's own: whoever knows its pid, and is its parent, can wait for it. Linux only.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from typing import Final, Self

_UNKNOWN: Final = 255
"""As asyncio has it: how it ended is not known any more."""


class Child:
    """One child of this process, by its pid; `watch` it once before anything else."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._returncode: int | None = None
        self._descriptor = -1
        self._ended = asyncio.Event()

    @classmethod
    def spawn(cls, command: Sequence[str], descriptors: Sequence[int]) -> Self:
        """Start a program that has these descriptors, under their own numbers, and no standard input.

        It gets no signal mask and inherits nothing else. Takes some milliseconds. Call it from the main thread: the
        signal at the parent's death that the child may ask for comes with the death of the thread.

        Raises:
            OSError: it cannot be started.
        """
        for descriptor in descriptors:
            os.set_inheritable(descriptor, True)
        try:
            pid = os.posix_spawn(
                command[0],
                list(command),
                os.environ,
                file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)],
                setsigmask=[],
            )
        finally:
            for descriptor in descriptors:
                os.set_inheritable(descriptor, False)
        child = cls(pid)
        child.watch()
        return child

    @property
    def pid(self) -> int:
        """The process id."""
        return self._pid

    @property
    def returncode(self) -> int | None:
        """How it ended, None while it lives; negative: the signal that killed it."""
        return self._returncode

    def watch(self) -> None:
        """Begin to wait for its end.

        Raises:
            OSError: there is no such child, or the kernel cannot tell (before Linux 5.3).
        """
        if os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            self._reap()
            return
        self._descriptor = os.pidfd_open(self._pid)
        asyncio.get_running_loop().add_reader(self._descriptor, self._reap)

    def unwatch(self) -> None:
        """Leave it alone: somebody else will wait for it."""
        if self._descriptor >= 0:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    async def wait(self) -> int:
        """Wait for its end and return `returncode`."""
        await self._ended.wait()
        assert self._returncode is not None
        return self._returncode

    def send_signal(self, number: int) -> None:
        """Send a signal; one that has ended gets none, as its number may be another's by now."""
        if self._returncode is None:
            os.kill(self._pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _reap(self) -> None:
        self.unwatch()
        try:
            self._returncode = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        except ChildProcessError:  # somebody else has waited for it
            self._returncode = _UNKNOWN
        self._ended.set()
