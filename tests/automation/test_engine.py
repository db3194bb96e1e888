"""Rules from what happens to what is told."""

from datetime import datetime

import pytest

from irzhub.automation import engine
from irzhub.automation.engine import Engine
from irzhub.automation.run import World
from irzhub.automation.templates import Templates
from irzhub.core.events import Event, GpiChanged, GpoChanged
from irzhub.core.metrics import Counter
from tests.automation.rig import MODEM, OTHER, ZONE, Rig

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


SLOW = """
- id: r
  mode: MODE
  triggers: [{trigger: gpi, to: "on"}]
  actions:
    - {action: delay, for: "00:01:00"}
    - {action: notify, target: duty, text: "{{ trigger.pin }}"}
"""


@pytest.mark.parametrize(
    ("mode", "told", "results"),
    [
        ("single", ["1"], ["skipped", "skipped", "skipped", "done"]),
        ("restart", ["4"], ["cancelled", "cancelled", "cancelled", "done"]),
        ("queued\n  max: 3", ["1", "2", "3"], ["skipped", "done", "done", "done"]),
        ("parallel\n  max: 2", ["1", "2"], ["skipped", "skipped", "done", "done"]),
    ],
)
def test_a_rule_that_fires_while_it_runs(rig: Rig, mode: str, told: list[str], results: list[str]) -> None:
    rig.rules(SLOW.replace("MODE", mode))
    for pin in (1, 2, 3, 4):
        rig.gpi("ON", pin=pin)
    for _ in range(5):
        rig.go(60)

    assert rig.texts == told
    assert sorted(rig.results()) == sorted(results)
    assert rig.engine.unfinished() == {}
    assert sorted(rig.settled) == [1, 2, 3, 4]


def test_modems_do_not_wait_for_each_other(rig: Rig) -> None:
    rig.rules(SLOW.replace("MODE", "single"))
    rig.gpi("ON", modem=MODEM)
    rig.gpi("ON", modem=OTHER)
    rig.go(60)
    assert len(rig.texts) == 2


ECHO = """
- id: r
  mode: parallel
  triggers: [{trigger: event, type: gpo_changed}]
  actions: [{action: output, output: 4, on: true}]
"""


