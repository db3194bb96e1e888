"""`/api/v1/ws`: the past and then the present, nothing twice and nothing left out."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from irzhub.core.events import ModemRegistered
from irzhub.core.state import ModemForgotten
from irzhub.web import standing, stream
from tests.web.conftest import IMEI, TOKENS, WHEN, Hub

OTHER = "868441036775235"
WS = "/api/v1/ws"


def happen(hub: Hub, count: int, modem: str = IMEI) -> None:
    for number in range(count):
        hub.journal.append(ModemRegistered(ts=WHEN, modem=modem, port=20000 + number))


async def follow(hub: Hub, query: str = "", token: str = "viewer", **headers: str) -> aiohttp.ClientWebSocketResponse:
    headers = {"Authorization": f"Bearer {TOKENS[token]}", **headers}
    return await hub.http.ws_connect(hub.url(f"{WS}{query}"), headers=headers)


async def hear(socket: aiohttp.ClientWebSocketResponse, count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(10):
        return [json.loads(await socket.receive_str()) for _ in range(count)]


async def following(hub: Hub) -> None:
    """Wait until a follower listens to what happens."""
    async with asyncio.timeout(5):
        while not hub.bus._subscribers.get(ModemForgotten):
            await asyncio.sleep(0.01)


async def test_each_message_is_an_event_as_on_mqtt(hub: Hub) -> None:
    happen(hub, 1)
    await hub.journal.flush()

    async with await follow(hub, "?after_seq=0") as socket:
        (event,) = await hear(socket, 1)

    assert len(event.pop("id")) == 26
    assert event == {
        "seq": 1,
        "ts": "2026-11-21T18:57:03.120Z",
        "type": "registered",
        "modem": IMEI,
        "data": {"port": 20000, "model": None, "peer": None},
    }


async def test_the_past_joins_the_present_without_gap_or_double(hub: Hub) -> None:
    happen(hub, 1200)
    await hub.journal.flush()
    async with await follow(hub, "?after_seq=3") as socket:
        heard: list[int] = []
        for _ in range(30):
            happen(hub, 20)
            heard += [event["seq"] for event in await hear(socket, 10)]
        heard += [event["seq"] for event in await hear(socket, 1797 - len(heard))]

    assert heard == list(range(4, 1801))


async def test_without_a_number_only_what_comes_is_told(hub: Hub) -> None:
    happen(hub, 5)
    await hub.journal.flush()
    async with await follow(hub) as socket:
        await following(hub)
        happen(hub, 1)
        assert [event["seq"] for event in await hear(socket, 1)] == [6]


async def test_only_what_is_wished_for_is_told_and_the_wish_can_change(hub: Hub) -> None:
    hub.add_modem(group="Север/7")
    hub.add_modem(OTHER, group="Юг")
    async with await follow(hub, "?group=Север") as socket:
        await following(hub)
        happen(hub, 1, OTHER)
        happen(hub, 1)
        assert [event["modem"] for event in await hear(socket, 1)] == [IMEI]

        await socket.send_json({"type": "subscribe", "group": None, "modems": [OTHER], "types": ["registered"]})
        assert await hear(socket, 1) == [{"type": "subscribed"}]
        happen(hub, 1)
        happen(hub, 1, OTHER)
        assert [event["modem"] for event in await hear(socket, 1)] == [OTHER]

        await socket.send_str("[]")
        assert (await hear(socket, 1))[0]["type"] == "error"


async def test_states_are_told_to_those_who_wish(hub: Hub) -> None:
    hub.add_modem(name="Котельная")
    async with await follow(hub, "?states=true") as socket:
        await following(hub)
        hub.states.update(IMEI, csq=17)
        (state,) = await hear(socket, 1)
        assert (state["type"], state["modem"]) == ("state", IMEI)
        assert (state["data"]["csq"], state["data"]["name"]) == (17, "Котельная")
        hub.states.forget(IMEI)
        assert await hear(socket, 1) == [{"type": "state", "modem": IMEI, "data": None}]


async def test_a_follower_that_does_not_keep_up_is_told_where_to_go_on(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "QUEUE_LIMIT", 10)
    async with await follow(hub) as socket:
        await following(hub)
        happen(hub, 500)
        async with asyncio.timeout(10):
            heard = 0
            while (message := await socket.receive()).type is WSMsgType.TEXT:
                heard = json.loads(message.data)["seq"]
        assert socket.close_code == stream.SLOW
        assert f"after_seq={heard}" in str(message.extra)


async def test_another_sites_page_hears_nothing(hub: Hub) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await follow(hub, Origin="https://evil.example")
    assert refusal.value.status == 403


async def test_it_is_no_ordinary_address(hub: Hub) -> None:
    assert (await hub.get(WS)).status == 426
    assert (await hub.get(WS, token=None)).status == 401


async def test_who_leaves_during_the_handshake_is_no_error(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    host, port = hub.url("/").removeprefix("http://").rstrip("/").split(":")
    asked = (
        f"GET {WS} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {TOKENS['viewer']}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    for _ in range(20):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(asked.encode())
        writer.close()
    await asyncio.sleep(0.5)

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_long_message_ends_the_stream(hub: Hub) -> None:
    async with await follow(hub) as socket:
        await socket.send_str("x" * 70_000)
        async with asyncio.timeout(5):
            assert (await socket.receive()).type is WSMsgType.CLOSE
        assert socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_who_is_not_good_any_more_hears_no_more(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "RECHECK_S", 0.05)
    async with await follow(hub) as socket:
        await hub.store.write(lambda conn: conn.exec_driver_sql("DELETE FROM tokens"))
        async with asyncio.timeout(5):
            assert (await socket.receive()).type is WSMsgType.CLOSE
        assert socket.close_code == stream.SIGNED_OUT


async def test_the_end_of_the_hub_says_where_to_go_on(hub: Hub) -> None:
    async with await follow(hub) as socket:
        await following(hub)
        await hub.app.shutdown()
        async with asyncio.timeout(5):
            message = await socket.receive()
        assert (socket.close_code, message.extra) == (stream.GOING_AWAY, "the hub stops: go on with after_seq=0")
