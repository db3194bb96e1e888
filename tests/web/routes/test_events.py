"""`/api/v1/events`: the journal, followed by number."""

from typing import Any

import pytest

from irzhub.core.events import ModemDisconnected, ModemRegistered
from irzhub.web.models import EventPage
from tests.web.conftest import IMEI, WHEN, Hub

OTHER = "868441036775235"


async def write_events(hub: Hub, count: int) -> None:
    for number in range(count):
        modem = OTHER if number % 10 == 9 else IMEI
        hub.journal.append(ModemRegistered(ts=WHEN, modem=modem, port=20000 + number))
    await hub.journal.flush()


async def follow(hub: Hub, query: str) -> list[list[int]]:
    pages: list[list[int]] = []
    following: str | None = "0"
    while following is not None:
        page = (await hub.get(f"/api/v1/events?cursor={following}&{query}", "viewer")).json()
        pages.append([item["seq"] for item in page["items"]])
        following = page["next"]
    return pages


async def test_events_come_in_order_and_as_on_mqtt(hub: Hub) -> None:
    hub.journal.append(ModemDisconnected(ts=WHEN, modem=IMEI, reason="keepalive_lost", lasted_s=12.5))
    await hub.journal.flush()

    reply = await hub.get("/api/v1/events?after_seq=0")

    (event,) = reply.json()["items"]
    identity = event.pop("id")
    assert len(identity) == 26
    assert event == {
        "seq": 1,
        "ts": "2026-11-21T18:57:03.120Z",
        "type": "disconnected",
        "modem": IMEI,
        "data": {
            "reason": "keepalive_lost",
            "session": None,
            "detail": None,
            "lasted_s": 12.5,
            "rx_bytes": 0,
            "tx_bytes": 0,
        },
    }
    EventPage.model_validate(reply.json())


async def test_next_leads_through_all_of_them_once(hub: Hub) -> None:
    await write_events(hub, 25)

    pages = await follow(hub, "limit=10")

    assert pages == [list(range(1, 11)), list(range(11, 21)), list(range(21, 26))]


async def test_a_filter_skips_what_does_not_match(hub: Hub) -> None:
    await write_events(hub, 25)

    assert await follow(hub, f"limit=1&modem={OTHER}") == [[10], [20]]
    assert await follow(hub, "type=connected") == [[]]


async def test_behind_the_newest_there_is_nothing_yet(hub: Hub) -> None:
    await write_events(hub, 3)

    page = (await hub.get("/api/v1/events?after_seq=3")).json()

    assert page == {"items": [], "next": None, "first_seq": 1, "last_seq": 3, "partial": False}


@pytest.mark.parametrize("query", ["after_seq=-1", "after_seq=x", "limit=0", "after_seq=" + "9" * 40, "seq=1"])
async def test_a_wrong_query_is_refused(hub: Hub, query: str) -> None:
    reply: Any = await hub.get(f"/api/v1/events?{query}")

    assert (reply.status, reply.json()["code"]) == (400, "invalid_query")
