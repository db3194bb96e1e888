"""Actions are data; a message is for whom it says, unless that is looked up later."""

from irzhub.alerts.messages import DAMP_S
from irzhub.automation.actions import CommandAction, TellAction
from irzhub.automation.occurrence import Occurrence
from tests.automation.rig import START


def test_what_is_written_in_a_rule_is_told_as_it_is() -> None:
    action = TellAction(text="x", targets=("duty",))
    assert action.resolved(Occurrence(kind="time", ts=START, id="1")) is action
    assert action.damp_s == DAMP_S


def test_actions_that_say_the_same_are_equal() -> None:
    one, two = (CommandAction(command="ussd", args={"code": "*100#"}) for _ in range(2))
    assert one == two
    assert one != CommandAction(command="ussd", args={"code": "*101#"})
