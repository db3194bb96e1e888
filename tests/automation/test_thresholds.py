"""A bound is crossed once, and again only after the value came back by the hysteresis."""

from collections.abc import Sequence

import pytest

from irzhub.automation.rule import Rule
from irzhub.automation.thresholds import Thresholds
from irzhub.automation.triggers import SignalTrigger, TemperatureTrigger
from irzhub.core.state import ModemState
from tests.automation.rig import MODEM

LOW = SignalTrigger(below=8, hysteresis=3)


def note(thresholds: Thresholds, csq: int) -> list[tuple[float, bool]]:
    state = ModemState(modem=MODEM, imei=MODEM, csq=csq)
    return [(value, beyond) for _, _, value, beyond in thresholds.note(state, frozenset({"csq"}))]


def watching(trigger: SignalTrigger | TemperatureTrigger, states: Sequence[ModemState] = ()) -> Thresholds:
    thresholds = Thresholds()
    thresholds.set_places([(Rule(id="r", triggers=(trigger,), actions=()), 0)], states)
    return thresholds


def test_the_way_down_and_up_again() -> None:
    thresholds = watching(LOW)
    told = [note(thresholds, csq) for csq in (15, 8, 7, 3, 10, 11, 8, 7)]
    assert told == [[], [], [(7.0, True)], [], [], [(11.0, False)], [], [(7.0, True)]]


def test_the_first_value_ever_is_a_state() -> None:
    thresholds = watching(LOW)
    assert [note(thresholds, csq) for csq in (3, 2, 12, 2)] == [[], [], [(12.0, False)], [(2.0, True)]]


def test_what_is_low_when_the_rule_is_read_is_a_state_too() -> None:
    thresholds = watching(LOW, [ModemState(modem=MODEM, imei=MODEM, csq=2)])
    assert note(thresholds, 3) == []
    assert note(thresholds, 12) == [(12.0, False)]


def test_a_rule_that_stays_goes_on_as_it_is_and_another_begins_anew() -> None:
    thresholds = watching(LOW)
    note(thresholds, 15)
    note(thresholds, 5)
    state = ModemState(modem=MODEM, imei=MODEM, csq=5)
    thresholds.set_places([(Rule(id="r", triggers=(LOW,), actions=(), alias="new"), 0)], [state])
    assert note(thresholds, 4) == []
    thresholds.set_places([(Rule(id="r", triggers=(SignalTrigger(below=3),), actions=()), 0)], [state])
    assert note(thresholds, 2) == [(2.0, True)]


def test_what_is_known_of_before_a_restart_is_where_it_goes_on() -> None:
    thresholds = watching(LOW)
    thresholds.begin([ModemState(modem=MODEM, imei=MODEM, csq=15)])
    assert note(thresholds, 5) == [(5.0, True)]
    thresholds.begin([ModemState(modem=MODEM, imei=MODEM, csq=5)])
    assert note(thresholds, 4) == []


def test_a_deleted_modem_begins_anew() -> None:
    thresholds = watching(LOW)
    note(thresholds, 15)
    thresholds.forget(MODEM)
    assert note(thresholds, 3) == []


@pytest.mark.parametrize(
    ("value", "was", "beyond"),
    [
        (60, False, False),
        (61, False, True),
        (59, True, True),
        (58, True, False),
        (-31, False, True),
        (-28, True, False),
    ],
)
def test_two_bounds_at_once(value: float, was: bool, beyond: bool) -> None:
    trigger = TemperatureTrigger(above=60, below=-30, hysteresis=2)
    assert trigger.is_beyond(value, was_beyond=was) is beyond


def test_other_fields_are_not_looked_at() -> None:
    thresholds = watching(LOW)
    state = ModemState(modem=MODEM, imei=MODEM, csq=3, temperature_c=90)
    assert list(thresholds.note(state, frozenset({"temperature_c", "clients"}))) == []
