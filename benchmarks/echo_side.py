"""The far side of a benchmark, in a process of its own: modems that echo, and a plain echo server.

The modems are as lean as can be, so that their own cost hides little of the difference between proxies: a data
frame goes back byte for byte, as the vendor's emulator does it. Started as `python -m benchmarks.echo_side`,
it takes orders as JSON lines and answers each:

- `{"dial": 1000, "encapsulated": true, "from": 0, "port": 5009}`, perhaps with `at_once` and `source`;
- `{"tell": true}`: every modem reports its levels once, so that the changes are changes;
- `{"changes": 2000, "a_second": 200}`: so many changes of inputs, one modem after the other, as fast as they can
  without `a_second`; the answer has the modem and `time.perf_counter()` of each;
- `{"count": true}`: how many modems are connected;
- `{"hang_up": true}`.

Every connected modem sends a heartbeat once in 55 seconds.
"""

import asyncio
import json
import socket
import sys
import time
from typing import Any, cast

import uvloop

from irzhub.simulator.commands import pin_report
from irzhub.simulator.options import ModemOptions, build_hello
from irzhub.simulator.pins import Pins
from irzhub.simulator.wire import COMMAND, HEARTBEAT, KEEPALIVE, PREFIX, build_frame

IMEI_BASE = 867_000_000_000_000
PASSWORD = "benchmark"
KEEPALIVE_S = 55.0
_CHANGED_PIN = 1
_BEAT_S = 0.1
_AT_ONCE = 64
_COMMAND_SIZE = 13
_IP_BIND_ADDRESS_NO_PORT = 24
"""Of Linux; Python 3.11 has no name for it."""


class Echo(asyncio.Protocol):
    """Sends back what comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class EchoModem(asyncio.Protocol):
    """A modem whose meter echoes; the hub's own questions get no answer."""

    def __init__(self, imei: str, options: ModemOptions) -> None:
        self.imei = imei
        self._hello = build_hello(imei, options)
        self._is_answered = False
        self._is_encapsulated = options.encapsulated
        self._is_high = False
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

    def beat(self) -> None:
        """Send a heartbeat."""
        if not self.transport.is_closing():
            self.transport.write(_FRAMED_HEARTBEAT if self._is_encapsulated else HEARTBEAT)

    def report(self) -> None:
        """Tell the levels of all pins."""
        self.transport.write(_REPORTS[self._is_high])

    def change(self) -> float:
        """Turn an input around and tell it; return when."""
        self._is_high = not self._is_high
        moment = time.perf_counter()
        self.report()
        return moment

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.online.done():
            self.online.set_exception(ConnectionError(f"closed before the answer: {exc}"))
            self.online.exception()


def _frame(is_high: bool) -> bytes:
    pins = Pins(ModemOptions().outputs)
    pins.set(_CHANGED_PIN, is_high)
    return pin_report(pins, ModemOptions())


_REPORTS = {is_high: _frame(is_high) for is_high in (False, True)}
_FRAMED_HEARTBEAT = build_frame(KEEPALIVE, HEARTBEAT)


async def keep_alive(modems: list[EchoModem]) -> None:
    """Send the heartbeats of all modems, spread over the interval, for ever."""
    done = 0.0
    while True:
        await asyncio.sleep(_BEAT_S)
        before, done = int(done), done + len(modems) * _BEAT_S / KEEPALIVE_S
        for number in range(before, int(done)):
            modems[number % len(modems)].beat()


async def change(order: dict[str, Any], modems: list[EchoModem]) -> dict[str, Any]:
    """Change inputs of one modem after the other."""
    loop = asyncio.get_running_loop()
    sent: list[tuple[str, float]] = []
    began = loop.time()
    for number in range(order["changes"]):
        modem = modems[number % len(modems)]
        if "a_second" in order and (wait := began + number / order["a_second"] - loop.time()) > 0:
            await asyncio.sleep(wait)
        elif number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        sent.append((modem.imei, modem.change()))
    return {"sent": sent}


async def connected(port: int, source: str | None) -> socket.socket:
    """Return a socket that is connected to a port of this machine, from the address `source`."""
    sock = socket.socket()
    sock.setblocking(False)
    try:
        if source is not None:
            # The kernel chooses the port when it connects: of an address with thousands it finds a free one slowly.
            sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    except BaseException:
        sock.close()
        raise
    return sock


async def dial(order: dict[str, Any], modems: list[EchoModem]) -> dict[str, Any]:
    """Dial so many modems, `at_once` of them at a time, each until it is answered."""
    options = ModemOptions(encapsulated=order.get("encapsulated", True), password=PASSWORD)
    gate = asyncio.Semaphore(order.get("at_once", _AT_ONCE))
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    started = time.perf_counter()

    async def one(number: int) -> None:
        async with gate:
            begun = time.perf_counter()
            while True:
                try:
                    sock = await connected(order["port"], order.get("source"))
                    _, modem = await loop.create_connection(
                        lambda: EchoModem(str(IMEI_BASE + number), options), sock=sock
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
    beats = loop.create_task(keep_alive(modems))
    while line := await reader.readline():
        order = json.loads(line)
        if "dial" in order:
            answer = await dial(order, modems)
        elif "tell" in order:
            for modem in modems:
                modem.report()
            answer = {"online": len(modems)}
        elif "changes" in order:
            answer = await change(order, modems)
        elif "count" in order:
            answer = {"online": sum(not modem.transport.is_closing() for modem in modems)}
        else:
            for modem in modems:
                modem.transport.abort()
            modems.clear()
            answer = {"online": 0}
        print(json.dumps(answer), flush=True)
    beats.cancel()


if __name__ == "__main__":
    uvloop.run(main())
