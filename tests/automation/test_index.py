"""Triggers are found by the narrowest thing that they name, each once."""

import pytest

from irzhub.automation.index import TriggerIndex, concerns
from irzhub.automation.rule import Rule
from irzhub.automation.triggers import ConnectedTrigger, DisconnectedTrigger, Trigger, kinds_of
from irzhub.core.state import ModemState
from tests.automation.rig import MODEM, OTHER

STATE = ModemState(modem=MODEM, imei=MODEM, group="Север/Котельные", organisation="teplo")


def find(trigger: Trigger, modem: str | None = MODEM, state: ModemState | None = STATE) -> int:
    index = TriggerIndex()
    index.add(kinds_of(trigger), (Rule(id="r", triggers=(trigger,), actions=()), 0))
    return len(list(index.find("connected", modem, state)))


@pytest.mark.parametrize(
    ("trigger", "found"),
    [
        (ConnectedTrigger(), 1),
        (DisconnectedTrigger(), 0),
        (ConnectedTrigger(modem=(OTHER, MODEM, MODEM)), 1),
        (ConnectedTrigger(modem=(OTHER,)), 0),
        (ConnectedTrigger(group=("Север", "Север/Котельные")), 1),
        (ConnectedTrigger(group=("Юг",)), 0),
        (ConnectedTrigger(organisation=("teplo",)), 1),
        (ConnectedTrigger(organisation=("voda",)), 0),
        (ConnectedTrigger(modem=(MODEM,), group=("Юг",)), 0),
        (ConnectedTrigger(modem=(MODEM,), organisation=("teplo",)), 1),
    ],
)
def test_whom_a_trigger_concerns(trigger: Trigger, found: int) -> None:
    assert find(trigger) == found


def test_a_modem_that_nobody_knows_has_no_group() -> None:
    assert find(ConnectedTrigger(), OTHER, None) == 1
    assert find(ConnectedTrigger(group=("Север",)), OTHER, None) == 0
    assert find(ConnectedTrigger(modem=(OTHER,)), OTHER, None) == 1


def test_what_is_not_about_a_modem_concerns_only_who_names_none() -> None:
    assert concerns(ConnectedTrigger(), None, None)
    assert not concerns(ConnectedTrigger(modem=(MODEM,)), None, None)


def test_the_index_knows_which_kinds_anybody_waits_for() -> None:
    index = TriggerIndex()
    index.add(("connected",), (Rule(id="r", triggers=(ConnectedTrigger(),), actions=()), 0))
    assert "connected" in index
    assert "disconnected" not in index
    assert list(index.find("disconnected", MODEM, STATE)) == []
