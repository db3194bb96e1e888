"""A child that must not outlive its parent."""

import subprocess
import sys

import psutil

CHILD = """
import os, signal, sys, time
from irzhub.core.parent import die_with_parent
signal.signal(signal.SIGTERM, signal.SIG_IGN)
die_with_parent(int(sys.argv[1]), signal.SIGKILL)
print(os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = f"""
import os, subprocess, sys
subprocess.run([sys.executable, "-c", {CHILD!r}, str(os.getpid())])
"""


def test_the_signal_of_choice_comes_when_the_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait(5)
        _, alive = psutil.wait_procs([child], timeout=5)
        assert not alive
    finally:
        parent.kill()
        parent.wait(5)
        assert parent.stdout is not None
        parent.stdout.close()


def test_it_ends_at_once_when_the_parent_is_another_one() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, "1"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 1)
    assert "the parent 1 is gone" in done.stderr
