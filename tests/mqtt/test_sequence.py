"""Events from topics and answers become one order: no gap, no repeat, and what is missing is asked for."""

import dataclasses

from irzhub.core.events import Event, GpiChanged
from irzhub.core.ulid import new_ulid
from irzhub.mqtt.sequence import BEYOND_ALL, MOST_WAITING, EventSequence
from tests.automation.rig import START


def event(seq: int) -> Event:
    return GpiChanged(
        ts=START, modem="868441036775234", pin=1, level="ON", previous="OFF", source="report", seq=seq, id=new_ulid(seq)
    )


def numbers(events: list[Event]) -> list[int]:
    return [each.seq for each in events]


def test_events_in_order_go_straight_through() -> None:
    sequence = EventSequence(7)
    assert [numbers(sequence.take(event(seq))) for seq in (8, 9, 10)] == [[8], [9], [10]]
    assert (sequence.position, sequence.wanted, sequence.repeats) == (10, None, 0)


def test_what_comes_again_is_left_out() -> None:
    sequence = EventSequence(7)
    sequence.take(event(8))
    assert numbers(sequence.take(event(8))) == []
    assert numbers(sequence.take(event(3))) == []
    assert sequence.repeats == 2


def test_what_came_too_early_waits_for_what_is_missing() -> None:
    sequence = EventSequence(7)
    assert numbers(sequence.take(event(10))) == []
    assert numbers(sequence.take(event(9))) == []
    assert (sequence.wanted, sequence.is_stuck) == (7, True)
    assert numbers(sequence.take(event(8))) == [8, 9, 10]
    assert (sequence.wanted, sequence.is_stuck, sequence.lost) == (None, False, 0)


def test_an_answer_fills_the_gap() -> None:
    sequence = EventSequence(7)
    sequence.take(event(10))
    assert numbers(sequence.answered([event(8), event(9)], 1, 10)) == [8, 9, 10]
    assert (sequence.wanted, sequence.lost) == (None, 0)


def test_an_answer_that_was_cut_is_asked_for_again() -> None:
    sequence = EventSequence(7)
    assert numbers(sequence.answered([event(8), event(9)], 1, 20)) == [8, 9]
    assert sequence.wanted == 9


def test_an_answer_that_is_behind_repeats_nothing() -> None:
    sequence = EventSequence(7)
    sequence.take(event(8))
    assert numbers(sequence.answered([event(8), event(9)], 1, 9)) == [9]


def test_a_new_follower_begins_with_what_happens_from_now_on() -> None:
    assert EventSequence().wanted == BEYOND_ALL
    sequence = EventSequence()
    assert numbers(sequence.take(event(41))) == []
    assert numbers(sequence.answered([], 1, 40)) == [41]
    assert (sequence.position, sequence.wanted, sequence.lost) == (41, None, 0)


def test_what_the_hub_had_removed_already_is_counted() -> None:
    sequence = EventSequence(7)
    assert numbers(sequence.answered([event(21), event(22)], 21, 22)) == [21, 22]
    assert sequence.lost == 13


def test_a_hub_whose_numbers_went_back_is_followed_from_where_it_is() -> None:
    sequence = EventSequence(900)
    assert numbers(sequence.answered([], 1, 12)) == []
    assert numbers(sequence.take(event(13))) == [13]


def test_numbers_that_nobody_has_are_passed_over() -> None:
    sequence = EventSequence(7)
    assert numbers(sequence.answered([], 0, 30)) == []
    assert (sequence.position, sequence.wanted) == (30, None)


def test_in_the_end_what_is_there_waits_no_longer() -> None:
    sequence = EventSequence(7)
    sequence.take(event(10))
    assert numbers(sequence.skip()) == [10]
    assert (sequence.lost, sequence.wanted) == (2, None)
    new = EventSequence()
    new.take(event(5))
    assert numbers(new.skip()) == [5]


def test_what_waits_is_bounded_and_asked_for_again() -> None:
    sequence = EventSequence(0)
    waiting = event(2)
    for seq in range(2, MOST_WAITING + 10):
        sequence.take(dataclasses.replace(waiting, seq=seq))
    first = sequence.answered([event(1)], 1, MOST_WAITING + 9)
    assert numbers(first)[-1] == MOST_WAITING + 1
    assert sequence.wanted == MOST_WAITING + 1
