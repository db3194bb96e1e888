"""What the outbox asks of the directory, of the budgets and of the incidents, no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from irzhub.alerts.messages import Message, Recipient


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a message reaches: addresses, ladders that begin to climb, and names that mean nobody."""

    recipients: tuple[Recipient, ...]
    ladders: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Directory(Protocol):
    """Whom names mean, and how people want to be told."""

    def reach(self, message: Message, now: datetime) -> Reached:
        """Return whom a message is for, each address once."""

    def held_until(self, recipient: Recipient, severity: str, now: datetime) -> datetime | None:
        """Return until when a message waits for quiet hours or a digest, None: it may leave."""

    def language(self, contact: str) -> str:
        """Return the language of a contact; that of the hub for none."""

    def fallback(self, recipient: Recipient) -> Recipient | None:
        """Return the next way to the same person, None when there is none."""

    def report_to(self, now: datetime) -> Sequence[Recipient]:
        """Return the mail addresses that hear of the hub itself."""


class Incidents(Protocol):
    """What the outbox asks of the incidents."""

    def root_of(self, incident: int, /) -> int:
        """Return the incident that names the common cause; itself when there is none."""

    def is_open(self, incident: int, /) -> bool:
        """Say whether it goes on."""

    def is_acknowledged(self, incident: int, /) -> bool:
        """Say whether somebody has it in hand."""

    def is_silenced(self, incident: int, /) -> bool:
        """Say whether nobody is to be told of it for now: people want it so, or there is work on it."""


class NoIncidents:
    """No incident has a common cause, none is known."""

    def root_of(self, incident: int) -> int:
        return incident

    def is_open(self, _incident: int) -> bool:
        return True

    def is_acknowledged(self, _incident: int) -> bool:
        return False

    def is_silenced(self, _incident: int) -> bool:
        return False
