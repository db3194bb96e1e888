"""Rows of the outbox come back as they went in, and the questions asked of them are answered."""

from datetime import timedelta
from typing import Any

from irzhub.storage.local import Connection
from irzhub.storage.outbox import (
    DampingRow,
    OutboxRow,
    OutboxWanted,
    end_living_messages,
    find_rows,
    get_row,
    incident_recipients,
    known_keys,
    load_damping,
    load_living,
    opening_recipients,
    prune_outbox,
    save_outbox,
    spent_since,
)
from tests.storage.rows import MODEM, NOW


def row(number: int, **changes: Any) -> OutboxRow:
    values: dict[str, Any] = {
        "id": f"01K{number:023d}",
        "created_at": NOW + timedelta(seconds=number),
        "channel": "sms",
        "address": "+79211234567",
        "rule": "lost",
        "subject": MODEM,
        "event_id": f"01E{number:023d}",
        "event_ts": NOW,
        "modem": MODEM,
        "text": "нет связи",
        "expires_at": NOW + timedelta(days=1),
    }
    return OutboxRow(**{**values, **changes})


def test_a_row_comes_back_as_it_was(local: Connection) -> None:
    kept = row(1, log=[{"status": "later"}], event={"type": "disconnected"}, not_before=NOW, error="busy")

    save_outbox(local, [kept])

    assert get_row(local, kept.id) == kept
    assert get_row(local, "01K") is None


def test_what_lives_is_loaded_and_what_ended_is_not(local: Connection) -> None:
    living = [row(1), row(2, state="held"), row(3, state="sending"), row(4, state="unknown", not_before=NOW)]
    ended = [row(5, state="unknown"), row(6, state="sent"), row(7, state="folded")]

    save_outbox(local, [*living, *ended])

    assert load_living(local) == living


def test_keys_are_known_once_they_were_told(local: Connection) -> None:
    save_outbox(local, [], told=[("a" * 32, NOW), ("b" * 32, NOW)])
    save_outbox(local, [], told=[("a" * 32, NOW)])

    assert known_keys(local, ["a" * 32, "c" * 32]) == {"a" * 32}
    assert known_keys(local, [f"{number:032d}" for number in range(1200)]) == set()


def test_windows_come_and_go(local: Connection) -> None:
    window = DampingRow(key="k" * 32, began_at=NOW, ends_at=NOW + timedelta(minutes=5), count=3, row={"text": "x"})

    save_outbox(local, [], damping=[window])
    assert load_damping(local) == [window]

    save_outbox(local, [], ended_damping=[window.key])
    assert load_damping(local) == []


def test_who_was_told_since_it_was_over_last(local: Connection) -> None:
    first = [row(1, address="+71"), row(2, address="+71", closes=True)]
    second = [
        row(3, address="+72"),
        row(4, address="a@b.ru", channel="email"),
        row(5, address="+73", state="cancelled"),
    ]

    save_outbox(local, [*first, *second])

    assert opening_recipients(local, "lost", MODEM) == {("sms", "+72"), ("email", "a@b.ru")}
    assert opening_recipients(local, "other", MODEM) == set()


def test_who_was_told_of_an_incident(local: Connection) -> None:
    told = [row(1, incident=17), row(2, incident=17, closes=True)]

    save_outbox(local, [*told, row(3, incident=18), row(4, incident=17, state="cancelled")])

    assert incident_recipients(local, 17) == told


def test_what_left_is_counted_by_channel_and_address(local: Connection) -> None:
    save_outbox(local, [row(1, sent_at=NOW, parts=2), row(2, sent_at=NOW), row(3), row(4, sent_at=NOW - timedelta(1))])

    assert spent_since(local, NOW) == [("sms", "+79211234567", 3)]


def test_rows_are_found_by_what_they_are(local: Connection) -> None:
    rows = [row(number, channel="sms" if number % 2 else "email", state="sent") for number in range(1, 6)]
    save_outbox(local, rows)

    assert [each.id for each in find_rows(local, OutboxWanted(channel="sms"))] == [rows[4].id, rows[2].id, rows[0].id]
    assert find_rows(local, OutboxWanted(states=("failed",))) == []
    assert [each.id for each in find_rows(local, OutboxWanted(before=rows[2].id, limit=1))] == [rows[1].id]
    late = OutboxWanted(since=NOW + timedelta(seconds=2), until=NOW + timedelta(seconds=4))
    assert [each.id for each in find_rows(local, late)] == [rows[2].id, rows[1].id]


def test_old_rows_are_removed_once_they_ended(local: Connection) -> None:
    save_outbox(local, [row(1, state="sent", finished_at=NOW), row(2), row(9, state="sent")], [("k" * 32, NOW)])

    assert prune_outbox(local, NOW + timedelta(seconds=5), NOW + timedelta(seconds=1)) == 1

    assert [each.id for each in find_rows(local, OutboxWanted())] == [row(9).id, row(2).id]
    assert known_keys(local, ["k" * 32]) == set()


def test_nothing_that_a_backup_brought_back_leaves(local: Connection) -> None:
    save_outbox(local, [row(1), row(2, state="sent")])

    end_living_messages(local)

    assert load_living(local) == []
    assert [each.state for each in find_rows(local, OutboxWanted())] == ["sent", "expired"]
