"""What a run knows of its moment, its modem and its rule."""

from datetime import timedelta
from typing import Any

import pytest

from irzhub.automation.burden import Burden
from irzhub.automation.conditions import CountCondition
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.rule import Rule
from irzhub.automation.run import Run, World, lag_since, render_values
from irzhub.automation.templates import TemplateFailed, Templates
from irzhub.automation.traces import Trace
from irzhub.automation.triggers import GpiTrigger
from tests.automation.rig import MODEM, START, ZONE, Rig


@pytest.fixture
def run() -> Run:
    rig = Rig()
    world = World(rig.states, rig.clock, Templates(ZONE), ZONE)
    rule = Rule(id="r", alias="Дверь", triggers=(GpiTrigger(id="door"),), actions=(), variables={"who": "дежурный"})
    data: dict[str, Any] = {"pin": 1, "level": "ON"}
    occurrence = Occurrence(kind="gpi_changed", ts=START, id="01K", modem=MODEM, data=data)
    return Run(world, rule, 0, occurrence, Trace(id="1", rule="r", ts=START, trigger=0, event={}), Burden(lambda: None))


def test_its_mode_is_counted_by_rule_and_modem(run: Run) -> None:
    assert run.key == ("r", MODEM)
    assert (run.trigger_id, run.subject) == ("door", f"{MODEM}/gpi/1")


def test_a_run_that_comes_late_asks_for_the_time_of_its_moment(run: Run) -> None:
    run.lag_s = 3600
    assert run.local_time() == (START - timedelta(hours=1)).astimezone(ZONE)


def test_templates_see_modem_trigger_rule_variables_and_the_fleet(run: Run) -> None:
    text = "{{ rule.name }} {{ modem.name }} {{ trigger.level }} {{ who }} {{ fleet.total }}"
    assert run.render(text) == "Дверь Котельная 5 ON дежурный 2"
    assert render_values(run, {"a": ["{{ who }}", 5, None]}) == {"a": ["дежурный", 5, None]}


def test_a_condition_that_fails_says_no_and_why(run: Run) -> None:
    assert run.is_true("{{ modem.csq is none }}")
    assert not run.is_true("{{ modem.speed > 5 }}")
    assert "speed" in run.trace.steps[0]["error"]
    with pytest.raises(TemplateFailed):
        run.render("{{ modem.speed }}")


def test_a_text_in_words_of_its_own_says_what_happened_where(run: Run) -> None:
    assert run.plain_text() == f"Дверь: Котельная 5 ({MODEM}): вход 1: вкл"
    run.occurrence = Occurrence(kind="time", ts=START, id="1")
    assert run.plain_text() == "Дверь: по расписанию"


def test_a_calendar_that_nobody_keeps_covers_nothing(run: Run) -> None:
    assert not run.is_within_calendar("праздники")


def test_modems_are_counted_once_for_thousands_who_ask(run: Run) -> None:
    world, condition = run.world, CountCondition(link=("offline",), above=0)
    assert run.count(condition) == 2
    world.states.update(MODEM, link="online")
    assert run.count(condition) == 2
    world.clock.go(0.3)  # type: ignore[attr-defined]  # the clock of the tests
    assert run.count(condition) == 1


@pytest.mark.parametrize(("due", "now", "lag"), [(10, 11, 0), (10, 12, 0), (10, 12.5, 2.5), (10, 5, 0)])
def test_what_is_late_as_all_computers_are_is_not_late(due: float, now: float, lag: float) -> None:
    assert lag_since(due, now) == lag
