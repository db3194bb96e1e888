"""Searches against a list of the same events, in the journal's table and in the history of both databases."""

import dataclasses
from datetime import timedelta
from itertools import pairwise, product

import pytest
from sqlalchemy import Connection

from irzhub.core.events import Event, ModemConnected, SimChanged
from irzhub.storage import event_search
from irzhub.storage.event_search import EventSearch, find_events, history_bounds, history_seq_before
from irzhub.storage.history_events import insert_events
from tests.storage.plans import asked, plan
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


WHOSE = (None, frozenset({MODEM}), frozenset({MODEM, OTHER}), frozenset({"nobody"}))
OF_TYPES = (None, frozenset({"sim_changed"}), frozenset({"sim_changed", "connected"}))


def test_pages_hold_each_event_once(history_connection: Connection) -> None:
    insert_events(history_connection, "main", EVENTS)
    insert_events(history_connection, "south", [])

    for newest_first, modems, types, limit in product((False, True), WHOSE, OF_TYPES, (7, 100, 1000)):
        search = EventSearch(
            modems=modems, types=types, newest_first=newest_first, limit=limit, after_seq=3, before_seq=190
        )
        assert all_pages(history_connection, search) == expected(search), search


TYPES = frozenset({"sim_changed", "connected"})
SEARCHES = {
    "all": EventSearch(newest_first=True),
    "behind a number": EventSearch(after_seq=50),
    "one modem": EventSearch(modems=frozenset({MODEM}), newest_first=True),
    "two modems and a type": EventSearch(modems=frozenset({MODEM, OTHER}), types=frozenset({"connected"})),
    "two types": EventSearch(types=TYPES, before_seq=150, newest_first=True),
    "many modems": EventSearch(modems=frozenset({MODEM, *map(str, range(500))}), before_seq=150, newest_first=True),
    "many modems and two types": EventSearch(modems=frozenset({MODEM, *map(str, range(500))}), types=TYPES),
    "many types": EventSearch(types=frozenset({"connected", *map(str, range(500))})),
}


def test_every_search_goes_along_an_index_and_sorts_nothing(history_connection: Connection) -> None:
    insert_events(history_connection, "main", EVENTS)

    for name, search in SEARCHES.items():
        with asked(history_connection) as statements:
            assert find_events(history_connection, search, "main").events, name
        for statement, values in statements:
            steps = plan(history_connection, statement, values, "events")
            read = [step for step in steps if "events" in step]
            assert read, name
            assert all("ix_events_hub_" in step for step in read), (name, steps)
            assert not any("filesort" in step for step in steps), (name, steps)
            sorted_by = [step for step, then in pairwise(steps) if "TEMP B-TREE" in then and "events" in step]
            assert not sorted_by or " IN (?" in statement, (name, steps)  # the rows of a page may be sorted


def test_a_fleet_may_have_more_modems_than_a_statement_takes_values(history_connection: Connection) -> None:
    insert_events(history_connection, "main", EVENTS)
    search = EventSearch(modems=frozenset({MODEM, *map(str, range(40_000))}))

    assert all_pages(history_connection, search) == expected(search)


def test_many_modems_are_picked_out_of_all_events(
    history_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert_events(history_connection, "main", EVENTS)
    monkeypatch.setattr(event_search, "LOOKED_UP", 0)
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
    assert history_seq_before(history_connection, "main", NOW + timedelta(days=1)) == 200
    assert history_seq_before(history_connection, "south", NOW + timedelta(days=1)) == 0
    assert history_bounds(history_connection, "main") == (1, 200)
    assert history_bounds(history_connection, "south") == (0, 0)
