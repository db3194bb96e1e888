"""A whole hub in this process, with modems of the simulator: what routes of the fleet are tested on."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from irzhub.bootstrap import Hub
from irzhub.config.load import load_settings
from irzhub.storage.accounts import add_token
from tests.web.conftest import TOKENS, token_row

IMEI = "868441036775234"


@dataclass
class WholeHub:
    """The hub, and a client that has a token of each role."""

    hub: Hub
    http: aiohttp.ClientSession
    first_port: int
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connects(self, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to a port of the hub; closed at the end of the test."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self.writers.append(writer)
        return reader, writer

    async def polls(self, number: int = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect as a polling program to one of the ports."""
        return await self.connects(self.first_port + number)

    async def call(self, method: str, path: str, body: Any = None, token: str = "admin", **options: Any) -> "Reply":
        headers = {"Authorization": f"Bearer {TOKENS.get(token, token)}", **options.pop("headers", {})}
        url = f"{self.hub.web.url.rstrip('/')}{path}"
        if body is not None:
            options["json"] = body
        async with self.http.request(method, url, headers=headers, **options) as response:
            raw = await response.read()
            return Reply(response.status, response.headers, raw)

    async def dials(self, imei: str = IMEI) -> "Dialled":
        """Dial in as a modem without encapsulation and wait until it is online."""
        assert self.hub.fleet.modem_port is not None
        reader, writer = await self.connects(self.hub.fleet.modem_port)
        hello = f"AT$IMEI={imei},PSW=5492,TYP=ATM,DEV=ATM21,VER=01,REV=04,BLD=024.254,SIM=0,CSQ=16,INT=485+232,\n"
        writer.write(hello.encode())
        await self.until(lambda: imei in self.hub.states and self.hub.states.get(imei).link == "online")
        return Dialled(imei, reader, writer)

    async def until(self, claim: Any, within_s: float = 10.0) -> None:
        """Wait until a claim holds."""
        async with asyncio.timeout(within_s):
            while not claim():
                await asyncio.sleep(0.01)


@dataclass
class Reply:
    """An answer that was read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Dialled:
    """A modem that was answered."""

    imei: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def close(self) -> None:
        self.writer.close()


@contextmanager
def own_ports(count: int) -> Iterator[int]:
    """Give the first of `count` free numbers in a row; nobody else who asks here gets them meanwhile.

    The number before them is held: a hub opens the ports of a range one by one, so tests that run at the same time
    would take the same range for free.
    """
    for held in range(23000, 32000, count + 1):
        with socket.socket() as holder:
            try:
                holder.bind(("127.0.0.1", held))
                for port in range(held + 1, held + 1 + count):
                    with socket.socket() as probe:
                        probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            yield held + 1
            return
    raise AssertionError("no free ports")


@asynccontextmanager
async def whole_hub(folder: Path, **overrides: object) -> AsyncIterator[WholeHub]:
    """Run a hub on `folder`, without a broker of its own, until the test ends."""
    with own_ports(50) as first:
        async with _running(folder, first, overrides) as made:
            yield made


@asynccontextmanager
async def _running(folder: Path, first: int, overrides: Mapping[str, object]) -> AsyncIterator[WholeHub]:
    values: dict[str, object] = {
        "hub.data_dir": str(folder / "data"),
        "hub.start_grace": "0s",
        "relay.modems.host": "127.0.0.1",
        "relay.modems.port": 0,
        "relay.polling.pools": [{"host": "127.0.0.1", "first": first, "last": first + 49}],
        "mqtt.broker": "external",
        "mqtt.port": 1,
        "web.port": 0,
        **overrides,
    }
    settings = await asyncio.to_thread(load_settings, folder, {}, values)

    def add_tokens(connection: Any) -> None:
        for role, token in TOKENS.items():
            add_token(connection, token_row(role, token, role))

    async with Hub(settings) as hub:
        await hub.store.write(add_tokens)
        async with aiohttp.ClientSession() as http:
            made = WholeHub(hub, http, first)
            try:
                yield made
            finally:
                for writer in made.writers:
                    writer.close()
                    with contextlib.suppress(OSError):
                        await writer.wait_closed()
