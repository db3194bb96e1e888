"""How messages leave: retries, doubt, fallback, quiet hours, budgets, groups, ladders that stop."""

from datetime import timedelta
from typing import Any

import pytest

from irzhub.alerts.budgets import Budget
from irzhub.alerts.messages import Recipient
from irzhub.alerts.outbox_flow import BUDGET_RULE, OutboxFlow
from irzhub.storage.outbox import OutboxRow
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, NOW, Book, HandClock, depart, message, new_book, tell

CHIEF = Recipient("email", "chief@example.ru")


def lone(**changes: Any) -> tuple[OutboxFlow, HandClock, OutboxRow]:
    """Return a book with one message that nobody else is told of, and its clock."""
    book, clock = new_book(directory=Book(next_way={}), **changes), HandClock()
    return book, clock, tell(book, message(damp_s=0), NOW)[0]


def attempts(book: OutboxFlow, clock: HandClock, status: str, until_s: float) -> list[int]:
    """Let time pass; return when the one message was tried, in seconds, each attempt ending with `status`."""
    tried = []
    while (clock.now() - NOW).total_seconds() < until_s:
        book.tick(clock.now())
        if depart(book, clock.now(), status=status) is not None:
            tried.append(int((clock.now() - NOW).total_seconds()))
        clock.turn(1)
    return tried


def test_what_cannot_leave_now_is_tried_again_and_again_until_it_expires() -> None:
    book, clock, row = lone(keep_s=3600)

    assert attempts(book, clock, "later", 4000) == [0, 10, 40, 100, 220, 520, 1420, 2320, 3220]
    assert row.state == "expired"
    assert [step["step"] for step in row.log][-2:] == ["postpone", "expire"]


def test_an_sms_of_unknown_end_is_repeated_once_and_marked() -> None:
    book, clock, row = lone()

    assert attempts(book, clock, "unknown", 600) == [0, 120]
    assert (row.state, row.may_repeat, row.finished_at is not None) == ("unknown", True, True)


def test_what_is_refused_is_never_tried_again() -> None:
    book, clock, row = lone()

    assert attempts(book, clock, "refused", 600) == [0]
    assert row.state == "failed"


def test_a_receiver_may_ask_for_a_pause() -> None:
    book, _, row = lone()
    depart(book, NOW, status="later", retry_after_s=90.0)
    assert row.not_before == NOW + timedelta(seconds=90)

    row.not_before = None
    book.queue.put(row)
    depart(book, NOW, status="later", retry_after_s=1e9)
    assert row.not_before == NOW + timedelta(hours=1)


def test_mail_takes_over_after_three_minutes_without_an_sms_modem() -> None:
    book, clock = new_book(), HandClock()
    tell(book, message(), NOW)
    clock.turn(179)
    book.tick(clock.now())
    assert depart(book, clock.now(), "email") is None

    clock.turn(1)
    book.tick(clock.now())
    mail = depart(book, clock.now(), "email")
    assert mail is not None
    assert (mail.address, mail.text, mail.fallback_of) == (DUTY_MAIL.address, "Котельная 1: нет связи", row_id(book))
    clock.turn(600)
    book.tick(clock.now())
    assert depart(book, clock.now(), "email") is None, "once"


def row_id(book: OutboxFlow) -> str:
    return next(row.id for row in book.rows.values() if row.channel == "sms")


@pytest.mark.parametrize("why", ["the channel lives", "a note", "told by mail too", "no other way"])
def test_no_other_way_is_taken_without_need(why: str) -> None:
    directory, changes = Book(), dict[str, Any]()
    if why == "told by mail too":
        directory.targets["duty"] = (DUTY, DUTY_MAIL)
    if why == "a note":
        changes["severity"] = "info"
    if why == "no other way":
        directory.next_way.clear()
    book = new_book(directory)
    tell(book, message(**changes), NOW)
    if why == "told by mail too":
        assert depart(book, NOW, "email") is not None
    if why == "the channel lives":
        tell(book, message(2, subject="x", severity="alarm"), NOW)
        assert depart(book, NOW + timedelta(seconds=100)) is not None

    book.tick(NOW + timedelta(seconds=181))

    assert depart(book, NOW + timedelta(seconds=181), "email") is None


