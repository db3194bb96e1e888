"""Sessions and series over REST, from a history database with rows of its own."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from irzhub.storage.history_series import SLOT_S, SlotRow, upsert_slots
from irzhub.storage.tables_history import sessions
from irzhub.web.models_history import Series, SessionPage
from tests.storage.test_history import locked
from tests.web.conftest import IMEI, Hub

OTHER = "868441036775242"
SESSIONS = "/api/v1/sessions"
SERIES = f"/api/v1/modems/{IMEI}/series"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def session(name: str, hours: int, modem: str = IMEI, **values: Any) -> dict[str, Any]:
    """A session that began so many hours after noon; it lasts unless `reason` says how it ended."""
    opened = NOON + timedelta(hours=hours)
    is_open = "reason" not in values
    closed = None if is_open else opened + timedelta(minutes=30)
    return {
        "hub": "main", "session": name, "modem": modem, "opened_at": opened, "closed_at": closed, "is_open": is_open,
    } | values  # fmt: skip


@pytest.fixture
async def past(hub: Hub) -> AsyncIterator[Hub]:
    """Two modems in two groups, three sessions of the first and one of the second."""
    hub.add_modem(group="Север/Котельные")
    hub.add_modem(OTHER, group="Юг")
    rows = [
        session("01A", 0, reason="closed"),
        session("01B", 1, reason="silent"),
        session("01C", 1, OTHER, reason="closed"),
        session("01D", 2),
    ]

    def write(connection: Any) -> None:
        for row in rows:
            connection.execute(insert(sessions).values(row))

    await hub.desks.history.run(write)
    yield hub


async def names(hub: Hub, query: str) -> list[str]:
    page = (await hub.get(f"{SESSIONS}?{query}", "viewer")).json()
    return [each["session"] for each in page["items"]]


async def test_sessions_come_the_latest_first_with_how_they_ended(past: Hub) -> None:
    page = (await past.get(SESSIONS, "viewer")).json()

    SessionPage.model_validate(page)
    assert [each["session"] for each in page["items"]] == ["01D", "01C", "01B", "01A"]
    assert (page["items"][0]["open"], page["items"][0]["closed_at"]) == (True, None)
    assert (page["items"][2]["reason"], page["items"][2]["opened_at"]) == ("silent", "2026-11-20T13:00:00.000Z")


async def test_sessions_are_narrowed(past: Hub) -> None:
    assert await names(past, f"modem={OTHER}") == ["01C"]
    assert await names(past, "group=Север") == ["01D", "01B", "01A"]
    assert await names(past, f"group=Север&modem={OTHER}") == []
    assert await names(past, "state=open") == ["01D"]
    assert await names(past, "since=2026-11-20T13:00:00Z&until=2026-11-20T14:00:00Z") == ["01C", "01B"]
    assert await names(past, "modem=868441036779999") == []


async def test_pages_join_without_gap_where_two_began_at_once(past: Hub) -> None:
    first = (await past.get(f"{SESSIONS}?limit=2")).json()
    second = (await past.get(f"{SESSIONS}?limit=2&cursor={first['next']}")).json()

    assert [each["session"] for page in (first, second) for each in page["items"]] == ["01D", "01C", "01B", "01A"]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["cursor=x", "cursor=bnVsbA", "limit=0", "state=perhaps", "since=yesterday"])
async def test_a_wrong_question_is_refused(past: Hub, query: str) -> None:
    reply = await past.get(f"{SESSIONS}?{query}")

    assert (reply.status, reply.json()["errors"][0]["field"]) == (400, query.partition("=")[0])


async def test_a_series_has_points_where_something_was_seen(past: Hub) -> None:
    slot = SlotRow(
        "main", IMEI, SLOT_S, NOON, csq_min=10, csq_max=20, csq_sum=45, csq_count=3, csq_last=15, rx_bytes=700
    )
    await past.desks.history.run(lambda connection: upsert_slots(connection, [slot]))

    reply = await past.get(f"{SERIES}?names=csq,rx_bytes&from=2026-11-20T11:00:00Z&to=2026-11-20T13:00:00Z", "viewer")

    assert reply.status == 200, reply.body
    Series.model_validate(reply.json())
    (csq,), (rx,) = reply.json()["values"]["csq"], reply.json()["values"]["rx_bytes"]
    assert (csq["min"], csq["avg"], csq["max"], csq["sum"]) == (10, 15, 20, None)
    assert (csq["at"], rx["sum"]) == ("2026-11-20T12:00:00.000Z", 700)


@pytest.mark.parametrize(
    "query", ["names=voltage", "points=0", "from=2026-11-20T13:00:00Z&to=2026-11-20T12:00:00Z", "from=2026-11-20"]
)
async def test_a_wrong_series_is_refused(past: Hub, query: str) -> None:
    assert (await past.get(f"{SERIES}?{query}")).status == 400


async def test_the_series_of_an_unknown_modem_is_not_there(past: Hub) -> None:
    assert (await past.get("/api/v1/modems/868441036779999/series")).status == 404


async def test_history_is_answered_while_somebody_writes_into_it_for_long(past: Hub, tmp_path: Path) -> None:
    async with locked(tmp_path / "history.db"):
        for path in (SESSIONS, f"{SERIES}?since=2026-11-20T00:00:00Z", "/api/v1/events?limit=5"):
            began = time.monotonic()
            reply = await past.get(path)
            assert reply.status == 200, reply.text
            assert time.monotonic() - began < 1.0, path
            assert reply.json().get("partial") in (None, False)
