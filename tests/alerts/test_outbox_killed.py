"""The outbox as a process that is killed in the middle of a burst, of the whole part."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

from irzhub.alerts.outbox_schedule import PLANS
from tests.alerts.outbox_child import SENT, STORED
from tests.alerts.outbox_rig import HandClock, rig
from tests.conftest import ROOT

COUNT = 120


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def progress(folder: Path) -> tuple[int, int]:
    return len(lines(folder / SENT)), len(lines(folder / STORED))


async def kill_in_mid_burst(folder: Path) -> None:
    command = (sys.executable, "-m", "tests.alerts.outbox_child", str(folder), str(COUNT))
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    async with asyncio.timeout(60):
        while not ((done := await asyncio.to_thread(progress, folder))[0] >= COUNT // 3 and done[1] == COUNT):
            assert child.returncode is None
            await asyncio.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    await child.wait()


async def test_each_message_leaves_at_least_once_and_an_sms_is_repeated_at_most_once_and_marked(tmp_path: Path) -> None:
    await kill_in_mid_burst(tmp_path)
    before = Counter(line.split()[0] for line in lines(tmp_path / SENT))
    assert COUNT // 3 <= len(before) < COUNT, "it was killed in the middle"

    clock = HandClock()
    async with rig(tmp_path, clock, group_after=COUNT) as hub:
        sms = hub.offer("sms")
        for _ in range(2):
            clock.turn(121)
            hub.outbox.wake()
            async with asyncio.timeout(20):
                while not hub.outbox.is_at_rest:
                    await asyncio.sleep(0.01)

    after = Counter(delivery.id for delivery in sms.taken)
    repeated = set(before) & set(after)
    assert set(before) | set(after) == set(lines(tmp_path / STORED)), "none is lost"
    assert max((before + after).values()) <= 2
    assert len(repeated) <= PLANS["sms"].quick_concurrency, "what was being sent at once"
    assert {delivery.id for delivery in sms.taken if delivery.may_repeat} >= repeated
