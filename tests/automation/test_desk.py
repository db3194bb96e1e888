"""What others may ask of automations; a refusal says all that is wrong."""

from irzhub.automation.desk import AutomationDesk, RulesRefused
from irzhub.automation.part import Automations
from irzhub.config.tree import Place, Problem


def test_a_refusal_says_all_that_is_wrong() -> None:
    problems = tuple(Problem(Place("automations.yaml", line), (), "wrong") for line in (1, 2))
    assert str(RulesRefused(problems)) == "automations.yaml, line 1: wrong\nautomations.yaml, line 2: wrong"
    assert RulesRefused(problems).problems == problems


def test_the_part_of_the_hub_is_such_a_desk() -> None:
    desk: type[AutomationDesk] = Automations
    names = [name for name in vars(AutomationDesk) if not name.startswith("_")]
    assert len(names) > 10
    assert [name for name in names if not callable(getattr(desk, name, None))] == []
