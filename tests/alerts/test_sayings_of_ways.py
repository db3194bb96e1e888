"""What the ways to people really say is known: mail in each of its troubles, calls of other servers, the outbox."""

import re
from datetime import timedelta

import pytest

from integrations.smtp.services import SERVICES
from integrations.smtp.troubles import KINDS, MailTrouble
from irzhub.alerts.budgets import Budget
from irzhub.alerts.sayings import in_words, know
from irzhub.outbound.errors import TargetRefused
from irzhub.outbound.rules import Rules
from tests.alerts.outbox_rig import DUTY_MAIL, NOW, Book, depart, message, new_book, tell


def is_russian(text: str) -> bool:
    return re.search("[а-я]", in_words(text, "ru")) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_each_trouble_of_mail(kind: str) -> None:
    assert is_russian(str(MailTrouble(kind)))
    told = in_words(str(MailTrouble(kind, "550 5.1.1 no; such (user)")), "ru")
    assert told.endswith(" (550 5.1.1 no; such (user))")
    assert is_russian(told)


def test_what_users_of_mail_services_stumble_over() -> None:
    assert all(is_russian(service.hint) for service in SERVICES.values())


@pytest.mark.parametrize(
    ("address", "port", "is_plain"),
    [
        ("169.254.169.254", 443, False),
        ("224.0.0.1", 443, False),
        ("10.0.0.1", 443, False),
        ("8.8.8.8", 80, True),
        ("8.8.8.8", 25, False),
    ],
)
def test_each_rule_for_calls(address: str, port: int, is_plain: bool) -> None:
    with pytest.raises(TargetRefused) as refused:
        Rules(ports=frozenset({443})).check_address(address, port, is_plain=is_plain)
    assert is_russian(str(refused.value))
    assert is_russian(f"example.ru is not called: {refused.value}")


def test_the_outbox() -> None:
    book = new_book(Book(next_way={}), limits={"sms": Budget(per_recipient=1)}, group_after=9)
    _, over = (tell(book, message(number, subject=f"x{number}"), NOW)[0] for number in (1, 2))
    depart(book, NOW)
    depart(book, NOW)
    (late,) = tell(book, message(3, recipients=(DUTY_MAIL,), targets=()), NOW)
    book.look_at(late, late.expires_at + timedelta(seconds=1))

    assert [know(row.error or "").code for row in (over, late)] == ["out.over_budget", "out.expired"]  # type: ignore[union-attr]
