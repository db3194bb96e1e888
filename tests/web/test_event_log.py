"""Events of the journal and of the history as one list."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.events import ModemRegistered
from irzhub.storage.accounts import add_token
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_events import insert_events
from irzhub.storage.local import LocalStore
from irzhub.storage.meta import SEQ_FLOOR, set_meta
from tests.web.conftest import token_row
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

EVENTS = "/api/v1/events"
OTHER = "868441036775242"
NEW = "868441036775259"
LONG_AGO = datetime(2026, 1, 10, 12, tzinfo=UTC)
PAST = [
    dataclasses.replace(
        ModemRegistered(ts=LONG_AGO + timedelta(minutes=seq), modem=IMEI if seq % 4 else OTHER, port=20000),
        seq=seq,
        id=f"{seq:026}",
    )
    for seq in range(1, 21)
]


@asynccontextmanager
async def restored(folder: Path) -> AsyncIterator[WholeHub]:
    """Run a hub whose journal begins at 101: what was before is in the history alone, as after a restore."""
    data = folder / "data"
    data.mkdir()
    async with LocalStore(data) as store, HistoryStore("sqlite:///history.db", data, "main") as history:
        await store.write(lambda connection: set_meta(connection, SEQ_FLOOR, "100"))
        await history.run(lambda connection: insert_events(connection, "main", PAST))
    async with whole_hub(folder) as made:
        yield made


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with restored(tmp_path) as made:
        await happen(made, 10)
        yield made


async def happen(hub: WholeHub, count: int, modem: str = IMEI) -> None:
    for _ in range(count):
        hub.hub.journal.append(ModemRegistered(ts=datetime.now(UTC), modem=modem, port=1))
    await hub.hub.journal.flush()


async def read(hub: WholeHub, token: str = "admin", **query: Any) -> list[int]:
    """Return the numbers on all pages of registrations, by `next`."""
    seqs: list[int] = []
    cursor: int | None = None
    for _ in range(100):
        params = {**query, "type": "registered", **({} if cursor is None else {"cursor": cursor})}
        reply = await hub.call("GET", EVENTS, token=token, params=params)
        assert reply.status == 200, reply.body
        page = reply.json()
        seqs += [event["seq"] for event in page["items"]]
        if page["next"] is None:
            return seqs
        cursor = int(page["next"])
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [3, 10, 20, 30, 100])
async def test_pages_go_from_one_store_into_the_other(hub: WholeHub, order: str, limit: int) -> None:
    first = hub.hub.journal.first_seq
    assert first > 100
    live = [event.seq for event in await hub.hub.journal.read(0, 100) if event.type == "registered"]
    both = [*range(1, 21), *live]

    assert await read(hub, order=order, limit=limit) == (both if order == "asc" else both[::-1])
    assert await read(hub, order=order, limit=limit, after_seq=15, modem=IMEI) == [
        seq for seq in await read(hub, order=order) if seq > 15 and seq != 16 and seq != 20
    ]


async def test_while_the_journal_is_empty_all_is_in_the_history(tmp_path: Path) -> None:
    async with restored(tmp_path) as hub:
        assert hub.hub.journal.first_seq == 0

        assert await read(hub, limit=10) == list(range(1, 21))
        assert await read(hub, limit=10, order="desc", since="2026-01-10T12:18:00Z") == [20, 19, 18]


async def test_times_reach_into_both(hub: WholeHub) -> None:
    live = [seq for seq in await read(hub) if seq > 100]

    assert await read(hub, since="2026-01-10T12:18:00Z") == [18, 19, 20, *live]
    assert await read(hub, since="2026-01-10T12:18:00Z", until="2026-01-10T12:20:00Z") == [18, 19]
    assert await read(hub, since="2026-02-01T00:00:00Z") == live
    assert await read(hub, until="2026-02-01T00:00:00Z", order="desc") == list(range(20, 0, -1))
    assert await read(hub, until="2025-01-01T00:00:00Z") == []


async def test_the_lowest_number_is_the_historys(hub: WholeHub) -> None:
    page = (await hub.call("GET", EVENTS)).json()
    assert (page["first_seq"], page["partial"]) == (1, False)


async def test_a_modem_brings_the_events_of_the_one_before_it_in_its_group_too(hub: WholeHub) -> None:
    await hub.call("POST", "/api/v1/modems", {"imei": OTHER, "group": "Север/7"})
    assert (await hub.call("POST", f"/api/v1/modems/{OTHER}/replace", {"imei": NEW})).status == 200

    whole = await read(hub, modem=NEW)
    assert whole[:5] == [4, 8, 12, 16, 20]
    assert await read(hub, modem=NEW, group="Север") == whole
    assert await read(hub, modem=NEW, group="Юг") == []
    sessions = await hub.call("GET", "/api/v1/sessions", params={"modem": NEW, "group": "Юг"})
    assert sessions.json()["items"] == []


async def test_only_what_the_caller_may_see_is_read(hub: WholeHub) -> None:
    row = token_row("south", "token-of-south", "viewer", groups=("Юг",))
    await hub.hub.store.write(lambda connection: add_token(connection, row))
    await hub.call("POST", "/api/v1/modems", {"imei": IMEI, "group": "Север"})
    await hub.call("POST", "/api/v1/modems", {"imei": OTHER, "group": "Юг/1"})

    assert (await read(hub, "token-of-south"))[:5] == [4, 8, 12, 16, 20]
    assert await read(hub, "token-of-south", modem=IMEI) == []
    assert await read(hub, "token-of-south", group="Север") == []
    assert (await read(hub, "token-of-south", group="Юг", until="2026-02-01T00:00:00Z")) == [4, 8, 12, 16, 20]


async def test_a_group_that_is_none_names_its_field(hub: WholeHub) -> None:
    reply = await hub.call("GET", EVENTS, params={"group": "/".join("abcdefghi")})

    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, "group")


async def test_without_the_history_the_journal_is_answered_and_that_it_is_not_all(tmp_path: Path) -> None:
    async with whole_hub(tmp_path, **{"database.url": "mysql://irzhub:x@127.0.0.1:1/irzhub"}) as hub:
        await happen(hub, 3)
        for query in ({}, {"order": "desc"}, {"since": "2026-01-01T00:00:00Z"}):
            page = (await hub.call("GET", EVENTS, params={"type": "registered", **query})).json()
            assert (len(page["items"]), page["partial"]) == (3, True)
            assert page["first_seq"] == hub.hub.journal.first_seq
