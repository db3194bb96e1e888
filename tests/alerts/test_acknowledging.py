"""Acknowledging by SMS and what a message says of it."""

import logging
from dataclasses import dataclass, field

import pytest

from irzhub.alerts.ack_links import AckLinks
from irzhub.alerts.acknowledging import Invitation, Replies
from irzhub.alerts.incident_desk import NotOpen
from irzhub.alerts.messages import Message, Recipient
from irzhub.core.events import SmsReceived
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, NOW

LINKS = AckLinks(b"k" * 32)


@dataclass
class Desk:
    """Incidents 17 and 18 are open, told to the duty's number."""

    open_: set[int] = field(default_factory=lambda: {17, 18})
    taken: list[tuple[int, str, str]] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)

    def acknowledge(self, number: int, by: str, note: str) -> None:
        if number not in self.open_:
            raise NotOpen
        self.taken.append((number, by, note))

    def contact_of_number(self, number: str) -> str | None:
        return "дежурный" if number == DUTY.address else None

    def language(self, contact: str) -> str:
        return "ru"

    @property
    def replies(self) -> Replies:
        return Replies(self.acknowledge, self, lambda number: self.open_, self.said.append)


def sms(text: str, number: str = DUTY.address, modem: str | None = None) -> SmsReceived:
    return SmsReceived(ts=NOW, id="01E", number=number, text=text, modem=modem)


@pytest.mark.parametrize(
    ("text", "open_", "taken", "answer"),
    [
        ("OK 17", {17, 18}, [17], "Принято: тревога 17 за вами."),
        ("ок", {18}, [18], "Принято: тревога 18 за вами."),
        ("ок", {17, 18}, [], "Какую тревогу? Ответьте OK и номер: 17, 18"),
        ("ок", set(), [], "Открытых тревог для вас нет."),
        ("OK 99", {17}, [], "Тревога 99 уже закрыта или такой нет."),
    ],
)
def test_a_reply_of_a_contact_takes_the_incident_and_is_answered(
    text: str, open_: set[int], taken: list[int], answer: str
) -> None:
    desk = Desk(open_)
    event = sms(text)

    assert desk.replies.wants(event)
    desk.replies.take(event)

    assert desk.taken == [(number, "дежурный", "SMS") for number in taken]
    assert [(each.text, each.recipients, each.incident) for each in desk.said] == [
        (answer, (Recipient("sms", DUTY.address, "дежурный"),), None)
    ]


def test_strangers_modems_and_other_texts_take_nothing(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    with caplog.at_level(logging.WARNING):
        wanted = [
            desk.replies.wants(sms("OK 17", "+70000000000")),
            desk.replies.wants(sms("OK 17", modem="868441036775234")),
            desk.replies.wants(sms("Баланс 17 р.")),
        ]
    desk.replies.take(sms("OK 17", "+70000000000"))

    assert (wanted, desk.taken, desk.said) == ([False] * 3, [], [])
    assert "no contact's number" in caplog.text


@pytest.mark.parametrize(
    ("recipient", "url", "footer"),
    [
        (DUTY, None, "\nПринять: OK 17"),
        (Recipient("sms", "+70000000000"), None, ""),  # whose reply nobody would believe
        (DUTY_MAIL, None, ""),
        (DUTY_MAIL, "https://hub.example.ru/", "\n\nПринять: https://hub.example.ru/ack/"),
        (Recipient("call", DUTY.address, "дежурный"), "https://hub.example.ru", ""),
    ],
)
def test_a_message_says_how_it_is_acknowledged(recipient: Recipient, url: str | None, footer: str) -> None:
    invitation = Invitation(links=LINKS, language_of=lambda contact: "ru", link_url=url, link_lasts_s=60)

    made = invitation.footer(17, recipient, NOW)

    assert made.startswith(footer)
    if url is not None and footer:
        assert LINKS.read(made.rpartition("/")[2], NOW).contact == "дежурный"
    else:
        assert made == footer
