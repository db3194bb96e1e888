"""After all have come and gone nothing remains of the whole part: no task, timer, descriptor or object."""

import asyncio
import gc
import os
from pathlib import Path

from irzhub.relay.conflict import Farewell
from irzhub.relay.dial_in import DialIn
from irzhub.relay.messages import ClientOpened, SessionClosed
from irzhub.relay.orders import PutModem
from irzhub.relay.program import Program
from irzhub.relay.questions import Questions
from irzhub.relay.session import ModemSession
from tests.relay.modem_rig import Hub, hello, modem_settings, until


def open_files() -> int:
    return len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))


def living() -> dict[str, int]:
    gc.collect()
    kinds = (ModemSession, Farewell, DialIn, Program, Questions)
    found = {kind.__name__: 0 for kind in kinds}
    for thing in gc.get_objects():
        if isinstance(thing, kinds):
            found[type(thing).__name__] += 1
    return found


async def test_two_hundred_comings_and_goings_leave_nothing_behind() -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings()))
        (await hub.dials(hello(framed=True))).close()
        await hub.hears(SessionClosed)
        objects = living()  # first: what it collects of the tests before may hold files
        tasks, files = len(asyncio.all_tasks()), open_files()
        for number in range(200):
            modem = await hub.dials(hello(framed=number % 2 == 0))
            if number % 4 == 0:
                program = await hub.polls()
                await hub.hears(ClientOpened, number // 4 + 1)
                await program.says(b"question")
                program.close()
            if number % 3 == 0:
                silent = await hub.connects()
                await silent.says(b"AT$")
                silent.close()
            if number % 5 == 1:
                newer = await hub.dials()  # the former one is displaced and watched
                newer.close()
            if number % 2:
                modem.reset()
            else:
                modem.close()
        shared, wheel = hub.relay._shared, hub.relay._wheel
        await until(lambda: shared.sessions == 0 and shared.transports == 0)
        await until(lambda: len(asyncio.all_tasks()) == tasks and open_files() == files)
        assert len(wheel) == 0
        assert not shared.leaving
        assert hub.relay._acceptor.silent == 0
        hub.got.clear()
        await until(lambda: living() == objects)
