"""What is planned is done in order of time, and what was called off is not."""

from irzhub.automation.agenda import Agenda


def test_what_is_due_is_done_in_order_and_equal_times_keep_theirs() -> None:
    agenda, done = Agenda(), list[str]()
    agenda.at(3, lambda: done.append("third"))
    agenda.at(1, lambda: done.append("first"))
    agenda.at(1, lambda: done.append("second"))

    assert agenda.next_due() == 1
    assert agenda.run_until(2) == 2
    assert done == ["first", "second"]
    assert agenda.next_due() == 3


def test_what_is_planned_while_something_is_done_is_done_too_when_it_is_due() -> None:
    agenda, done = Agenda(), list[str]()

    def plan_more() -> None:
        done.append("a")
        agenda.at(1, lambda: done.append("b"))

    agenda.at(1, plan_more)

    agenda.run_until(1)

    assert done == ["a", "b"]


def test_what_was_called_off_leaves_nothing() -> None:
    agenda = Agenda()
    entries = [agenda.at(number, lambda: None) for number in range(1000)]
    for entry in entries[1:]:
        entry.cancel()
        entry.cancel()

    assert len(agenda) == 1
    assert agenda.run_until(2000) == 1
    assert agenda.next_due() is None


def test_only_what_is_due_before_all_else_wakes() -> None:
    woken = list[int]()
    agenda = Agenda(lambda: woken.append(len(agenda)))

    agenda.at(10, lambda: None)
    agenda.at(20, lambda: None)
    agenda.at(5, lambda: None)

    assert woken == [1, 3]


def test_no_more_is_done_than_was_asked_for() -> None:
    agenda = Agenda()
    for _ in range(5):
        agenda.at(1, lambda: None)
    assert (agenda.run_until(1, limit=2), len(agenda)) == (2, 3)
