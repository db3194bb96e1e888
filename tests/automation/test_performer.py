"""What the actions of a rule do: told, sent, woken, published; how they wait, fail and end."""

import pytest

from tests.automation.rig import MODEM, OTHER, Rig

HEAD = """
- id: r
  alias: Правило
  triggers: [{trigger: gpi, input: 1}]
  actions:
"""


@pytest.fixture
def rig() -> Rig:
    return Rig()


def act(rig: Rig, *actions: str) -> None:
    rig.rules(HEAD + "".join(f"    - {action}\n" for action in actions))
    rig.gpi("ON")


def steps(rig: Rig) -> list[tuple[str, object]]:
    return [(step["path"].removeprefix("actions"), step["result"]) for step in rig.engine.traces.of("r")[0]["steps"]]


def test_a_message_says_what_rule_modem_and_event_it_is_of(rig: Rig) -> None:
    act(rig, '{action: telegram, to: "-100123", text: "{{ modem.name }}", severity: alarm, damp: "off", closes: true}')

    (message,) = rig.effects.told
    assert (message.rule, message.modem, message.subject) == ("r", MODEM, f"{MODEM}/gpi/1")
    assert (message.severity, message.damp_s, message.closes) == ("alarm", 0.0, True)
    assert message.event["type"] == "gpi_changed"
    assert steps(rig) == [("[0]", "told")]


def test_each_message_of_a_run_has_a_name_of_its_own_that_a_restart_does_not_change(rig: Rig) -> None:
    act(rig, "{action: notify, target: duty, text: a}", "{action: notify, target: duty, text: b}")
    first, second = (message.event_id for message in rig.effects.told)
    assert second == f"{first}:1"


def test_a_text_that_fails_costs_no_alarm(rig: Rig) -> None:
    act(rig, '{action: notify, target: duty, text: "{{ modem.speed }}", title: "{{ trigger.pin / 0 }}"}')
    assert rig.texts == [f"Правило: Котельная 5 ({MODEM}): вход 1: вкл"]
    assert rig.effects.told[0].title == rig.texts[0]
    assert [result for _, result in steps(rig)] == ["template failed", "template failed", "told"]


def test_nobody_is_told_of_a_modem_that_is_being_set_up(rig: Rig) -> None:
    rig.states.update(MODEM, commissioning=True)
    act(rig, "{action: notify, target: duty, text: a}")
    assert rig.texts == []
    assert steps(rig) == [("[0]", "not told")]


def test_a_command_goes_to_the_modem_of_the_trigger_or_to_the_one_that_is_named(rig: Rig) -> None:
    act(
        rig,
        '{action: command, command: ussd, args: {code: "*{{ trigger.pin }}00#"}}',
        f'{{action: output, output: 4, on: true, modem: "{OTHER}", expires_in: 30s}}',
        "{action: output, output: 5, pulse: true}",
    )

    ussd, output, pulse = rig.effects.commands
    assert (ussd.modem, ussd.command, ussd.args, ussd.origin) == (MODEM, "ussd", {"code": "*100#"}, "rule:r")
    assert (output.modem, output.args) == (OTHER, {"output": 4, "on": True})
    assert (output.expires_at - rig.clock.now()).total_seconds() == 30
    assert (pulse.command, pulse.args) == ("pulse", {"output": 5})
    assert len({ussd.dedupe, output.dedupe, pulse.dedupe}) == 3


def test_a_command_whose_end_is_waited_for_gives_its_result_to_what_follows(rig: Rig) -> None:
    rig.effects.is_slow = True
    rig.effects.outcome = {"status": "ok", "data": {"csq": 5}, "error": None}
    act(
        rig,
        "{action: command, command: signal, wait: true}",
        '{action: notify, target: a, text: "{{ result.data.csq }}"}',
    )
    assert rig.texts == []

    rig.effects.finish()
    rig.go(0)

    assert rig.texts == ["5"]


def test_a_wake_that_fails_is_told(rig: Rig) -> None:
    rig.effects.outcome = {"status": "error", "data": {}, "error": "не отвечает"}
    act(rig, "{action: wake, wait: true}", '{action: notify, target: a, text: "{{ result.error }}"}')
    rig.go(0)

    assert [(wake.modem, wake.reason) for wake in rig.effects.wakes] == [(MODEM, "rule:r")]
    assert rig.texts == ["не отвечает"]


def test_a_message_to_the_broker(rig: Rig) -> None:
    act(rig, '{action: mqtt, topic: "scada/{{ modem.id }}/door", payload: "{{ trigger.level }}", retain: true}')
    assert rig.effects.published == [(f"scada/{MODEM}/door", "ON", True)]


@pytest.mark.parametrize("topic", ["a/#", "+", "", "{{ modem.comment }}"])
def test_a_topic_that_no_broker_takes_is_not_published(rig: Rig, topic: str) -> None:
    act(rig, f'{{action: mqtt, topic: "{topic}", payload: x}}')
    assert rig.effects.published == []
    assert steps(rig) == [("[0]", "failed")]


def test_without_a_modem_there_is_nobody_to_command(rig: Rig) -> None:
    actions = "[{action: wake}, {action: output, output: 1, on: true}]"
    rig.rules(f"- id: r\n  triggers: [{{trigger: hub, event: start}}]\n  actions: {actions}")
    rig.engine.happen("hub", {"event": "start", "part": "start"})
    assert rig.effects.wakes == []
    assert steps(rig) == [("[0]", "failed"), ("[1]", "failed")]


def test_a_delay_survives_a_restart_and_does_nothing_twice(rig: Rig) -> None:
    rule = (
        HEAD
        + """
    - {action: notify, target: a, text: before}
    - {action: delay, for: "00:10:00"}
    - {action: notify, target: a, text: after}
"""
    )
    rig.rules(rule)
    rig.gpi("ON")
    rig.go(300)
    rig.restart(rule)
    rig.go(299)
    assert rig.texts == ["before"]
    rig.go(1)
    assert rig.texts == ["before", "after"]
    assert rig.effects.kept == {}


def test_a_wait_ends_with_what_was_waited_for_at_the_same_modem(rig: Rig) -> None:
    act(
        rig,
        '{action: wait_for, triggers: [{trigger: disconnected}], timeout: "00:05:00"}',
        '{action: notify, target: a, text: "{{ result }}"}',
    )
    rig.lost(OTHER)
    rig.go(0)
    assert rig.texts == []
    rig.lost(MODEM)
    rig.go(0)
    assert rig.texts == ["fired"]


def test_a_wait_in_vain_ends_too(rig: Rig) -> None:
    act(
        rig,
        '{action: wait_for, triggers: [{trigger: disconnected}], timeout: "00:05:00"}',
        '{action: notify, target: a, text: "{{ result }}"}',
    )
    rig.go(300)
    assert rig.texts == ["timeout"]
    assert rig.engine.unfinished() == {}


def test_values_get_names(rig: Rig) -> None:
    act(
        rig,
        '{action: variables, values: {where: "{{ modem.name }}", times: 3}}',
        '{action: notify, target: a, text: "{{ where }} {{ times + 1 }}"}',
    )
    assert rig.texts == ["Котельная 5 4"]


def test_a_rule_that_takes_too_long_is_stopped_and_named(rig: Rig) -> None:
    inner = "{action: repeat, count: 100, actions: [{action: variables, values: {x: 1}}]}"
    act(rig, f"{{action: repeat, count: 100, actions: [{inner}]}}")
    assert rig.results() == ["failed"]
    assert "more than 1000 steps" in rig.engine.traces.of("r")[0]["error"]
