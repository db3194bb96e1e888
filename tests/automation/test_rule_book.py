"""Rules of several sources, and which of them run."""

import dataclasses

import pytest

from irzhub.automation.actions import CommandAction, RepeatAction, TellAction, WaitAction
from irzhub.automation.rule import Rule
from irzhub.automation.rule_book import RuleBook, triggers_of, walk
from irzhub.automation.triggers import ConnectedTrigger, MqttTrigger

TELL = TellAction(text="x")
RULE = Rule(id="r", triggers=(ConnectedTrigger(),), actions=(TELL,))
PUMP = Rule(id="pump", triggers=(MqttTrigger(topic="scada/#"),), actions=(CommandAction(command="signal"),))


def test_what_is_gone_and_what_is_another_is_returned_and_what_stays_is_the_same_object() -> None:
    book = RuleBook()
    book.set("file", [RULE, PUMP])
    again = dataclasses.replace(RULE)
    changed = dataclasses.replace(PUMP, mode="restart")

    gone = book.set("file", [again, changed])

    assert gone == [PUMP]
    assert book.get("r") is RULE
    assert book.get("pump") is changed


def test_each_source_has_its_own_and_no_id_twice() -> None:
    book = RuleBook()
    book.set("file", [RULE])
    book.set("notifications", [dataclasses.replace(PUMP, source="notifications")])
    assert [rule.id for rule in book] == ["r", "pump"]
    assert book.set("notifications", []) == [dataclasses.replace(PUMP, source="notifications")]
    with pytest.raises(ValueError, match="an id of its own"):
        book.set("notifications", [dataclasses.replace(RULE, source="notifications")])
    with pytest.raises(ValueError, match="an id of its own"):
        book.set("file", [RULE, RULE])
    with pytest.raises(ValueError, match="of another"):
        book.set("notifications", [PUMP])


@pytest.mark.parametrize(
    ("is_enabled", "disabled", "enabled", "runs"),
    [(True, [], [], True), (True, ["r"], [], False), (False, [], [], False), (False, [], ["r"], True)],
)
def test_people_have_the_last_word(is_enabled: bool, disabled: list[str], enabled: list[str], runs: bool) -> None:
    book = RuleBook(frozenset(disabled), frozenset(enabled))
    book.set("file", [dataclasses.replace(RULE, is_enabled=is_enabled)])
    assert [rule.id for rule in book.active()] == (["r"] if runs else [])


def test_what_is_inside_actions_is_found() -> None:
    wait = WaitAction(triggers=(MqttTrigger(topic="scada/ready"),))
    rule = Rule(id="r", triggers=(ConnectedTrigger(),), actions=(RepeatAction(actions=(TELL, wait), count=2),))
    book = RuleBook()
    book.set("file", [rule])

    assert [type(each).__name__ for each in walk(rule.actions)] == ["RepeatAction", "TellAction", "WaitAction"]
    assert [type(each).__name__ for each in triggers_of(rule)] == ["ConnectedTrigger", "MqttTrigger"]
    assert book.topic_filters() == {"scada/ready"}


def test_only_a_rule_that_does_something_to_modems_or_topics_can_set_itself_off() -> None:
    book = RuleBook()
    book.set("file", [RULE, PUMP])
    assert (book.acts("r"), book.acts("pump"), book.acts("nobody")) == (False, True, False)
    assert len(book) == 2
    assert "pump" in book
