"""Rights that are taken away end or narrow what is open, at once."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from irzhub.web import standing
from irzhub.web.context import AccountsChanged
from irzhub.web.stream import SIGNED_OUT
from tests.web.conftest import IMEI, Hub
from tests.web.people import Person, add_north, signed_in
from tests.web.routes.test_stream import OTHER, following, happen, hear


def stream_of(hub: Hub, who: Person, query: str = "") -> Any:
    return who.http.ws_connect(hub.url(f"/api/v1/ws{query}"))


async def change(hub: Hub, name: str, **fields: Any) -> None:
    reply = await hub.call("PATCH", f"/api/v1/users/{name}", json=fields)
    assert reply.status == 200, reply.text


async def ends(socket: aiohttp.ClientWebSocketResponse) -> int:
    """Wait for the end; return the code with which the hub closes."""
    async with asyncio.timeout(5):
        while (message := await socket.receive()).type is not WSMsgType.CLOSE:
            pass
    return int(message.data)


async def looked_up_by(hub: Hub, count: int) -> None:
    """Wait until so many streams listen to what becomes of accounts."""
    async with asyncio.timeout(5):
        while len(hub.bus._subscribers.get(AccountsChanged, ())) != count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("fields", [{"rights_taken": ["events.read"]}, {"disabled": True}], ids=["right", "account"])
async def test_a_stream_ends_with_the_right_to_it(hub: Hub, fields: dict[str, Any]) -> None:
    async with (
        signed_in(hub, "anna") as anna,
        signed_in(hub, "boris") as boris,
        stream_of(hub, anna) as hers,
        stream_of(hub, boris) as his,
    ):
        await looked_up_by(hub, 2)
        await change(hub, "anna", **fields)
        assert await ends(hers) == SIGNED_OUT
        happen(hub, 1)
        assert [event["modem"] for event in await hear(his, 1)] == [IMEI]
    await looked_up_by(hub, 0)


async def test_a_stream_ends_when_its_person_signs_out(hub: Hub) -> None:
    async with signed_in(hub, "anna") as anna, stream_of(hub, anna) as stream:
        await looked_up_by(hub, 1)
        assert (await anna.call("DELETE", "/api/v1/session")).status == 204
        assert await ends(stream) == SIGNED_OUT


async def test_a_stream_narrows_with_the_scope_and_goes_on(hub: Hub) -> None:
    await add_north(hub)
    hub.add_modem(organisation="north")
    hub.add_modem(OTHER)
    async with signed_in(hub, "anna") as anna, stream_of(hub, anna, "?states=true") as stream:
        await following(hub)
        await looked_up_by(hub, 1)
        happen(hub, 1, OTHER)
        assert [event["modem"] for event in await hear(stream, 1)] == [OTHER]
        await change(hub, "anna", organisation="north")
        await asyncio.sleep(0.1)  # for the look-up
        happen(hub, 1, OTHER)
        hub.states.update(OTHER, csq=5)
        happen(hub, 1)
        assert [event["modem"] for event in await hear(stream, 1)] == [IMEI]


async def test_what_changes_without_a_word_is_seen_within_its_time(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "RECHECK_S", 0.05)
    async with signed_in(hub, "anna") as anna, stream_of(hub, anna) as stream:
        await hub.store.write(lambda conn: conn.exec_driver_sql("DELETE FROM web_sessions"))
        hub.context.desk.forget()  # as time does to the cache
        assert await ends(stream) == SIGNED_OUT
