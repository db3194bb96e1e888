"""The far side of a benchmark, in a process of its own: modems that echo, and a plain echo server.

The modems are as lean as can be, so that their own cost hides little of the difference between proxies: a data
frame goes back byte for byte, as the vendor's emulator does it. Started as `python -m benchmarks.echo_side`,
it takes orders as JSON lines: `{"dial": 1000, "encapsulated": true, "from": 0, "port": 5009}` and answers each.
"""

import asyncio
import json
import sys
import time
from typing import Any, cast

import uvloop

from irzhub.simulator.options import ModemOptions, build_hello
from irzhub.simulator.wire import COMMAND, PREFIX

IMEI_BASE = 867_000_000_000_000
_AT_ONCE = 64
_COMMAND_SIZE = 13


class Echo(asyncio.Protocol):
    """Sends back what comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class EchoModem(asyncio.Protocol):
    """A modem whose meter echoes; the hub's own questions get no answer."""

    def __init__(self, imei: str, options: ModemOptions) -> None:
        self._hello = build_hello(imei, options)
        self._is_answered = False
        self._is_encapsulated = options.encapsulated
        self.online: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if not self._is_answered:
            self._is_answered = True
            self.online.set_result(time.perf_counter())
            return
        if self._is_encapsulated:
            while data.startswith(PREFIX) and data[5] == COMMAND:
                data = data[_COMMAND_SIZE:]
        if data:
            self.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.online.done():
            self.online.set_exception(ConnectionError(f"closed before the answer: {exc}"))
            self.online.exception()


async def dial(order: dict[str, Any], modems: list[EchoModem]) -> dict[str, Any]:
    """Dial so many modems, `at_once` of them at a time, each until it is answered."""
    options = ModemOptions(encapsulated=order.get("encapsulated", True), password="benchmark")
    gate = asyncio.Semaphore(order.get("at_once", _AT_ONCE))
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    started = time.perf_counter()

    async def one(number: int) -> None:
        async with gate:
            begun = time.perf_counter()
            while True:
                try:
                    _, modem = await loop.create_connection(
                        lambda: EchoModem(str(IMEI_BASE + number), options), "127.0.0.1", order["port"]
                    )
                    waits.append(await modem.online - begun)
                    modems.append(modem)
                    return
                except OSError:
                    await asyncio.sleep(0.2)

    async with asyncio.TaskGroup() as group:
        for number in range(order["from"], order["from"] + order["dial"]):
            group.create_task(one(number))
    waits.sort()
    return {
        "online": len(modems),
        "seconds": time.perf_counter() - started,
        "p50": waits[len(waits) // 2],
        "p99": waits[int(len(waits) * 0.99)],
    }


async def main() -> None:
    """Obey orders until the input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", 0, backlog=4096)
    modems: list[EchoModem] = []
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps({"echo_port": server.sockets[0].getsockname()[1]}), flush=True)
    while line := await reader.readline():
        order = json.loads(line)
        if "dial" in order:
            answer = await dial(order, modems)
        else:
            for modem in modems:
                modem.transport.abort()
            modems.clear()
            answer = {"online": 0}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
