import asyncio
import threading

import pytest

from irzhub.storage.daemon_thread import run_on_daemon_thread


async def test_the_result_comes_back_and_the_loop_goes_on_meanwhile() -> None:
    go = threading.Event()
    asyncio.get_running_loop().call_later(0.02, go.set)

    def work() -> tuple[bool, str]:
        return go.wait(5), threading.current_thread().name

    assert await run_on_daemon_thread(work, "slow") == (True, "slow")


async def test_its_error_comes_back() -> None:
    def work() -> None:
        raise KeyError("on purpose")

    with pytest.raises(KeyError, match="on purpose"):
        await run_on_daemon_thread(work, "broken")


async def test_who_no_longer_waits_is_not_told() -> None:
    go = threading.Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await run_on_daemon_thread(go.wait, "late")
    go.set()
    await asyncio.sleep(0.02)
