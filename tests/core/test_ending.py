"""The end of a process that something keeps."""

import subprocess
import sys

SCRIPT = """
import asyncio, os, sys, threading, time
from irzhub.core.ending import Ending

def fail():
    raise OSError("no such interpreter")

async def stubborn():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass

async def main():
    ending = Ending()
    {does}

asyncio.run(main())
sys.exit(5)
"""
KEPT = "kept = asyncio.create_task(stubborn(), name='kept'); await asyncio.sleep(0);"


def end(does: str) -> tuple[int, str]:
    command = [sys.executable, "-c", SCRIPT.replace("{does}", does)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stderr


def test_a_task_that_ignores_its_cancellation_does_not_keep_the_process() -> None:
    status, said = end(f"{KEPT} ending.within(0.2, lambda: os._exit(3), asyncio.get_running_loop())")

    assert status == 3
    assert "still runs after 0.2 s: thread MainThread in " in said
    assert "task kept of stubborn" in said


def test_a_thread_that_is_waited_for_does_not_keep_the_process() -> None:
    wait = "threading.Thread(target=time.sleep, args=(60,), name='disk').start();"

    status, said = end(f"{wait} ending.within(0.2, lambda: os._exit(3), asyncio.get_running_loop())")

    assert status == 3
    assert "thread disk in Thread.run" in said


def test_a_process_that_ends_in_time_has_its_own_status_and_says_nothing() -> None:
    assert end("ending.within(20, lambda: os._exit(3), asyncio.get_running_loop())") == (5, "")
    assert end("ending.within(0.2, lambda: os._exit(3), None); ending.came(); time.sleep(0.5)") == (5, "")


def test_only_the_last_word_counts() -> None:
    twice = "[ending.within(s, lambda: os._exit(3), asyncio.get_running_loop()) for s in (0.2, 20)]"

    assert end(f"{twice}; await asyncio.sleep(0.5)") == (5, "")


def test_what_cannot_be_done_ends_the_process_as_failed() -> None:
    status, said = end(f"{KEPT} ending.within(0.2, fail, asyncio.get_running_loop())")

    assert status == 1
    assert "no such interpreter" in said


def test_a_log_that_nobody_reads_does_not_keep_the_process() -> None:
    fill = "os.set_blocking(2, False); [os.write(2, bytes(4096)) for _ in range(16)]; os.set_blocking(2, True);"
    command = [
        sys.executable,
        "-c",
        SCRIPT.replace("{does}", f"{fill} {KEPT} ending.within(0.2, lambda: os._exit(3), asyncio.get_running_loop())"),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.wait(30) == 3
