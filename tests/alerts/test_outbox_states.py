"""The table by which a message goes on: every step from every state, and what is noted of it."""

from typing import get_args

import pytest

from irzhub.alerts.outbox_rows import row_of
from irzhub.alerts.outbox_states import ENDED, TRANSITIONS, State, Step, WrongStep, can, move
from irzhub.storage.outbox import OutboxRow
from tests.alerts.outbox_rig import DUTY, NOW, message

STATES: tuple[State, ...] = get_args(State)
STEPS: tuple[Step, ...] = get_args(Step)


def row(state: str) -> OutboxRow:
    made = row_of(message(), DUTY, "01K", NOW, 60)
    made.state = state
    return made


@pytest.mark.parametrize("state", STATES)
def test_a_step_is_in_the_table_or_it_is_refused(state: State) -> None:
    for step in STEPS:
        each = row(state)
        assert can(each, step) is ((state, step) in TRANSITIONS)
        if can(each, step):
            move(each, step, NOW)
            assert each.state == TRANSITIONS[state, step]
        else:
            with pytest.raises(WrongStep, match=f"is {state}: it cannot {step}"):
                move(each, step, NOW)


def test_what_is_being_sent_never_waits_again_without_an_answer() -> None:
    assert {step for (state, step), after in TRANSITIONS.items() if state == "sending" and after == "waiting"} == {
        "postpone"
    }


def test_every_state_is_reached_and_what_ended_stays() -> None:
    assert set(TRANSITIONS.values()) | {"waiting"} == set(STATES)
    steps = {step for state, step in TRANSITIONS if state in ENDED}
    assert steps <= {"retry", "cancel", "deliver", "refuse"}


def test_each_step_is_noted_with_who_and_why() -> None:
    each = row("waiting")
    move(each, "take", NOW)
    move(each, "refuse", NOW, error="x" * 2000)
    move(each, "retry", NOW, "anna")

    assert [(step["step"], step.get("by"), len(step.get("error", ""))) for step in each.log] == [
        ("take", None, 0),
        ("refuse", None, 1000),
        ("retry", "anna", 0),
    ]
    for _ in range(100):
        move(each, "take", NOW)
        move(each, "postpone", NOW)
    assert len(each.log) == 30


def test_an_unknown_end_is_final_only_without_a_repeat() -> None:
    first, last = row("sending"), row("sending")
    first.not_before = NOW
    move(first, "doubt", NOW)
    move(last, "doubt", NOW)

    assert (first.finished_at, last.finished_at) == (None, NOW)
