"""The guard: becomes the program, which dies with the parent, however that ends."""

import os
import subprocess
import sys

import psutil

GUARD = [sys.executable, "-m", "irzhub.core.child_guard"]


def test_it_becomes_the_program_with_its_arguments() -> None:
    child = subprocess.run(
        [*GUARD, str(os.getpid()), "echo", "a b", "$HOME"], capture_output=True, text=True, check=True
    )
    assert child.stdout == "a b $HOME\n"


def test_the_program_gets_sigterm_when_the_parent_is_killed() -> None:
    code = f"""
import os, subprocess, sys, time
child = subprocess.Popen({GUARD!r} + [str(os.getpid()), "sleep", "60"])
while not open(f"/proc/{{child.pid}}/cmdline").read().startswith("sleep"): time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        program = psutil.Process(pid)
        assert program.name() == "sleep"
        parent.kill()
        parent.wait(5)
        _, alive = psutil.wait_procs([program], timeout=5)
        assert not alive
    finally:
        parent.kill()
        parent.wait(5)
        assert parent.stdout is not None
        parent.stdout.close()


def test_it_does_not_start_what_nobody_waits_for() -> None:
    """The parent may die between the fork and the wish to be told of its death."""
    child = subprocess.run([*GUARD, "1", "echo", "started"], capture_output=True, text=True, check=False)
    assert child.stdout == ""
    assert "the parent 1 is gone" in child.stderr
