"""The hub as `irzhub run` runs it, with a watch on its loop: `python -m benchmarks.watched_hub CONFIG`.

Takes orders as JSON lines: `{"lag": true}` answers how late the loop was since the last such order, in ms.
A timer every 5 ms measures it; its cost is some 0.2 % of a processor.
"""

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from pathlib import Path

import uvloop

_PROBE_S = 0.005


class LoopWatch:
    """How late a timer fires."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._late_s: list[float] = []
        self._due = 0.0

    def start(self) -> None:
        """Set the next timer."""
        self._due = self._loop.time() + _PROBE_S
        self._loop.call_at(self._due, self._fire)

    def _fire(self) -> None:
        self._late_s.append(self._loop.time() - self._due)
        self.start()

    def take(self) -> dict[str, float]:
        """Return how late it was since the last call.

        A loop that stands for a second misses 200 looks, of which the timer sees one. So each look counts for
        all that it missed: the percentiles are those of a visitor at a random moment.
        """
        seen, self._late_s = self._late_s, []
        moments = sorted(
            max(0.0, late - missed * _PROBE_S) for late in seen for missed in range(int(late / _PROBE_S) + 1)
        )
        if not moments:
            return {"p50_ms": 0.0, "p99_ms": 0.0, "worst_ms": 0.0}
        last = len(moments) - 1
        return {
            "p50_ms": moments[last // 2] * 1000,
            "p99_ms": moments[int(last * 0.99)] * 1000,
            "worst_ms": moments[-1] * 1000,
        }


async def main() -> None:
    """Run the hub until SIGTERM, or until the orders end."""
    # Imported here and without the collector, as `irzhub run` does it: that is part of a start.
    gc.disable()
    from irzhub.bootstrap import Hub
    from irzhub.config.load import load_settings
    from irzhub.loader import FoundSchemas
    from irzhub.simulator.fleet import raise_descriptor_limit

    raise_descriptor_limit(0)
    logging.basicConfig(level=logging.WARNING)
    folder = Path(sys.argv[1])
    settings = load_settings(folder, os.environ, {}, FoundSchemas(folder))
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    watch = LoopWatch()
    watch.start()

    async def obey() -> None:
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while await reader.readline():
            print(json.dumps(watch.take()), flush=True)
        stop.set()

    async with Hub(settings), asyncio.TaskGroup() as group:
        gc.collect()
        gc.freeze()
        gc.enable()
        orders = group.create_task(obey())
        await stop.wait()
        orders.cancel()


if __name__ == "__main__":
    uvloop.run(main())