def test_a_refused_sms_becomes_a_mail_at_once() -> None:
    book = new_book()
    tell(book, message(), NOW)
    depart(book, NOW, status="refused")

    mail = depart(book, NOW, "email")
    assert mail is not None
    assert mail.address == DUTY_MAIL.address


def test_quiet_hours_hold_what_can_wait_and_release_it_as_one() -> None:
    book = new_book(Book(quiet_until=NOW + timedelta(hours=8)))
    for number in range(1, 4):
        tell(book, message(number, subject=f"x{number}"), NOW)
        assert depart(book, NOW) is None
    tell(book, message(9, severity="alarm", subject="y"), NOW)
    alarm = depart(book, NOW)
    assert alarm is not None
    assert alarm.text.startswith("Котельная 9")

    morning = NOW + timedelta(hours=8)
    book.tick(morning)
    row = depart(book, morning)
    assert row is not None
    assert (row.count, row.text.splitlines()[0]) == (3, "Котельная 1: нет связи")
    assert depart(book, morning) is None


def test_a_spent_budget_is_told_once_a_day_by_mail_and_alarms_go_another_way() -> None:
    book = new_book(Book(next_way={}), limits={"sms": Budget(per_channel=2)}, group_after=99)
    for number in range(1, 7):
        tell(book, message(number, subject=f"x{number}"), NOW)
    sent = [row for _ in range(9) if (row := depart(book, NOW)) is not None]
    mails = [row for _ in range(9) if (row := depart(book, NOW, "email")) is not None]

    assert (len(sent), [(mail.rule, mail.address) for mail in mails]) == (1, [(BUDGET_RULE, CHIEF.address)])
    assert sorted(row.state for row in book.take_changes().rows if row.channel == "sms") == ["over_budget"] * 5 + [
        "sent"
    ]

    with_way = new_book(limits={"sms": Budget(per_recipient=1)})
    tell(with_way, message(1, subject="a", severity="alarm"), NOW)
    tell(with_way, message(2, subject="b", severity="alarm"), NOW)
    assert depart(with_way, NOW) is not None
    assert depart(with_way, NOW) is None
    texts = {row.text for _ in range(9) if (row := depart(with_way, NOW, "email")) is not None}
    assert "Котельная 2: нет связи" in texts


def test_a_storm_leaves_in_few_messages_that_name_all() -> None:
    book, clock = new_book(), HandClock()
    for number in range(1, 101):
        tell(book, message(number, subject=f"x{number}"), NOW)
    sent = []
    for _ in range(120):
        book.tick(clock.now())
        while (row := depart(book, clock.now())) is not None:
            sent.append(row.count)
        clock.turn(1)

    assert (sum(sent), len(sent) <= 4) == (100, True)


def test_a_channel_that_was_away_says_it_in_one() -> None:
    book = new_book(Book(next_way={}))
    for number in range(1, 6):
        tell(book, message(number, subject=f"x{number}"), NOW)

    book.tick(NOW + timedelta(minutes=1))
    row = depart(book, NOW + timedelta(minutes=1))
    assert row is not None
    assert row.count == 5


def test_once_somebody_has_it_in_hand_ladders_say_nothing_more() -> None:
    book = new_book()
    tell(book, message(1, incident=17), NOW)
    rung = tell(book, message(2, rule="escalation/тревога", incident=17, damp_s=0), NOW)[0]
    other = tell(book, message(3, rule="escalation/тревога", incident=18, damp_s=0), NOW)[0]

    book.stop_ladder(17, NOW)

    assert (rung.state, other.state) == ("cancelled", "waiting")


def test_many_at_once_do_not_spend_more_than_the_budget() -> None:
    book, clock = new_book(limits={"sms": Budget(per_recipient=3)}, group_after=100), HandClock()
    for number in range(8):
        tell(book, message(number, damp_s=0, severity="alarm", subject=f"modem {number}"), NOW)

    under_way = [row for _ in range(8) if (row := book.take("sms", clock.now())) is not None]

    assert len(under_way) == 3
