from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from irzhub.core.events import Event, ModemConnected, ModemDisconnected
from irzhub.storage.history_sessions import fold_sessions, purge_sessions, record_sessions
from irzhub.storage.local import Connection
from irzhub.storage.tables_history import sessions
from tests.storage.rows import MODEM, NOW, OTHER


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def opened(session: str, minutes: float, modem: str = MODEM) -> Event:
    return ModemConnected(ts=at(minutes), modem=modem, session=session, peer="10.0.0.1:5", csq=20)


def closed(session: str | None, minutes: float, reason: Any = "closed", modem: str = MODEM) -> Event:
    return ModemDisconnected(ts=at(minutes), modem=modem, session=session, reason=reason, lasted_s=60.0, rx_bytes=7)


def story(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["session"], row["opened_at"], row["closed_at"], row["is_open"], row["reason"]) for row in rows]


def stored(conn: Connection) -> list[tuple[Any, ...]]:
    return story([dict(row) for row in conn.execute(select(sessions).order_by(sessions.c.session)).mappings()])


def test_a_session_opens_and_closes() -> None:
    rows = fold_sessions("main", [], [opened("s1", 0), closed("s1", 5)])

    assert story(rows) == [("s1", at(0), at(5), False, "closed")]
    assert (rows[0]["rx_bytes"], rows[0]["lasted_s"], rows[0]["peer"]) == (7, 60.0, "10.0.0.1:5")


def test_a_session_whose_end_nobody_saw_ends_with_the_next_one() -> None:
    rows = fold_sessions("main", [], [opened("s1", 0), opened("s2", 9), opened("s3", 9, OTHER)])

    assert story(rows) == [
        ("s1", at(0), at(9), False, "hub_restart"),
        ("s2", at(9), None, True, None),
        ("s3", at(9), None, True, None),
    ]


def test_a_disconnect_without_session_closes_what_is_open() -> None:
    rows = fold_sessions("main", [], [opened("s1", 0), closed(None, 9, "hub_restart")])

    assert story(rows) == [("s1", at(0), at(9), False, "hub_restart")]


def test_a_session_whose_beginning_was_not_recorded_is_written_as_far_as_it_is_known() -> None:
    assert story(fold_sessions("main", [], [closed("s1", 5)])) == [("s1", at(4), at(5), False, "closed")]


def test_batches_go_on_where_the_last_one_ended(history_connection: Connection) -> None:
    record_sessions(history_connection, "main", [opened("s1", 0), opened("s2", 1, OTHER)])
    record_sessions(history_connection, "main", [closed("s1", 5), opened("s3", 6), opened("s4", 7, OTHER)])

    assert stored(history_connection) == [
        ("s1", at(0), at(5), False, "closed"),
        ("s2", at(1), at(7), False, "hub_restart"),
        ("s3", at(6), None, True, None),
        ("s4", at(7), None, True, None),
    ]


def test_the_same_events_again_give_the_same_sessions(history_connection: Connection) -> None:
    batches = [[opened("s1", 0)], [closed("s1", 5), opened("s2", 6)], [closed("s2", 9)], [opened("s3", 10)]]
    for batch in batches:
        record_sessions(history_connection, "main", batch)
    once = stored(history_connection)
    for batch in batches[1:]:  # as after a crash: everything from some point on, once more
        record_sessions(history_connection, "main", batch)

    assert stored(history_connection) == once


def test_old_sessions_go_unless_they_are_open(history_connection: Connection) -> None:
    record_sessions(history_connection, "main", [opened("s1", 0), opened("s2", 1, OTHER), closed("s1", 5)])

    assert purge_sessions(history_connection, "main", at(100), 10) == 1
    assert [row[0] for row in stored(history_connection)] == ["s2"]
