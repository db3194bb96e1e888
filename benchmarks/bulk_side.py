"""The far side of the bulk benchmark: whoever sends a number of bytes, as 8 bytes, gets so many back.

It is a plain server, and modems that dial by `{"dial": true, "encapsulated": false, "port": 5009}`.
"""

import asyncio
import json
import sys
from functools import partial
from typing import cast

import uvloop

from benchmarks.echo_side import IMEI_BASE, PASSWORD
from irzhub.simulator.options import ModemOptions, build_hello
from irzhub.simulator.wire import DATA, build_frame

REQUEST_BYTES = 8
_CHUNK = 65_536
_FRAME_PAYLOAD = 1180


class Giver(asyncio.Protocol):
    """Sends as many bytes as it is asked for, as fast as they are taken."""

    _wanted = 0
    _is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(4 * _CHUNK)

    def data_received(self, data: bytes) -> None:
        self._wanted += int.from_bytes(data[:REQUEST_BYTES], "big")
        self._give()

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        self._give()

    def _give(self) -> None:
        while self._wanted > 0 and not self._is_paused:
            size = min(self._wanted, _CHUNK)
            self._wanted -= size
            self.transport.write(self._chunk(size))

    def _chunk(self, size: int) -> bytes:
        return bytes(size)


class GivingModem(Giver):
    """The same behind a hello; an encapsulated one sends frames as long as the vendor's."""

    def __init__(self, imei: str, encapsulated: bool) -> None:
        self._hello = build_hello(imei, ModemOptions(encapsulated=encapsulated, password=PASSWORD))
        self._is_encapsulated = encapsulated
        self._is_answered = False
        self.online = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if not self._is_answered:
            self._is_answered = True
            self.online.set_result(None)
        elif not self._is_encapsulated:
            super().data_received(data)
        elif len(data) >= REQUEST_BYTES and data[5] == DATA:  # the hub's own questions get no answer
            super().data_received(data[8 : 8 + REQUEST_BYTES])

    def _chunk(self, size: int) -> bytes:
        if not self._is_encapsulated:
            return bytes(size)
        whole, rest = divmod(size, _FRAME_PAYLOAD)
        return build_frame(DATA, bytes(_FRAME_PAYLOAD)) * whole + (build_frame(DATA, bytes(rest)) if rest else b"")


def _same(modem: GivingModem) -> GivingModem:
    return modem


async def main() -> None:
    """Obey orders until the input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Giver, "127.0.0.1", 0)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    modems: list[GivingModem] = []
    while line := await reader.readline():
        order = json.loads(line)
        modem = GivingModem(str(IMEI_BASE + len(modems)), order["encapsulated"])
        await loop.create_connection(partial(_same, modem), "127.0.0.1", order["port"])
        await modem.online
        modems.append(modem)
        print(json.dumps({"online": len(modems)}), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
