"""What has to last is kept over a restart, and given up when the state goes back."""

from irzhub.core.events import ModemDeleted
from tests.automation.rig import MODEM, OTHER, Rig

RULE = """
- id: r
  triggers: [{trigger: disconnected, for: "00:10:00"}]
  actions: [{action: notify, target: duty, text: "{{ modem.id }}"}]
"""


def test_each_modem_is_waited_for_by_itself() -> None:
    rig = Rig()
    rig.rules(RULE)

    rig.lost(MODEM)
    rig.go(300)
    rig.lost(OTHER)
    rig.go(300)
    assert rig.texts == [MODEM]
    rig.back(OTHER)
    rig.go(600)

    assert rig.texts == [MODEM]


def test_the_first_loss_counts_not_the_last() -> None:
    rig = Rig()
    rig.rules(RULE)
    rig.lost()
    rig.go(500)
    rig.lost()
    rig.go(100)
    assert rig.texts == [MODEM]


def test_a_restart_in_between_costs_nothing() -> None:
    rig = Rig()
    rig.rules(RULE)
    rig.lost()
    rig.go(300)

    rig.restart(RULE)
    rig.go(299)
    assert rig.texts == []
    rig.go(1)
    assert rig.texts == [MODEM]
    assert rig.effects.kept == {}


def test_what_became_due_while_the_hub_was_away_is_done_at_once() -> None:
    rig = Rig()
    rig.rules(RULE)
    rig.lost()
    rig.clock.go(7200)

    rig.restart(RULE)
    rig.go(0)

    assert rig.texts == [MODEM]


def test_an_event_may_be_forgotten_once_its_wait_is_kept() -> None:
    rig = Rig()
    rig.effects.is_slow = True
    rig.rules(RULE)
    rig.lost()
    assert rig.settled == []
    rig.effects.finish()
    assert rig.settled == [1]


def test_a_deleted_modem_is_waited_for_no_more() -> None:
    rig = Rig()
    rig.rules(RULE)
    rig.lost()
    rig.take(ModemDeleted(**rig.common(), port=1, keeps_port=False, is_blocked=False, by="анна"))
    rig.go(600)
    assert rig.texts == []
    assert rig.effects.kept == {}


def test_a_rule_that_is_another_now_waits_anew_and_one_that_only_says_something_else_goes_on() -> None:
    rig = Rig()
    rig.rules(RULE)
    rig.lost()
    rig.rules(RULE.replace("{{ modem.id }}", "нет связи"))
    rig.go(600)
    assert rig.texts == ["нет связи"]

    rig.lost()
    rig.rules(RULE.replace("00:10:00", "00:20:00"))
    rig.go(1200)
    assert len(rig.texts) == 1
    assert rig.effects.kept == {}


def test_waits_are_counted_by_rule() -> None:
    rig = Rig()
    rig.rules(RULE)
    rig.lost(MODEM)
    rig.lost(OTHER)
    assert rig.engine.unfinished() == {"r": 2}
