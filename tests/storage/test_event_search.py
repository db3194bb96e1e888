"""Searches against a list of the same events, in the journal's table and in the history of both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from irzhub.core.events import Event, ModemConnected, SimChanged
from irzhub.storage import event_search
from irzhub.storage.event_search import EventSearch, find_events, history_bounds, history_seq_before
from irzhub.storage.history_events import insert_events
from tests.storage.rows import MODEM, NOW, OTHER

EVENTS: list[Event] = [
    SimChanged(
        ts=NOW + timedelta(seconds=seq),
        modem=OTHER if seq % 3 else MODEM,
        iccid="1",
        previous="2",
        seq=seq,
        id=f"{seq:026}",
    )
    if seq % 10 == 0
    else ModemConnected(
        ts=NOW + timedelta(seconds=seq),
        modem=OTHER if seq % 3 else MODEM,
        session=str(seq),
        peer="p",
        seq=seq,
        id=f"{seq:026}",
    )
    for seq in range(1, 201)
]


def expected(search: EventSearch) -> list[int]:
    found = [
        event.seq
        for event in EVENTS
        if search.after_seq < event.seq < search.before_seq
        and (search.modems is None or event.modem in search.modems)
        and (search.types is None or event.type in search.types)
    ]
    return found[::-1] if search.newest_first else found


def all_pages(connection: Connection, search: EventSearch) -> list[int]:
    import dataclasses

    seqs: list[int] = []
    for _ in range(100):
        page = find_events(connection, search, "main")
        seqs += [event.seq for event in page.events]
        if page.next_seq is None:
            return seqs
        if search.newest_first:
            search = dataclasses.replace(search, before_seq=page.next_seq)
        else:
            search = dataclasses.replace(search, after_seq=page.next_seq)
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("modems", [None, frozenset({MODEM}), frozenset({MODEM, OTHER}), frozenset({"nobody"})])
@pytest.mark.parametrize("types", [None, frozenset({"sim_changed"}), frozenset({"sim_changed", "connected"})])
def test_pages_hold_each_event_once(
    history_connection: Connection, newest_first: bool, modems: frozenset[str] | None, types: frozenset[str] | None
) -> None:
    insert_events(history_connection, "main", EVENTS)
    insert_events(history_connection, "south", [])

    for limit in (7, 100, 1000):
        search = EventSearch(
            modems=modems, types=types, newest_first=newest_first, limit=limit, after_seq=3, before_seq=190
        )
        assert all_pages(history_connection, search) == expected(search)


def test_many_modems_are_picked_out_of_all_events(
    history_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert_events(history_connection, "main", EVENTS)
    monkeypatch.setattr(event_search, "MANY_MODEMS", 0)
    monkeypatch.setattr(event_search, "SCANNED", 20)

    for newest_first in (False, True):
        search = EventSearch(
            modems=frozenset({MODEM}), types=frozenset({"sim_changed"}), newest_first=newest_first, limit=3
        )
        assert all_pages(history_connection, search) == expected(search)


def test_a_time_becomes_a_number(history_connection: Connection) -> None:
    insert_events(history_connection, "main", EVENTS)

    assert history_seq_before(history_connection, "main", NOW + timedelta(seconds=50)) == 49
    assert history_seq_before(history_connection, "main", NOW) == 0
    assert history_bounds(history_connection, "main") == (1, 200)
    assert history_bounds(history_connection, "south") == (0, 0)