def test_a_rule_that_sets_itself_off_is_stopped_and_people_are_not(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.rules(ECHO)
    for _ in range(30):
        rig.take(GpoChanged(**rig.common(), pin=4, level="ON", previous="OFF", source="report"))
        rig.go(0.1)

    assert len(rig.effects.commands) < 12
    assert rig.results()[-1] == "broken"
    assert "sets itself off" in caplog.text
    assert rig.metrics.counter("automation_runs_total", "Runs", "result").values[("broken",)] > 15

    rig.go(120)
    rig.take(GpoChanged(**rig.common(), pin=4, level="OFF", previous="ON", source="report"))
    assert rig.results()[-1] == "done"


def test_ten_thousand_alarms_at_once_are_all_told(rig: Rig) -> None:
    rig.rules("- id: r\n  triggers: [{trigger: gpi}]\n  actions: [{action: notify, target: duty, text: x}]\n")
    modems = [f"86844103{number:07d}" for number in range(2000)]
    for modem in modems:
        for pin in range(1, 6):
            rig.gpi("ON", pin=pin, modem=modem)

    assert len(rig.effects.told) == 10_000
    assert len({(message.event_id, message.subject) for message in rig.effects.told}) == 10_000
    assert rig.settled == list(range(1, 10_001))


def test_no_more_wait_than_fit_into_memory(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engine, "MOST_WAITING", 3)
    rig.rules(DOOR.replace('"868441036775234"', '["1", "2", "3", "4", "5"]'))
    for modem in "12345":
        rig.gpi("ON", modem=modem)
    assert rig.engine.unfinished() == {"r": 3}
    assert "3 others wait already" in caplog.text
    assert sorted(rig.settled) == [1, 2, 3, 4, 5]


def test_an_event_is_done_with_once_its_message_is_kept(rig: Rig) -> None:
    rig.effects.is_slow = True
    rig.rules("- id: r\n  triggers: [{trigger: gpi}]\n  actions: [{action: notify, target: duty, text: x}]\n")
    rig.gpi("ON")
    rig.lost()
    assert rig.settled == [2]
    rig.effects.finish()
    assert rig.settled == [2, 1]


def test_events_that_come_late_are_judged_by_their_own_time(rig: Rig) -> None:
    rig.rules(DOOR)
    late = rig.common()
    rig.clock.go(12 * 3600)  # it is morning now, and was night then
    rig.take(GpiChanged(**late, pin=1, level="ON", previous="OFF", source="inferred"))
    rig.go(0)
    assert len(rig.texts) == 1


def test_a_door_that_was_closed_again_before_anybody_looked_is_no_news(rig: Rig) -> None:
    rig.rules(DOOR)
    opened = rig.common()
    rig.clock.go(3)
    closed = rig.common()
    rig.clock.go(3600)

    rig.take(GpiChanged(**opened, pin=1, level="ON", previous="OFF", source="report"))
    rig.take(GpiChanged(**closed, pin=1, level="OFF", previous="ON", source="report"))
    rig.go(10)

    assert rig.texts == []


def test_a_rule_that_is_gone_ends_its_runs(rig: Rig) -> None:
    rig.rules(SLOW.replace("MODE", "single"))
    rig.gpi("ON")
    rig.rules("[]")
    rig.go(60)
    assert rig.texts == []
    assert rig.effects.kept == {}
    assert rig.results() == ["cancelled"]


def test_a_rule_that_is_switched_off_waits_for_nothing(rig: Rig) -> None:
    rig.rules(DOOR)
    rig.gpi("ON")
    rig.engine.switch(["r"])
    rig.go(5)
    rig.gpi("OFF")
    rig.gpi("ON")
    rig.go(5)
    assert rig.texts == []


def test_messages_of_others_set_rules_off(rig: Rig) -> None:
    rig.rules(
        '- id: r\n  triggers: [{trigger: mqtt, topic: "a/+"}]\n  actions: [{action: notify, target: d, text: x}]\n'
    )
    rig.engine.happen("mqtt", {"filter": "a/+", "topic": "a/b", "payload": "1"})
    rig.engine.happen("mqtt", {"filter": "b/+", "topic": "b/b", "payload": "1"})
    assert [message.subject for message in rig.effects.told] == ["mqtt/a/b"]
    assert rig.engine.listens("mqtt", lambda trigger: getattr(trigger, "topic", "") == "a/+")
    assert not rig.engine.listens("webhook", lambda _trigger: True)


def test_an_incident_takes_its_messages_along(rig: Rig) -> None:
    class Incidents:
        def incident_for(self, event: Event) -> int | None:
            return 17 if event.modem == MODEM else None

        def why_muted(self, modem: str | None, now: datetime) -> str:
            return "maintenance" if modem == "868441036775259" else ""

    world = World(rig.states, rig.clock, Templates(ZONE), ZONE)
    rig.engine = Engine(world, rig.effects, rig.settled.append, Counter("x", "x"), Incidents())
    rig.rules("- id: r\n  triggers: [{trigger: disconnected}]\n  actions: [{action: notify, target: duty, text: x}]\n")
    rig.lost(MODEM)
    rig.lost(OTHER)
    assert [message.incident for message in rig.effects.told] == [17, None]
    rig.lost("868441036775259")
    assert len(rig.effects.told) == 2, "somebody works there: it is recorded, and nobody is told"


def test_what_a_restart_finds_of_rules_that_changed_is_forgotten(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.rules(DOOR)
    rig.gpi("ON")
    rig.restart(DOOR.replace("trigger: gpi, ", "trigger: connected, ").replace('input: 1, to: "on", ', ""))
    assert "its triggers are others now" in caplog.text
    assert rig.effects.kept == {}
    rig.rules(DOOR)
    rig.gpi("ON")
    rig.restart("[]")
    assert "there is no such rule any more" in caplog.text
    assert rig.effects.kept == {}


def test_a_run_whose_actions_are_others_after_a_restart_does_not_block_its_rule(rig: Rig) -> None:
    rule = SLOW.replace("MODE", "single")
    rig.rules(rule)
    rig.gpi("ON")
    rig.restart(rule.replace("target: duty", "target: anna"))
    assert rig.effects.kept == {}
    assert rig.engine.unfinished() == {}
    rig.gpi("ON")
    rig.go(60)
    assert len(rig.texts) == 1


def test_a_run_that_cannot_go_on_does_not_block_its_rule(rig: Rig) -> None:
    rule = SLOW.replace("MODE", "single")
    rig.rules(rule)
    rig.gpi("ON")
    for kept in rig.effects.kept.values():
        kept.data["log"] = [None, None, None, None]  # of a version that knew more actions
    rig.restart(rule)
    assert rig.engine.unfinished() == {}
    rig.gpi("ON")
    rig.go(60)
    assert len(rig.texts) == 1
