"""Sessions page by page and series joined over replaced modems, in both kinds of database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from irzhub.core.events import ModemConnected, ModemDisconnected
from irzhub.storage.history_lookup import SessionSearch, find_sessions, read_joined_series
from irzhub.storage.history_series import HOUR_S, SLOT_S, SlotRow, upsert_slots
from irzhub.storage.history_sessions import record_sessions
from irzhub.storage.local import Connection
from tests.storage.plans import asked, plan
from tests.storage.rows import MODEM, NOW, OTHER

FORMER = "868441036775259"


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def opened(session: str, minutes: float, modem: str = MODEM) -> ModemConnected:
    return ModemConnected(ts=at(minutes), modem=modem, session=session, peer="10.0.0.1:5", csq=20)


@pytest.fixture
def recorded(history_connection: Connection) -> Connection:
    """Five sessions of this hub, three of which began in the same moment, and one of another hub."""
    told = [opened("s1", 0), opened("s2", 5), opened("s3", 5, OTHER), opened("s4", 5, FORMER), opened("s5", 9)]
    record_sessions(history_connection, "main", told)
    ended = ModemDisconnected(ts=at(7), modem=OTHER, session="s3", reason="closed", lasted_s=120.0, rx_bytes=7)
    record_sessions(history_connection, "main", [ended])
    record_sessions(history_connection, "south", [opened("s9", 6)])
    return history_connection


def names(connection: Connection, search: SessionSearch) -> list[str]:
    return [row["session"] for row in find_sessions(connection, "main", search)]


def test_the_latest_come_first_and_only_this_hubs(recorded: Connection) -> None:
    assert names(recorded, SessionSearch()) == ["s5", "s4", "s3", "s2", "s1"]

    third = find_sessions(recorded, "main", SessionSearch())[2]
    shown = {name: third[name] for name in ("modem", "opened_at", "closed_at", "is_open", "reason", "rx_bytes")}
    assert shown == {
        "modem": OTHER,
        "opened_at": at(5),
        "closed_at": at(7),
        "is_open": False,
        "reason": "closed",
        "rx_bytes": 7,
    }


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_pages_hold_each_session_once_though_several_began_together(recorded: Connection, limit: int) -> None:
    found: list[str] = []
    behind: tuple[datetime, str] | None = None
    for _ in range(6):
        rows = find_sessions(recorded, "main", SessionSearch(behind=behind, limit=limit))
        found += [row["session"] for row in rows[:limit]]
        if len(rows) <= limit:
            break
        assert len(rows) == limit + 1, "one more than a page says that there are more"
        behind = rows[limit - 1]["opened_at"], rows[limit - 1]["session"]

    assert found == ["s5", "s4", "s3", "s2", "s1"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (SessionSearch(modems=(MODEM,)), ["s5", "s2", "s1"]),
        (SessionSearch(modems=(OTHER, FORMER)), ["s4", "s3"]),
        (SessionSearch(modems=()), []),
        (SessionSearch(since=at(5)), ["s5", "s4", "s3", "s2"]),
        (SessionSearch(until=at(5)), ["s1"]),
        (SessionSearch(since=at(5), until=at(9)), ["s4", "s3", "s2"]),
        (SessionSearch(is_open=True), ["s5", "s4"]),
        (SessionSearch(is_open=False), ["s3", "s2", "s1"]),
        (SessionSearch(modems=(MODEM,), is_open=False, since=at(1)), ["s2"]),
    ],
    ids=str,
)
def test_only_what_is_looked_for_is_found(recorded: Connection, search: SessionSearch, expected: Sequence[str]) -> None:
    assert names(recorded, search) == expected


def test_the_series_of_a_replaced_modem_go_on_in_the_new_ones(history_connection: Connection) -> None:
    start = NOW.replace(minute=0, second=0, microsecond=0)
    slots = [
        SlotRow("main", modem, SLOT_S, start + timedelta(minutes=10 * number), csq_sum=number, csq_count=1)
        for number, modem in enumerate([FORMER, FORMER, MODEM, OTHER, MODEM])
    ]
    elsewhere = [
        SlotRow("main", MODEM, HOUR_S, start),
        replace(slots[0], hub="south"),
        replace(slots[3], hub="south", modem=MODEM),
    ]
    upsert_slots(history_connection, [*slots, *elsewhere])

    def read(modems: Sequence[str], since: datetime, until: datetime) -> list[SlotRow]:
        return read_joined_series(history_connection, "main", modems, SLOT_S, since, until)

    end = start + timedelta(hours=1)
    assert read([MODEM, FORMER], start, end) == [slots[0], slots[1], slots[2], slots[4]]
    assert read([MODEM], start, end) == [slots[2], slots[4]]
    assert read([MODEM, FORMER], slots[1].start, slots[4].start) == [slots[1], slots[2]], "the end is left out"
    assert read([], start, end) == []


@pytest.mark.parametrize(
    ("search", "index"),
    [
        (SessionSearch(), "ix_sessions_hub_opened_at"),
        (SessionSearch(modems=[MODEM]), "ix_sessions_hub_modem_opened_at"),
        (SessionSearch(modems=[MODEM, OTHER], behind=(NOW, "s3")), "ix_sessions_hub_modem_opened_at"),
        (SessionSearch(modems=[MODEM, *map(str, range(100))]), "ix_sessions_hub_opened_at"),
        (SessionSearch(is_open=True), "ix_sessions_hub_is_open_modem"),
    ],
    ids=["all", "one modem", "two modems", "many modems", "open ones"],
)
def test_few_are_looked_up_and_many_read_in_order(recorded: Connection, search: SessionSearch, index: str) -> None:
    with asked(recorded) as statements:
        find_sessions(recorded, "main", search)

    ((statement, values),) = statements
    assert index in " ".join(plan(recorded, statement, values, "sessions"))
