from datetime import timedelta

from irzhub.storage.events import (
    event_bounds,
    insert_events,
    load_cursors,
    prune_events,
    read_events,
    save_cursors,
    seq_before,
)
from irzhub.storage.local import Connection
from tests.storage.rows import NOW, event


def test_events_are_read_in_order_between_two_numbers(local: Connection) -> None:
    insert_events(local, [event(seq) for seq in (1, 2, 3, 4, 5)])

    assert read_events(local, 1, 4, 10) == [event(2), event(3), event(4)]
    assert read_events(local, 0, 9, 2) == [event(1), event(2)]
    assert event_bounds(local) == (1, 5)


def test_the_same_events_again_change_nothing(local: Connection) -> None:
    insert_events(local, [event(1), event(2)])
    insert_events(local, [event(1), event(2), event(3)])

    assert read_events(local, 0, 9, 10) == [event(1), event(2), event(3)]


def test_an_empty_journal_has_no_bounds(local: Connection) -> None:
    assert event_bounds(local) == (0, 0)
    assert seq_before(local, NOW) == 0
    assert prune_events(local, 100, 10) == 0


def test_the_last_number_before_a_moment_is_found(local: Connection) -> None:
    numbers = [*range(1, 40), *range(60, 100)]  # with a gap, as a restore or a lost block leaves one
    insert_events(local, [event(seq, ts=NOW + timedelta(minutes=seq)) for seq in numbers])

    for moment, expected in ((0.5, 0), (1.5, 1), (20.5, 20), (39.5, 39), (50, 39), (60.5, 60), (1000, 99)):
        assert seq_before(local, NOW + timedelta(minutes=moment)) == expected, moment


def test_pruning_takes_the_oldest_and_never_the_newest(local: Connection) -> None:
    insert_events(local, [event(seq) for seq in range(1, 11)])

    assert prune_events(local, before_seq=4, limit=100) == 3
    assert prune_events(local, before_seq=100, limit=2) == 2
    assert event_bounds(local) == (6, 10)
    assert prune_events(local, before_seq=100, limit=100) == 4
    assert event_bounds(local) == (10, 10)
    assert prune_events(local, before_seq=100, limit=100) == 0


def test_cursors_are_kept_by_name(local: Connection) -> None:
    save_cursors(local, {"mqtt": 5, "recorder": 2**40})
    save_cursors(local, {"mqtt": 7})
    save_cursors(local, {})

    assert load_cursors(local) == {"mqtt": 7, "recorder": 2**40}
