"""Tasks have a name, an owner and an end."""

import asyncio
import logging

import pytest

from irzhub.core.tasks import Tasks


async def test_task_is_named_after_its_owner_and_gives_its_result() -> None:
    tasks = Tasks("relay")
    task = tasks.spawn(asyncio.sleep(0, "done"), "modem 7")

    assert task.get_name() == "relay:modem 7"
    assert len(tasks) == 1
    assert await task == "done"
    await asyncio.sleep(0)
    assert len(tasks) == 0


async def test_failure_is_logged_counted_and_takes_nobody_with_it(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    tasks = Tasks("mqtt")
    other = tasks.spawn(asyncio.sleep(60), "other")
    failed = tasks.spawn(fail(), "bad")
    with caplog.at_level(logging.ERROR):
        await asyncio.wait((failed,))
        await asyncio.sleep(0)

    assert tasks.failures == 1
    assert "task mqtt:bad failed" in caplog.text
    assert "ValueError: broken" in caplog.text
    assert not other.done()
    await tasks.close()


async def test_close_cancels_all_and_waits_until_they_have_ended() -> None:
    ended = list[str]()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            ended.append("cleaned up")

    tasks = Tasks("web")
    _ = tasks.spawn(work(), "one"), tasks.spawn(work(), "two")
    await asyncio.sleep(0)
    await tasks.close()

    assert ended == ["cleaned up", "cleaned up"]
    assert (len(tasks), tasks.failures) == (0, 0)


async def test_close_waits_for_what_a_dying_task_starts() -> None:
    tasks, ended = Tasks("web"), list[str]()

    async def farewell() -> None:
        await asyncio.sleep(0.01)
        ended.append("farewell")

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            _ = tasks.spawn(farewell(), "farewell")

    _ = tasks.spawn(work(), "work")
    await asyncio.sleep(0)
    await tasks.close()

    assert ended == ["farewell"]


async def test_close_of_nothing_returns() -> None:
    await Tasks("idle").close()
