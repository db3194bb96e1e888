"""A living fleet before the page: the practice fleet, started as the page's own button does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from tests.e2e.hub_process import HubProcess
from tests.page.browser import PASSWORD, Visitor

_ONLINE_S = 60.0


@contextlib.asynccontextmanager
async def operator(hub: HubProcess, name: str = "admin") -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody signed in over REST."""
    jar = aiohttp.CookieJar(unsafe=True)
    root = f"http://127.0.0.1:{hub.web_port}/"
    async with aiohttp.ClientSession(root, cookie_jar=jar) as http:
        async with http.post("api/v1/session", json={"name": name, "password": PASSWORD}) as answer:
            http.headers["X-CSRF-Token"] = (await answer.json())["csrf"]
        yield http


async def enter(hub: HubProcess, someone: Visitor) -> None:
    """Let somebody be signed in without the form, where that is not what is looked at."""
    async with operator(hub) as http:
        cookies = [{"name": each.key, "value": each.value, "url": someone.root} for each in http.cookie_jar]
    await someone.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # its own name for such a mapping


async def practise(hub: HubProcess, modems: int = 24) -> None:
    """Start the practice fleet and wait until all of it is online and named."""
    async with operator(hub) as http:
        async with http.post("api/v1/practice_fleet", json={"modems": modems}) as answer:
            assert answer.status == 202, await answer.text()
        async with asyncio.timeout(_ONLINE_S):
            while sum(each["state"] == "online" and each["name"] != "" for each in await _modems(http)) < modems:
                await asyncio.sleep(0.2)


async def _modems(http: aiohttp.ClientSession) -> list[dict[str, Any]]:
    async with http.get("api/v1/modems?limit=1000") as answer:
        found: list[dict[str, Any]] = (await answer.json())["items"]
        return found
