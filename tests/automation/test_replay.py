"""A month of events in a moment: whom rules had told what, and how many SMS that is."""

from datetime import timedelta
from typing import Any

import pytest

from irzhub.alerts.messages import Message, Recipient
from irzhub.automation.desk import DryRun
from irzhub.automation.replay import ReplayClock, ReplayWorld, replay
from irzhub.automation.templates import Templates
from irzhub.core.events import Event, GpiChanged, ModemConnected, ModemDisconnected
from irzhub.core.state import ModemState
from tests.automation.rig import MODEM, OTHER, START, ZONE, read_rules

STATE = ModemState(modem=MODEM, imei=MODEM, name="Котельная 5", group="Север", link="online", gpi={1: "ON"})


def at(seconds: float, modem: str = MODEM) -> dict[str, Any]:
    return {
        "ts": START + timedelta(seconds=seconds),
        "modem": modem,
        "seq": int(seconds) + 1,
        "id": f"{seconds:026.0f}",
    }


def opened(seconds: float, level: Any = "ON") -> Event:
    return GpiChanged(**at(seconds), pin=1, level=level, previous="OFF" if level == "ON" else "ON", source="report")


def run(rules: str, events: list[Event], days: float = 1, **more: Any) -> DryRun:
    world = ReplayWorld(states=[STATE], templates=Templates(ZONE), zone=ZONE, **more)
    return replay(read_rules(rules), events, START, START + timedelta(days=days), world)


SMS = '{action: sms, to: "+79211234567", text: "{{ modem.name }}: дверь открыта {{ trigger.ts | local }}"}'
DOOR = f"- id: door\n  triggers: [{{trigger: gpi, input: 1, to: 'on', for: 5s}}]\n  actions: [{SMS}]\n"


def test_who_would_have_been_told_what() -> None:
    found = run(DOOR, [opened(100), opened(103, "OFF"), opened(200), opened(300, "OFF")])

    (told,) = found.told
    assert (told.ts, told.rule, told.modem) == (START + timedelta(seconds=205), "door", MODEM)
    assert told.text == "Котельная 5: дверь открыта 20.11.2026 21:03:20"
    assert (told.recipients, told.sms_segments) == (("sms:+79211234567",), 1)
    assert (found.events, found.runs, found.told_count, found.sms_segments) == (4, {"door": {"done": 1}}, 1, 1)


def test_a_long_text_costs_more_sms() -> None:
    rules = DOOR.replace("дверь открыта", "очень " * 20)
    assert run(rules, [opened(0)]).sms_segments == 3


def test_repeats_are_folded_as_the_outbox_folds_them() -> None:
    events = [opened(n * 20.0, "ON" if n % 2 == 0 else "OFF") for n in range(20)]
    found = run(DOOR, events)

    assert found.runs["door"]["done"] == 10
    assert [told.folded for told in found.told] == [0, 9]


def test_what_the_rules_would_have_done_is_counted() -> None:
    rules = """
- id: wake
  triggers: [{trigger: disconnected, for: 10m}]
  actions:
    - {action: wake, wait: true}
    - {action: command, command: signal}
    - {action: notify, target: duty, text: "{{ result.status }}"}
"""
    found = run(rules, [ModemDisconnected(**at(0), reason="keepalive_lost")])
    assert found.actions == {"wake": {"wake": 1, "command signal": 1}}
    assert found.told[0].recipients == ("contact:duty",)
    assert found.told[0].text == "ok"


def test_names_are_people_where_somebody_knows_them() -> None:
    def reach(message: Message, _now: object) -> list[Recipient]:
        return [Recipient("sms", "+70000000001"), Recipient("email", "a@example.ru")] if message.targets else []

    rules = "- id: r\n  triggers: [{trigger: gpi}]\n  actions: [{action: notify, target: duty, text: x}]\n"
    (told,) = run(rules, [opened(0)], reach=reach).told
    assert told.recipients == ("sms:+70000000001", "email:a@example.ru")
    assert told.sms_segments == 1


def test_states_follow_the_events_not_what_is_so_today() -> None:
    rules = """
- id: r
  triggers: [{trigger: gpi, to: "on"}]
  conditions: [{condition: state, link: online}]
  actions: [{action: notify, target: duty, text: x, damp: "off"}]
"""
    connected = ModemConnected(**at(10), session="s", peer="1.1.1.1:1", csq=20)
    found = run(rules, [opened(0), connected, opened(20)])
    assert found.runs == {"r": {"conditions": 1, "done": 1}}


def test_time_goes_on_between_events_and_after_the_last() -> None:
    rules = (
        "- id: r\n  triggers: [{trigger: time, at: '07:30'}]\n  actions: [{action: notify, target: duty, text: x}]\n"
    )
    found = run(rules, [], days=30)
    assert found.told_count == 30
    assert found.events == 0


def test_events_before_the_period_only_set_the_scene() -> None:
    before = ModemDisconnected(ts=START - timedelta(minutes=1), modem=MODEM, seq=1, id="0", reason="reset")
    rules = "- id: r\n  triggers: [{trigger: disconnected}]\n  actions: [{action: notify, target: duty, text: x}]\n"
    assert run(rules, [before]).told == ()
    assert run(rules, [ModemDisconnected(**at(90_000), reason="reset")]).events == 0


def test_a_modem_that_is_gone_meanwhile_is_called_by_its_id() -> None:
    tell = "{action: notify, target: d, text: '{{ modem.name }}'}"
    rules = f"- id: r\n  triggers: [{{trigger: disconnected}}]\n  actions: [{tell}]\n"
    assert run(rules, [ModemDisconnected(**at(0, OTHER), reason="reset")]).told[0].text == OTHER


@pytest.mark.parametrize(
    ("trigger", "note"),
    [
        ("{trigger: signal, below: 5}", "пишутся рядами"),
        ("{trigger: mqtt, topic: a}", "не записываются"),
        ("{trigger: hub, event: start}", "не записываются"),
    ],
)
def test_what_cannot_be_known_is_said(trigger: str, note: str) -> None:
    rules = f"- id: r\n  triggers: [{trigger}]\n  actions: [{{action: stop}}]\n"
    (said,) = run(rules, []).notes
    assert note in said


def test_only_so_much_is_listed_and_all_of_it_counted() -> None:
    world = ReplayWorld(states=[STATE], templates=Templates(ZONE), zone=ZONE)
    rules = read_rules(
        "- id: r\n  triggers: [{trigger: gpi}]\n  actions: [{action: notify, target: d, text: x, damp: 'off'}]\n"
    )
    found = replay(rules, [opened(n) for n in range(10)], START, START + timedelta(days=1), world, most_told=3)
    assert (len(found.told), found.told_count) == (3, 10)


def test_a_clock_that_went_back_stands_still() -> None:
    clock = ReplayClock(START)
    clock.move(START + timedelta(seconds=10))
    clock.move(START)
    assert (clock.now(), clock.monotonic()) == (START + timedelta(seconds=10), 10.0)
