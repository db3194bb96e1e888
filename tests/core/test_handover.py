"""What one program leaves to the next one in its process, over a real `execv`."""

import os
import socket
import subprocess
import sys

import pytest

from irzhub.core import handover
from irzhub.core.handover import ENV, Handover, receive

PROGRAM = """
import os, socket, sys
from irzhub.core.handover import Handover, receive

left = receive(os.environ)
if left is None:
    near, far = socket.socketpair()
    near.sendall(b"before")
    stray, _ = socket.socketpair()
    going = Handover()
    going.leave("relay", {"sock": going.keep(far.fileno()), "stray": going.keep(stray.fileno()), "pid": os.getpid()})
    going.leave("other", [1, "ж"])
    far.close()
    going.keep(near.fileno())
    going.pack(os.environ)
    os.execv(sys.executable, sys.orig_argv)
note = left.take("relay")
sock = left.claim(note["sock"])
print(sock.recv(10), note["pid"] == os.getpid(), left.take("other"), left.take("other"))
print("IRZHUB_HANDOVER" in os.environ)
print(os.get_inheritable(sock.fileno()))
left.close()
try:
    os.fstat(note["stray"])
except OSError:
    print("the stray one is closed")
"""


def test_facts_and_descriptors_survive_execv() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "b'before' True [1, 'ж'] None",
        "False",
        "False",
        "the stray one is closed",
    ]


def test_an_ordinary_start_has_nothing() -> None:
    assert receive({}) is None
    assert receive({ENV: "none"}) is None
    assert receive({ENV: "12345"}) is None


def test_another_format_is_not_read_and_all_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = socket.socketpair()
    going = Handover()
    going.keep(far.fileno())
    far.close()
    environment: dict[str, str] = {}
    monkeypatch.setattr(handover, "FORMAT", 2)
    going.pack(environment)
    monkeypatch.undo()
    assert receive(environment) is None
    with near:
        assert near.recv(1) == b""  # the other end is closed


def test_what_is_another_process_is_not_read() -> None:
    environment: dict[str, str] = {}
    Handover().pack(environment)
    child = "import os; from irzhub.core.handover import receive; print(receive(os.environ))"
    done = subprocess.run(
        [sys.executable, "-c", child],
        env=os.environ | environment,
        pass_fds=[int(environment[ENV])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "None\n"
    os.close(int(environment[ENV]))
