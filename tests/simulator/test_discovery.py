"""How programs learn the ports: asking the meters, or asking the hub."""

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from irzhub.simulator.discovery import ports_from_hub, scan_ports
from irzhub.simulator.fleet import Fleet
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.readings import reading_kind
from tests.simulator.pipe_hub import PipeHub

RAW = ModemOptions(encapsulated=False, reconnect_s=None)


async def test_scan_finds_ours_and_passes_over_others() -> None:
    async with PipeHub() as hub, Fleet("127.0.0.1", hub.port, 3, options=RAW) as fleet:
        await hub.open_ports(3)
        await fleet.wait_online()
        identities = {imei: imei for imei in list(fleet.by_imei)[1:]}
        first = min(hub.ports)
        found = await scan_ports("127.0.0.1", first, identities, reading_kind("echo"), timeout_s=1.0)

    dialled = {
        line.hello.split(b",")[0].decode().removeprefix("AT$IMEI="): number for number, line in enumerate(hub.lines)
    }
    assert found == {hub.ports[dialled[imei]]: imei for imei in identities}


class Rest:
    """Answers requests in turn with what it was given and keeps their heads."""

    def __init__(self, *answers: tuple[int, object]) -> None:
        self._answers = list(answers)
        self.heads: list[str] = []

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
                status, body = self._answers.pop(0)
                raw = json.dumps(body).encode()
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(raw), raw))
        except asyncio.IncompleteReadError:
            writer.close()


async def test_hub_is_asked_page_by_page_with_the_token() -> None:
    rest = Rest(
        (200, {"items": [{"imei": "1", "port": 20000}, {"imei": "9", "port": 20001}], "next": "abc"}),
        (200, {"items": [{"imei": "2", "port": 20002}, {"imei": "3", "port": None}], "next": None}),
    )
    async with rest as api:
        ports = await ports_from_hub(api, "irz_secret", {"1": "a", "2": "b", "3": "c"})

    assert ports == {20000: "a", 20002: "b"}
    assert all("Authorization: Bearer irz_secret" in head for head in rest.heads)
    target = urlsplit(rest.heads[1].split(" ")[1])
    assert (target.path, parse_qs(target.query)["cursor"]) == ("/api/v1/modems", ["abc"])


async def test_refusal_of_the_hub_is_told() -> None:
    async with Rest((401, {"title": "no token"})) as api:
        with pytest.raises(OSError, match=r"answered 401 to the list of modems: .*no token"):
            await ports_from_hub(api, None, {})
