"""Which messages become rows: told once, damped, one for many rules of one incident."""

from typing import Any

import pytest

from irzhub.alerts.messages import Recipient
from irzhub.alerts.outbox_book import Told
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, NOW, Book, Cases, HandClock, depart, message, new_book, tell


def nothing(_key: str) -> bool:
    return False


def test_each_recipient_gets_a_row_and_the_disk_learns_of_all() -> None:
    book = new_book()
    told = book.accept(message(), (DUTY, DUTY_MAIL), nothing, NOW)
    changes = book.take_changes()

    assert told == Told("queued", tuple(row.id for row in changes.rows))
    assert [(row.channel, row.state) for row in changes.rows] == [("sms", "waiting"), ("email", "waiting")]
    assert (len(changes.told), len(changes.damping)) == (2, 2)
    assert not book.take_changes()


def test_what_was_told_before_is_not_told_again() -> None:
    book = new_book()

    assert book.accept(message(), (DUTY,), lambda key: True, NOW) == Told("repeated")
    assert book.accept(message(), (), nothing, NOW) == Told("nobody")
    assert book.rows == {}


def test_a_modem_that_flaps_a_hundred_times_in_an_hour_makes_two_messages_with_a_count() -> None:
    book, clock, texts = new_book(), HandClock(), []
    for number in range(100):
        tell(book, message(number), clock.now())
        for _ in range(36):
            clock.turn(1)
            book.tick(clock.now())
        while (row := depart(book, clock.now())) is not None:
            texts.append(row.text)
    clock.turn(600)
    book.tick(clock.now())
    while (row := depart(book, clock.now())) is not None:
        texts.append(row.text)

    assert texts == ["Котельная 0: нет связи", "Котельная 99: нет связи\nВсего повторов за 1,2 ч: 99"]


def test_rules_that_speak_of_one_incident_tell_it_once() -> None:
    book = new_book(incidents=Cases(root={18: 17}))

    assert len(tell(book, message(1, incident=17), NOW)) == 1
    assert tell(book, message(2, rule="other", incident=17), NOW) == []
    assert tell(book, message(3, rule="other", subject="x", incident=18), NOW) == []
    assert len(tell(book, message(4, rule="escalation/тревога", incident=17), NOW)) == 1
    assert len(tell(book, message(5, rule="other", incident=19), NOW)) == 1


def test_five_hundred_modems_of_one_cause_make_one_message() -> None:
    book = new_book(incidents=Cases(root=dict.fromkeys(range(2, 502), 1)))

    rows = [
        row
        for number in range(1, 502)
        for row in tell(book, message(number, subject=f"modem{number}", incident=number), NOW)
    ]

    assert len(rows) == 1


def test_who_was_told_of_an_incident_is_known() -> None:
    book = new_book(incidents=Cases(root={18: 17}))
    tell(book, message(1, incident=18), NOW)

    assert list(book.told_of(17)) == [("sms", DUTY.address, False)]
    assert book.incidents_told(lambda channel, address: address == DUTY.address) == [17]
    assert book.incidents_told(lambda channel, address: channel == "email") == []
    assert (book.knows_incident(17), book.knows_incident(19)) == (True, False)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"incident": 17}, "Котельная 1: нет связи OK 17"),
        ({"incident": 18}, "Котельная 1: нет связи OK 18"),
        ({"incident": 17, "closes": True}, "Котельная 1: нет связи"),
        ({"incident": 17, "severity": "info"}, "Котельная 1: нет связи"),
        ({}, "Котельная 1: нет связи"),
    ],
)
def test_only_what_can_be_acknowledged_says_how(changes: dict[str, Any], text: str) -> None:
    book = new_book(incidents=Cases(root={18: 17}))
    book.footer = lambda told, recipient, now: f" OK {told.incident}"

    assert [row.text for row in tell(book, message(**changes), NOW)] == [text]


def test_an_earlier_life_goes_on_and_what_was_being_sent_is_in_doubt() -> None:
    before = new_book()
    first, second = tell(before, message(1, damp_s=0), NOW)[0], tell(before, message(2, damp_s=0), NOW)[0]
    assert depart(before, NOW, status="later") is first
    assert before.take("sms", NOW) is second
    rows = before.take_changes().rows

    after = new_book()
    after.restore(rows, (), NOW)

    states = {row.id: (row.state, row.may_repeat) for row in after.rows.values()}
    assert states == {first.id: ("waiting", False), second.id: ("unknown", True)}
    assert after.ids.new(NOW) > second.id


def test_people_cancel_and_try_again() -> None:
    book = new_book(directory=Book(next_way={}))
    row = tell(book, message(), NOW)[0]

    book.cancel(row.id, NOW, "anna")
    assert book.take("sms", NOW) is None
    book.take_changes()
    assert book.rows == {}
    book.retry(row, NOW, "anna")
    assert book.take("sms", NOW) is row


def test_other_recipients_of_one_message_do_not_damp_each_other() -> None:
    book = new_book(directory=Book(targets={"duty": (DUTY, Recipient("sms", "+7000"))}))

    assert len(tell(book, message(), NOW)) == 2
