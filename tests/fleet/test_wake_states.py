"""The ladder of one wake: every transition, and what it says of its end."""

from datetime import UTC, datetime

import pytest

from irzhub.fleet.wake_states import ITSELF, TRANSITIONS, Climb, Step, WakeState

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
STEPS = (Step("call", "+79210000001", 60.0), Step("sms", "+79210000001", 120.0), Step("call2", "+79210000002", 60.0))


def test_the_table_is_all_there_is() -> None:
    assert {f"{state} {signal}": after for (state, signal), after in TRANSITIONS.items()} == {
        "stepping taken": "waiting",
        "stepping missed": "stepping",
        "stepping used_up": "failed",
        "stepping dialled_in": "online",
        "stepping called_off": "failed",
        "waiting silent": "stepping",
        "waiting used_up": "failed",
        "waiting dialled_in": "online",
        "waiting called_off": "failed",
    }


def test_it_goes_up_step_by_step_and_ends_at_the_top() -> None:
    climb = Climb(STEPS)
    names: list[str | None] = []
    while (step := climb.step) is not None:
        names.append(step.name)
        climb.taken(NOW)
        assert climb.is_waiting
        climb.silent()
    assert names == ["call", "sms", "call2"]
    assert (climb.state, climb.by, climb.error) == ("failed", None, "it did not dial in after call, sms, call2")


def test_a_step_that_was_missed_says_why_at_the_end() -> None:
    climb = Climb(STEPS[:2])
    climb.taken(NOW)
    climb.silent()
    climb.missed("no network", NOW)
    assert climb.error == "it did not dial in after call; sms: no network"
    assert [(trace.step, trace.error) for trace in climb.traces] == [("call", None), ("sms", "no network")]


def test_when_no_step_could_be_taken_only_that_is_said() -> None:
    climb = Climb(STEPS[:1])
    climb.missed("busy", NOW)
    assert (climb.state, climb.error) == ("failed", "call: busy")


@pytest.mark.parametrize(
    ("steps_taken", "told", "by"),
    [
        (0, None, "call"),  # it dials in while it still rings
        (1, None, "sms"),
        (2, None, "call2"),
        (2, "sms", "sms"),  # an SMS took its time
        (2, "call", "call2"),
        (1, "Mon 08:00", "sms"),
    ],
)
def test_the_step_that_worked_is_named(steps_taken: int, told: str | None, by: str) -> None:
    climb = Climb(STEPS)
    for _ in range(steps_taken):
        climb.taken(NOW)
        climb.silent()
    climb.dialled_in(told)
    assert (climb.state, climb.by, climb.step) == ("online", by, None)


def test_a_modem_that_comes_after_all_steps_failed_came_by_itself() -> None:
    climb = Climb(())
    climb.dialled_in()
    assert (climb.state, climb.by) == ("online", ITSELF)


@pytest.mark.parametrize("end", ["online", "failed"])
def test_the_end_is_final(end: WakeState) -> None:
    climb = Climb(STEPS)
    climb.dialled_in() if end == "online" else climb.call_off("it was deleted")
    climb.dialled_in()
    climb.call_off("nobody waits")
    assert climb.state == end
    assert climb.error == (None if end == "online" else "it was deleted")


def test_a_number_is_not_printed() -> None:
    assert "7921" not in repr(STEPS[0])
