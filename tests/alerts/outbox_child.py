"""An outbox in a process of its own, to be killed: `python -m tests.alerts.outbox_child FOLDER COUNT`."""

import asyncio
import os
import sys
from pathlib import Path

from irzhub.core.services import Delivery
from tests.alerts.outbox_rig import Channel, message, rig

SENT = "sent.txt"
STORED = "stored.txt"


async def burst(folder: Path, count: int) -> None:
    """Tell `count` messages at once over a slow channel; each stored and each sent id is written down at once."""
    sent = os.open(folder / SENT, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    stored = os.open(folder / STORED, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    async def leaves(delivery: Delivery) -> None:
        os.write(sent, f"{delivery.id} {delivery.may_repeat}\n".encode())
        await asyncio.sleep(0.02)

    async with rig(folder, group_after=count) as hub:
        hub.offer("sms", Channel(before=leaves))
        futures = [hub.outbox.tell(message(number, subject=f"modem{number}")) for number in range(count)]
        for future in asyncio.as_completed(futures):
            os.write(stored, f"{(await future).ids[0]}\n".encode())
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(burst(Path(sys.argv[1]), int(sys.argv[2])))
