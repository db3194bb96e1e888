"""People before a browser: each with cookies of their own, and the word that changes need."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import argon2

from irzhub.storage.accounts import UserRow, add_user
from irzhub.storage.organisations import OrganisationRow, add_organisation
from irzhub.web.totp import code_at, step_at
from tests.web.conftest import WHEN, Hub, Reply

PASSWORD = "correct horse battery"
QUICK_HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Of `PASSWORD`, and quick to compare with: what argon2 costs is not what these tests are about."""


@dataclass
class Person:
    """Somebody with a browser."""

    hub: Hub
    http: aiohttp.ClientSession
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, json: Any = None, **headers: str) -> Reply:
        sent = {**self.headers, **({"X-CSRF-Token": self.csrf} if self.csrf else {}), **headers}
        async with self.http.request(method, self.hub.url(path), json=json, headers=sent) as response:
            return Reply(response.status, response.headers, await response.read())

    async def get(self, path: str) -> Reply:
        return await self.call("GET", path)

    async def sign_in(self, name: str, password: str = PASSWORD, code: str | None = None) -> Reply:
        reply = await self.call("POST", "/api/v1/session", {"name": name, "password": password, "code": code})
        if reply.status == 200:
            self.csrf = reply.json()["csrf"]
        return reply


@asynccontextmanager
async def person(hub: Hub) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Person(hub, http)


@asynccontextmanager
async def signed_in(hub: Hub, name: str, role: str = "viewer", **values: Any) -> AsyncIterator[Person]:
    """Somebody with an account of that role, signed in."""
    await add_account(hub, name, role, **values)
    async with person(hub) as someone:
        assert (await someone.sign_in(name)).status == 200
        yield someone


async def add_account(hub: Hub, name: str, role: str = "viewer", **values: Any) -> UserRow:
    row = UserRow(name, QUICK_HASH, role, WHEN, **values)
    await hub.store.write(lambda connection: add_user(connection, row))
    return row


async def add_north(hub: Hub, id_: str = "north") -> None:
    row = OrganisationRow(id_, id_.title(), "", WHEN)
    await hub.store.write(lambda connection: add_organisation(connection, row))


def code_now(secret: str, now: float, steps: int = 0) -> str:
    """The code that the application shows, or shows `steps` later."""
    return code_at(secret, step_at(now) + steps)
