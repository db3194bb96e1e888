"""Signals become what the hub is asked for."""

import asyncio
import os
import signal
import sys
import threading

import pytest

from irzhub.core.ending import Ending
from irzhub.signals import Wanted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")


async def heard(event: asyncio.Event) -> bool:
    async with asyncio.timeout(5):
        return await event.wait()


async def test_a_hangup_asks_for_the_settings_and_the_second_user_signal_for_another_hub() -> None:
    wanted, loop = Wanted(Ending()), asyncio.get_running_loop()
    wanted.listen(takes_reload=True)
    try:
        os.kill(os.getpid(), signal.SIGHUP)
        assert await heard(wanted.reload)
        os.kill(os.getpid(), signal.SIGUSR2)
        assert await wanted.upgrade_or_stop()
        assert not wanted.stop.is_set()
    finally:
        for number in (signal.SIGHUP, signal.SIGUSR2, signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    assert threading.current_thread() is threading.main_thread()
