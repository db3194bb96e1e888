"""How programs learn which port belongs to which simulated modem: the hub's REST, or asking the meters themselves."""

import asyncio
import http.client
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from irzhub.simulator.programs import PollFailed, conduct, connect_program
from irzhub.simulator.readings import ReadingKind

_AT_ONCE: Final = 50
_BEYOND: Final = 100
_PAGE: Final = 500


async def scan_ports(
    host: str, first_port: int, identities: Mapping[str, str], kind: ReadingKind, *, timeout_s: float = 5.0
) -> dict[int, str]:
    """Ask who answers at each port from `first_port` on; return port -> identity for those of `identities`.

    A new hub gives the lowest free port first, in the order in which modems register, so the ports are
    known but not which belongs to whom. Ports of other modems are passed over; the search ends when all
    are found, or 100 ports in a row belong to none of ours.
    """
    found: dict[int, str] = {}
    gate = asyncio.Semaphore(_AT_ONCE)

    async def ask(port: int) -> None:
        async with gate:
            try:
                connection = await connect_program(host, port, timeout_s)
            except PollFailed:
                return
            try:
                identity = await conduct(connection, kind.make(f"scan.{port}"), timeout_s)
            except PollFailed:
                return
            finally:
                connection.close()
            if identity in identities:
                found[port] = identity

    start, width = first_port, len(identities)
    while len(found) < len(identities) and start < 65536:
        stop = min(start + width, 65536)
        known = len(found)
        async with asyncio.TaskGroup() as group:
            for port in range(start, stop):
                _ = group.create_task(ask(port), name=f"simulator:scan {port}")
        if len(found) == known:
            break
        start, width = stop, _BEYOND
    return found


async def ports_from_hub(api: str, token: str | None, imeis: Mapping[str, str]) -> dict[int, str]:
    """Return port -> identity of our modems as the hub's REST names them (docs/contract.md 3).

    `imeis` maps IMEI to identity; modems of others are left out.

    Raises:
        OSError: the hub cannot be asked, or refuses; the text says what it answered.
    """
    return await asyncio.to_thread(_read_modems, api, token, imeis)


def _read_modems(api: str, token: str | None, imeis: Mapping[str, str]) -> dict[int, str]:
    address = urlsplit(api)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "127.0.0.1", address.port, timeout=10)
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    ports: dict[int, str] = {}
    query: dict[str, str] = {"limit": str(_PAGE)}
    try:
        while True:
            connection.request("GET", f"/api/v1/modems?{urlencode(query)}", headers=headers)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise OSError(f"{api} answered {response.status} to the list of modems: {body[:200]!r}")
            page: dict[str, Any] = json.loads(body)
            for modem in page["items"]:
                if modem["imei"] in imeis and modem["port"] is not None:
                    ports[int(modem["port"])] = imeis[modem["imei"]]
            if not (following := page.get("next")):
                return ports
            query["cursor"] = following
    except http.client.HTTPException as error:
        raise OSError(f"{api} does not speak HTTP: {error!r}") from error
    finally:
        connection.close()
