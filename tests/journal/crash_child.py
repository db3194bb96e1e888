"""A hub's journal that is going to be killed: says on its output what it has acknowledged.

Usage: crash_child.py DATA_DIR. Each line is `SEQ ID DURABLE`, written after the event was published.
"""

import asyncio
import os
import sys
from pathlib import Path

from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event, GpiChanged
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.journal.journal import Journal
from irzhub.storage.local import LocalStore
from irzhub.storage.pins import PinRow, save_pins


def acknowledge(event: Event) -> None:
    os.write(1, f"{event.seq} {event.id} {int(event.durable)}\n".encode())


async def burst(data_dir: Path) -> None:
    bus, clock = Bus(), SystemClock()
    bus.subscribe(Event, acknowledge)
    async with LocalStore(data_dir) as store, Journal(store, bus, clock, Health(bus), Metrics()) as journal:
        number = 0
        while True:
            for _ in range(20):
                number += 1
                modem = f"86844103677{number % 100:04d}"
                level = "ON" if number % 2 else "OFF"
                pin = PinRow(modem, 1, False, level, clock.now())
                journal.append(
                    GpiChanged(
                        ts=clock.now(),
                        modem=modem,
                        pin=1,
                        level="ON" if number % 2 else "OFF",
                        previous="OFF" if number % 2 else "ON",
                        source="report",
                    ),
                    write=lambda conn, pin=pin: save_pins(conn, [pin]),  # type: ignore[misc]
                )
            await asyncio.sleep(0.005)


asyncio.run(burst(Path(sys.argv[1])))
