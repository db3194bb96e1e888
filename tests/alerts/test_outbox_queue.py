"""What waits: the most urgent and oldest first; storms of one rule are held back to be grouped."""

from datetime import datetime, timedelta

from irzhub.alerts.outbox_queue import Bursts, OutboxQueue
from irzhub.alerts.outbox_rows import row_of
from irzhub.storage.outbox import OutboxRow
from tests.alerts.outbox_rig import DUTY, NOW, message


def row(id_: str, severity: str = "warning", rule: str = "lost") -> OutboxRow:
    return row_of(message(severity=severity, rule=rule), DUTY, id_, NOW, 60)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_alarms_go_before_warnings_and_these_before_notes() -> None:
    queue = OutboxQueue()
    for id_, severity in (("1", "info"), ("2", "warning"), ("4", "alarm"), ("3", "alarm"), ("5", "warning")):
        queue.put(row(id_, severity))

    assert (queue.has("sms"), queue.has("email"), queue.channels()) == (True, False, ["sms"])
    assert [queue.pop("sms") for _ in range(6)] == ["3", "4", "2", "5", "1", None]


def test_what_becomes_due_comes_in_its_order() -> None:
    queue = OutboxQueue()
    for seconds, id_ in ((30, "b"), (10, "a"), (50, "c")):
        queue.look_at(row(id_), after(seconds))

    assert queue.next_due() == after(10)
    assert list(queue.due(after(30))) == ["a", "b"]
    assert queue.next_due() == after(50)


def test_only_fresh_rows_of_one_rule_and_recipient_may_be_said_in_one() -> None:
    queue = OutboxQueue()
    tried = row("4")
    tried.attempts = 1
    for each in (row("2"), row("1"), row("3", rule="door"), tried):
        queue.put(each)

    assert queue.mates(row("9")) == ["1", "2"]
    queue.remove(row("1"))
    assert queue.mates(row("9")) == ["2"]


def test_the_first_leave_at_once_and_each_wait_is_longer_while_the_storm_lasts() -> None:
    bursts = Bursts(after=2, within_s=5.0)

    held = [bursts.hold_until(row(str(number)), after(number / 100)) for number in range(4)]
    assert held == [None, None, after(5.02), after(5.02)]
    assert bursts.hold_until(row("5"), after(6)) == after(15.02)
    assert bursts.hold_until(row("6"), after(14)) == after(15.02)
    assert bursts.hold_until(row("7"), after(16)) == after(35.02)


def test_a_quiet_wait_ends_the_storm() -> None:
    bursts = Bursts(after=1, within_s=5.0)
    assert [bursts.hold_until(row(each), NOW) for each in "12"] == [None, after(5)]

    assert bursts.hold_until(row("3"), after(60)) is None


def test_rules_do_not_hold_back_each_other() -> None:
    bursts = Bursts(after=1, within_s=5.0)
    bursts.hold_until(row("1"), NOW)

    assert bursts.hold_until(row("2", rule="door"), NOW) is None
