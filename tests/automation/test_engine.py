"""Rules from what happens to what is told."""

import pytest

from tests.automation.rig import MODEM, OTHER, Rig

DOOR = """
- id: r
  alias: Дверь
  triggers:
    - {trigger: gpi, modem: "868441036775234", input: 1, to: "on", for: "00:00:05"}
  conditions:
    - {condition: time, after: "20:00", before: "08:00"}
  actions:
    - {action: sms, to: "+79211234567", text: "{{ modem.name }}: дверь открыта {{ trigger.ts | local('%H:%M:%S') }}"}
"""


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_a_door_that_stays_open_for_five_seconds_at_night(rig: Rig) -> None:
    rig.rules(DOOR)

    event = rig.gpi("ON")
    rig.go(4.9)
    assert rig.texts == []
    rig.go(0.1)

    (message,) = rig.effects.told
    assert message.text == "Котельная 5: дверь открыта 21:00:00"
    assert message.recipients[0].address == "+79211234567"
    assert (message.rule, message.subject, message.event_id) == ("r", f"{MODEM}/gpi/1", event.id)
    assert message.damp_s == 300.0
    assert rig.results() == ["done"]
    assert rig.settled == [1]
    assert rig.effects.kept == {}


def test_a_door_that_is_closed_in_time(rig: Rig) -> None:
    rig.rules(DOOR)

    rig.gpi("ON")
    assert len(rig.effects.kept) == 1
    rig.go(4)
    rig.gpi("OFF")
    rig.go(60)

    assert rig.texts == []
    assert rig.settled == [1, 2]
    assert rig.effects.kept == {}


def test_another_door_another_modem_and_another_time_of_day(rig: Rig) -> None:
    rig.rules(DOOR)

    rig.gpi("ON", pin=2)
    rig.gpi("ON", modem=OTHER)
    rig.go(5)
    rig.clock.go(12 * 3600)
    rig.gpi("ON")
    rig.go(5)

    assert rig.texts == []
    assert rig.results() == ["conditions"]
