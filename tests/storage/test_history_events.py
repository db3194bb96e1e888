from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from irzhub.storage.history_events import insert_events, last_seq, purge_events
from irzhub.storage.local import Connection
from irzhub.storage.tables_history import events
from tests.storage.rows import MODEM, NOW, event


def seqs(conn: Connection, hub: str = "main") -> list[int]:
    return [row.seq for row in conn.execute(select(events.c.seq).where(events.c.hub == hub).order_by(events.c.seq))]


def test_a_repeat_is_stored_once(history_connection: Connection) -> None:
    insert_events(history_connection, "main", [event(1), event(2)])
    insert_events(history_connection, "main", [event(2), event(3)])

    assert seqs(history_connection) == [1, 2, 3]
    row = history_connection.execute(select(events).where(events.c.seq == 1)).one()
    assert (row.modem, row.ts, row.type, row.data["level"]) == (MODEM, NOW, "gpi_changed", "ON")


def test_a_number_that_came_twice_with_another_id_is_not_lost(history_connection: Connection) -> None:
    insert_events(history_connection, "main", [event(1)])
    insert_events(history_connection, "main", [replace(event(1), id="01KOTHER")])

    assert seqs(history_connection) == [1, 1]


def test_the_highest_number_is_known_for_each_hub(history_connection: Connection) -> None:
    insert_events(history_connection, "main", [event(1), event(2**40)])
    insert_events(history_connection, "south", [replace(event(7), id="01KSOUTH")])

    assert last_seq(history_connection, "main") == 2**40
    assert last_seq(history_connection, "south") == 7
    assert last_seq(history_connection, "north") == 0


def test_old_events_go_in_small_steps(history_connection: Connection) -> None:
    insert_events(history_connection, "main", [event(seq, ts=NOW + timedelta(days=seq)) for seq in range(1, 11)])
    insert_events(history_connection, "south", [replace(event(1), id="01KSOUTH")])
    before = NOW + timedelta(days=6)

    assert purge_events(history_connection, "main", before, 3) == 3
    assert seqs(history_connection) == [4, 5, 6, 7, 8, 9, 10]
    assert purge_events(history_connection, "main", before, 3) == 2
    assert purge_events(history_connection, "main", before, 3) == 0
    assert seqs(history_connection, "south") == [1]
