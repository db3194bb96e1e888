"""`/api/v1/openapi.json` as it is sent."""

import asyncio

from irzhub.web.routes.openapi import Document
from tests.web.conftest import Hub


async def test_it_is_json_of_one_line(hub: Hub) -> None:
    reply = await hub.get("/api/v1/openapi.json", token=None)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert b"\n" not in reply.body


async def test_it_is_made_when_it_is_first_asked_for_and_once_for_all_who_ask() -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"{}")
        return made[-1]

    document = Document(make)
    assert not made

    assert set(await asyncio.gather(document.read(), document.read())) == {b"{}"}
    assert (await document.read(), len(made)) == (b"{}", 1)
