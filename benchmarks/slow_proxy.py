"""A TCP proxy that lets every message of its clients wait: `python -m benchmarks.slow_proxy PORT TARGET`.

A SQL client waits for the answer of each query, so the delay is one of each query. Orders: `{"delay_s": 0.2}`.
"""

import asyncio
import contextlib
import json
import sys

import uvloop

_READ_BYTES = 1 << 20


class Delay:
    """How long each message waits now."""

    seconds = 0.0


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: Delay | None) -> None:
    """Carry one direction; the clients' with the delay."""
    with contextlib.suppress(OSError):
        while data := await reader.read(_READ_BYTES):
            if delay is not None and delay.seconds:
                await asyncio.sleep(delay.seconds)
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


async def main() -> None:
    """Relay and obey orders until the input ends."""
    port, target = int(sys.argv[1]), int(sys.argv[2])
    delay = Delay()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, far_writer, delay), pump(far_reader, writer, None))

    await asyncio.start_server(relay, "127.0.0.1", port)
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        delay.seconds = json.loads(line)["delay_s"]
        print(json.dumps({"delay_s": delay.seconds}), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
