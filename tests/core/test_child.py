"""A child is watched to its end, whoever started it."""

import asyncio
import os
import signal
import socket
import sys

import pytest

from irzhub.core.child import Child

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")


async def test_its_end_is_seen() -> None:
    child = Child.spawn(SLEEPS, ())
    assert child.pid > 0
    child.kill()
    assert await asyncio.wait_for(child.wait(), 5) == -signal.SIGKILL
    assert child.returncode == -signal.SIGKILL
    child.kill()  # the number may be another's by now: nothing is sent


async def test_it_has_the_descriptors_that_it_is_given_and_no_other() -> None:
    (near, far), (stray, other) = socket.socketpair(), socket.socketpair()
    program = (
        f"import os, socket; s = socket.socket(fileno={far.fileno()})\n"
        f"try:\n    os.fstat({stray.fileno()}); s.sendall(b'too much')\n"
        "except OSError:\n    s.sendall(os.read(0, 1) + b'good')"
    )
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    with near, far, stray, other:
        child = Child.spawn((sys.executable, "-c", program), [far.fileno()])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        assert not os.get_inheritable(far.fileno())
        near.setblocking(False)
        assert await asyncio.get_running_loop().sock_recv(near, 100) == b"good"
        assert await child.wait() == 0


async def test_one_that_has_ended_before() -> None:
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", "raise SystemExit(3)"], os.environ)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    child = Child(pid)
    child.watch()
    assert await child.wait() == 3


async def test_one_that_is_let_go_is_still_there_for_others() -> None:
    child = Child.spawn(SLEEPS, ())
    child.unwatch()
    os.kill(child.pid, signal.SIGTERM)
    await asyncio.sleep(0.1)
    assert child.returncode is None
    other = Child(child.pid)
    other.watch()
    assert await asyncio.wait_for(other.wait(), 5) == -signal.SIGTERM


async def test_who_is_no_child_of_ours_is_refused() -> None:
    with pytest.raises(OSError, match="No child"):
        Child(1).watch()
