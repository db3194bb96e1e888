"""A program that never reads, a test of the whole part: memory stays bounded and pin reports come in time."""

import asyncio
import time

import psutil

from irzhub.relay.messages import ClientClosed, PinsSeen
from tests.relay.modem_rig import Hub, ModemEnd, hello, relay_settings

PAUSE_S = 0.5
DATA = bytes.fromhex("C8CACBCCCD 01 0400") + b"x" * 1024 + b"\r\n"


REPORT = bytes.fromhex("C8CACBCCCD 0C 0007 01400280C28080 0D0A")


async def test_memory_is_bounded_and_pin_reports_are_not_delayed_for_longer_than_the_pause() -> None:
    async with Hub(relay_settings(modem_pause_s=PAUSE_S)) as hub:
        modem = await hub.dials(hello(framed=True))
        stalled = await hub.polls()
        await asyncio.sleep(0.05)
        hub.forget()
        process = psutil.Process()
        before, most = process.memory_info().rss, 0

        async def watch() -> None:
            nonlocal most
            while not hub.all(ClientClosed):
                most = max(most, process.memory_info().rss - before)
                await asyncio.sleep(0.01)

        watching = asyncio.create_task(watch())  # noqa: TID251
        delays = [await _delay_of_a_report(hub, modem) for _ in range(60)]
        await asyncio.wait_for(watching, 5)

        assert hub.all(ClientClosed)[0].reason == "stalled"
        assert max(delays) < PAUSE_S + 0.5
        assert sorted(delays)[len(delays) // 2] < 0.1
        assert most < 8 * 1024 * 1024
        stalled.close()


async def _delay_of_a_report(hub: Hub, modem: ModemEnd) -> float:
    """Send 64 KiB of meter data and a report behind them; return how long the hub took to tell of the report."""
    seen = len(hub.all(PinsSeen))
    await modem.says(DATA * 64)
    began = time.monotonic()
    await modem.says(REPORT)
    await hub.hears(PinsSeen, seen + 1)
    return time.monotonic() - began
