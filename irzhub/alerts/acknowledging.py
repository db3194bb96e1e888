"""How people say that they have an incident in hand: by a link, by an SMS, or through the interface."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from irzhub.alerts.ack_links import AckLinks
from irzhub.alerts.ack_replies import read_reply
from irzhub.alerts.incident_desk import NotOpen
from irzhub.alerts.messages import Message, Recipient
from irzhub.core.events import SmsReceived

_log = logging.getLogger(__name__)

RULE: Final = "hub/acknowledged"
_WORDS: Final = {
    "ru": {
        "done": "Принято: тревога {number} за вами.",
        "gone": "Тревога {number} уже закрыта или такой нет.",
        "which": "Какую тревогу? Ответьте OK и номер: {numbers}",
        "none": "Открытых тревог для вас нет.",
        "reply": "Принять: OK {number}",
        "link": "Принять: {url}",
    },
    "en": {
        "done": "Yours: alert {number}.",
        "gone": "Alert {number} is over, or there is none.",
        "which": "Which one? Reply OK and a number: {numbers}",
        "none": "No open alert was told to you.",
        "reply": "To take it: OK {number}",
        "link": "To take it: {url}",
    },
}


class Phonebook(Protocol):
    """Whose a number is, and which language people speak."""

    def contact_of_number(self, number: str) -> str | None:
        """Return the contact that a phone number belongs to, None for a stranger's."""

    def language(self, contact: str) -> str:
        """Return the language of a contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What stands below a message so that it can be acknowledged.

    Args:
        link_url: where people reach the hub's page, None: no links. link_lasts_s: how long each is good.
    """

    links: AckLinks
    language_of: Callable[[str], str]
    link_url: str | None
    link_lasts_s: float

    def footer(self, incident: int, recipient: Recipient, now: datetime) -> str:
        """Return the line below a message, empty where its way has no answer."""
        words = _words(self.language_of(recipient.contact))
        if recipient.channel == "sms":
            return "\n" + words["reply"].format(number=incident) if recipient.contact else ""
        if recipient.channel not in ("email", "telegram") or self.link_url is None:
            return ""
        whose = recipient.contact or recipient.address
        secret = self.links.make(incident, whose[:64], now, self.link_lasts_s)
        return "\n\n" + words["link"].format(url=f"{self.link_url.rstrip('/')}/ack/{secret}")


@dataclass(frozen=True, slots=True)
class Replies:
    """Takes SMS that acknowledge; only a known contact's number can.

    Args:
        acknowledge: notes that somebody has an incident in hand; raises `NotOpen` where none of that number is open.
        told_by_sms: returns the open incidents that a number was told of and nobody has in hand.
        tell: answers whoever replied.
    """

    acknowledge: Callable[[int, str, str], object]
    phonebook: Phonebook
    told_by_sms: Callable[[str], Iterable[int]]
    tell: Callable[[Message], object]

    def wants(self, event: SmsReceived) -> bool:
        """Say whether an SMS is such a reply, of somebody who may."""
        if event.modem is not None or read_reply(event.text) is None:
            return False
        if self.phonebook.contact_of_number(event.number) is None:
            _log.warning("an SMS of %s would acknowledge, but that is no contact's number", event.number)
            return False
        return True

    def take(self, event: SmsReceived) -> None:
        """Do what a reply says, and answer it."""
        contact, number = self.phonebook.contact_of_number(event.number), read_reply(event.text)
        if contact is None or number is None:
            return
        words = _words(self.phonebook.language(contact))
        if number == 0:
            open_ = sorted(self.told_by_sms(event.number))
            if len(open_) != 1:
                shown = ", ".join(map(str, open_[:10]))
                self._answer(event, contact, words["which"].format(numbers=shown) if open_ else words["none"])
                return
            number = open_[0]
        try:
            self.acknowledge(number, contact, "SMS")
        except NotOpen:
            self._answer(event, contact, words["gone"].format(number=number))
        else:
            self._answer(event, contact, words["done"].format(number=number))

    def _answer(self, event: SmsReceived, contact: str, text: str) -> None:
        self.tell(
            Message(
                rule=RULE,
                subject=f"contact/{contact}",
                event_id=event.id,
                ts=event.ts,
                text=text,
                severity="alarm",  # no quiet hours: whoever answers is awake and waits
                recipients=(Recipient("sms", event.number, contact),),
                damp_s=0.0,
            )
        )


def _words(language: str) -> dict[str, str]:
    return _WORDS["ru" if language == "ru" else "en"]
