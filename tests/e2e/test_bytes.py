"""What goes in at one end comes out at the other: all of it, in order, unchanged (raw and encapsulated)."""

import asyncio
import hashlib
import os
import random

from irzhub.simulator.fleet import Fleet, varied_options
from irzhub.simulator.meters import Answers
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess

MODEMS = 50
TOTAL = int(os.environ.get("IRZHUB_TEST_BYTES", "10_000_000"))
"""Random bytes each way, over all modems together."""


class RandomMeter:
    """Answers whatever comes with random bytes of its own until it has sent its share; hashes both ways."""

    def __init__(self, imei: str) -> None:
        self.chance = random.Random(imei)
        self.left = TOTAL // MODEMS
        self.received = hashlib.sha256()
        self.received_bytes = 0
        self.sent = hashlib.sha256()

    def receive(self, data: bytes, now: float) -> Answers:
        """Take a chunk and answer it with chunks, so that the last question is followed by all that is left."""
        self.received.update(data)
        self.received_bytes += len(data)
        size = self.left if self.received_bytes == TOTAL // MODEMS else min(self.left, self.chance.randint(1, 6000))
        self.left -= size
        replies: Answers = []
        while size:
            chunk = self.chance.randbytes(min(size, self.chance.randint(1, 3000)))
            size -= len(chunk)
            self.sent.update(chunk)
            replies.append((0.0, chunk))
        return replies


async def exchange(port: int, seed: int) -> tuple[str, str]:
    """Send the share of one program in random chunks while reading; return the digests of both ways."""
    chance = random.Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent, received = hashlib.sha256(), hashlib.sha256()

    async def send() -> None:
        left = TOTAL // MODEMS
        while left:
            chunk = chance.randbytes(min(left, chance.randint(1, 9000)))
            left -= len(chunk)
            sent.update(chunk)
            writer.write(chunk)
            await writer.drain()

    async def receive() -> None:
        left = TOTAL // MODEMS
        while left:
            data = await reader.read(65536)
            assert data, f"the hub closed with {left} bytes to come"
            received.update(data)
            left -= len(data)

    async with asyncio.timeout(90 + TOTAL / 1_000_000):
        await asyncio.gather(send(), receive())
    writer.close()
    return sent.hexdigest(), received.hexdigest()


async def test_random_bytes_both_ways_through_fifty_modems_at_once(hub: HubProcess) -> None:
    runtime = Runtime()
    async with Fleet(
        "127.0.0.1", hub.modem_port, MODEMS, options=varied_options(runtime), meter=RandomMeter, runtime=runtime
    ) as fleet:
        await fleet.wait_online()
        modems = await hub.modems()

        digests = await asyncio.gather(
            *(exchange(modems[modem.imei]["port"], number) for number, modem in enumerate(fleet.modems))
        )

        for modem, (sent, received) in zip(fleet.modems, digests, strict=True):
            meter = modem.meter
            assert isinstance(meter, RandomMeter)
            assert (sent, received) == (meter.received.hexdigest(), meter.sent.hexdigest()), modem.imei
        assert sum(modem.options.encapsulated for modem in fleet.modems) == MODEMS // 2
