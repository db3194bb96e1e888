"""Rules that set themselves off are stopped; ten thousand alarms from outside are none."""

from typing import Any

import pytest

from irzhub.automation.breaker import MOST_DEPTH, MOST_RUNS, WITHIN_S, Breaker
from irzhub.automation.occurrence import Occurrence
from tests.automation.rig import MODEM, OTHER, START


def happened(kind: str, modem: str | None = MODEM, **data: Any) -> Occurrence:
    return Occurrence(kind=kind, ts=START, id="01K", modem=modem, data=data)


@pytest.mark.parametrize(
    ("command", "occurrence", "depth"),
    [
        ("set_output", happened("gpo_changed"), 1),
        ("set_output", happened("gpi_changed"), 1),
        ("set_output", happened("command_finished", origin="rule:r"), 1),
        ("set_output", happened("command_finished", origin="rest:anna"), 0),
        ("set_output", happened("gpo_changed", modem=OTHER), 0),
        ("set_output", happened("connected"), 0),
        ("signal", happened("gpo_changed"), 0),
        ("reboot", happened("disconnected"), 1),
        ("reboot", happened("connected"), 1),
        ("reboot", happened("meter_silent"), 0),
    ],
)
def test_what_a_command_explains(command: str, occurrence: Occurrence, depth: int) -> None:
    breaker = Breaker()
    breaker.note_command(MODEM, command, 0, 0.0)
    assert breaker.depth_of(occurrence, 1.0) == depth


def test_a_mark_is_good_for_a_while() -> None:
    breaker = Breaker()
    breaker.note_message("scada/x", 2, 0.0)
    echo = happened("mqtt", None, topic="scada/x")

    assert breaker.depth_of(echo, 30.0) == 3
    assert breaker.depth_of(echo, 30.1) == 0


def test_a_wake_explains_that_its_modem_dials_in() -> None:
    breaker = Breaker()
    breaker.note_wake(MODEM, 0, 0.0)
    assert [breaker.depth_of(happened(kind), 10.0) for kind in ("wake_started", "connected", "wake_failed")] == [1] * 3


def test_what_comes_from_outside_is_never_stopped() -> None:
    breaker = Breaker()
    assert all(breaker.lets_run("r", 0, 0.0) for _ in range(10_000))


def test_a_chain_that_is_too_deep_ends() -> None:
    breaker = Breaker()
    assert breaker.lets_run("r", MOST_DEPTH, 0.0)
    assert not breaker.lets_run("r", MOST_DEPTH + 1, 0.0)


def test_a_rule_that_sets_itself_off_too_often_rests_for_a_minute() -> None:
    breaker = Breaker()
    assert [breaker.lets_run("r", 1, float(n)) for n in range(MOST_RUNS + 1)] == [True] * MOST_RUNS + [False]
    assert breaker.lets_run("another", 1, 11.0)
    assert breaker.lets_run("r", 1, WITHIN_S)
