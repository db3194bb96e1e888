"""A small district before the page: two groups of modems with meters in the test's own process, and a mail server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from playwright.async_api import Locator, expect

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import Meter, ModbusMeter, SilentMeter, with_crc
from tests.e2e.hub_process import HubProcess
from tests.integrations.smtp.conftest import Postman, mail_server
from tests.page.browser import Visitor, chromium, visitor
from tests.page.conftest import add_user
from tests.page.fleet_of import operator

FIRST: Final = 868_000_000_000_100
MODEMS: Final = 24
GROUPS: Final = ("Северный РЭС", "Южный РЭС")
NAMES: Final = [f"ТП-{1101 + number}" for number in range(MODEMS)]
SILENT: Final = 3
"""Number of the modem whose meter says nothing."""
_KNOWN_S: Final = 30.0
_QUESTION: Final = with_crc(bytes((1, 3, 0, 0, 0, 2)))


@dataclass
class District:
    """What a duty operator has before him, and what a test looks at behind the page."""

    hub: HubProcess
    fleet: Fleet
    postman: Postman
    http: aiohttp.ClientSession
    someone: Visitor

    async def get(self, path: str) -> Any:
        """Return what REST says."""
        async with self.http.get(f"api/v1/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def modem(self, number: int) -> dict[str, Any]:
        """Return how the hub sees a modem of the district."""
        found: dict[str, Any] = await self.get(f"modems/{FIRST + number}")
        return found

    def row(self, number: int) -> Locator:
        """A modem's link in the fleet."""
        return self.someone.page.locator("[role=grid] .c-name a", has_text=NAMES[number])

    async def begin(self) -> None:
        """Stand before the fleet, as at the beginning of every task."""
        await self.someone.open("/")
        await expect(self.someone.page.locator("[data-count=total] .num")).to_have_text(str(MODEMS))


@contextlib.asynccontextmanager
async def district(folder: Path) -> AsyncIterator[District]:
    """Run hub, modems, mail server and browser; all modems are online and described, one meter was asked in vain."""
    async with contextlib.AsyncExitStack() as stack:
        post = await stack.enter_async_context(mail_server())
        changes: dict[str, dict[str, Any]] = {
            "hub": {"start_grace": "0s"},
            "alerts": {"common_cause": {"modems": 5, "gather": "1s"}},
            "integrations": {
                "smtp": {"host": "127.0.0.1", "port": post.port, "tls": "none", "sender": "hub@example.ru"}
            },
        }
        hub = await stack.enter_async_context(HubProcess(folder, changes=changes))
        await asyncio.to_thread(add_user, hub, "admin", "admin")
        fleet = await stack.enter_async_context(
            Fleet("127.0.0.1", hub.modem_port, MODEMS, imei_base=FIRST, meter=_meter_of)
        )
        http = await stack.enter_async_context(operator(hub))
        await fleet.wait_online(timeout_s=_KNOWN_S)
        await _describe(http)
        await _ask_in_vain(http)
        browser = await stack.enter_async_context(chromium())
        someone = await stack.enter_async_context(visitor(browser, f"http://127.0.0.1:{hub.web_port}"))
        await someone.open("/")
        await someone.sign_in()
        yield District(hub, fleet, post.postman, http, someone)
        assert someone.faults == []


def _meter_of(imei: str) -> Meter:
    return SilentMeter() if int(imei) == FIRST + SILENT else ModbusMeter()


async def _describe(http: aiohttp.ClientSession) -> None:
    """Give the modems names and groups, and the silent one its meter."""
    for number, name in enumerate(NAMES):
        edit = {"name": name, "group": GROUPS[number * len(GROUPS) // MODEMS]}
        headers = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
        async with http.patch(f"api/v1/modems/{FIRST + number}", json=edit, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
    meter = {"modem": str(FIRST + SILENT), "type": "СЭТ-4ТМ", "serial": "30418805", "address": "1"}
    async with http.post("api/v1/meters", json=meter, headers={"Idempotency-Key": "meter"}) as answer:
        assert answer.status == 201, await answer.text()


async def _ask_in_vain(http: aiohttp.ClientSession) -> None:
    """Poll the silent meter as a program does; the hub counts within ten seconds."""
    async with http.get(f"api/v1/modems/{FIRST + SILENT}") as answer:
        port = (await answer.json())["port"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(_QUESTION)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.5)
    writer.close()
    await writer.wait_closed()
