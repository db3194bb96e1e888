"""The guards of tests/conftest.py bite: each of these small tests must be turned down."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

OFFENDERS = """
import asyncio, subprocess, threading, time
from pathlib import Path
from irzhub.config.yaml_file import read_yaml_file
from irzhub.core.tasks import Tasks

async def test_runs_on_the_loop_of_the_hub():
    assert "uvloop" in type(asyncio.get_running_loop()).__module__

async def test_blocks_the_loop():
    read_yaml_file(Path(__file__), "file")

async def test_leaves_a_task():
    Tasks("part").spawn(asyncio.sleep(60), "work")

def test_leaves_a_thread():
    threading.Thread(target=time.sleep, args=(2,)).start()

def test_leaves_a_child():
    global child
    child = subprocess.Popen(["sleep", "2"])

def test_ends_the_child():
    child.wait()
"""


def test_what_blocks_or_stays_behind_is_turned_down(tmp_path: Path) -> None:
    offenders = tmp_path / "test_offenders.py"
    offenders.write_text(OFFENDERS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(offenders)]
    done = subprocess.run(
        command, cwd=ROOT, env={"IRZHUB_TEST_PATIENCE": "0.3", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )

    summary = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert [line.split("::")[1].split(" - ")[0] for line in summary] == [
        "test_leaves_a_task",
        "test_leaves_a_thread",
        "test_leaves_a_child",
        "test_blocks_the_loop",
    ], done.stdout
    assert "Blocking call to" in done.stdout
    assert "left behind: tasks ['part:work']" in done.stdout
