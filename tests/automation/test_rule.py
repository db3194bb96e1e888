"""A rule says what people call it."""

from irzhub.automation.actions import StopAction
from irzhub.automation.rule import Rule
from irzhub.automation.triggers import ConnectedTrigger


def test_a_rule_is_called_by_its_alias_and_without_one_by_its_id() -> None:
    assert Rule(id="door", triggers=(), actions=(), alias="Дверь").name == "Дверь"
    assert Rule(id="door", triggers=(), actions=()).name == "door"


def test_rules_that_say_the_same_are_equal() -> None:
    one, two = (Rule(id="r", triggers=(ConnectedTrigger(for_s=5.0),), actions=()) for _ in range(2))
    assert one == two


def test_a_rule_whose_actions_are_others_has_another_mark() -> None:
    stop, other = StopAction(), StopAction(reason="x")
    marks = [Rule(id=id_, triggers=(), actions=(each,)).mark for id_, each in (("a", stop), ("b", stop), ("a", other))]
    assert marks[0] == marks[1] != marks[2]
