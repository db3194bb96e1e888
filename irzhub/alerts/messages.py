"""What somebody wants people to be told; the outbox decides when, how often and on which way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from irzhub.core.services import Channel

Severity: TypeAlias = Literal["info", "warning", "alarm"]
"""From a note to what wakes people: `Внимание` and `Авария` on the page are `warning` and `alarm`."""

DAMP_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address on one channel.

    Args:
        channel: by which way. address: a phone number with `+`, a mail address, a chat id, a URL's name, a topic.
        contact: the contact of the directory that it belongs to, empty for an address written in a rule.
    """

    channel: Channel
    address: str
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that one rule has to say about one subject.

    Args:
        rule: id of the automation or of the notification setting that says it; part of the dedupe key.
        subject: what it is about: a modem id, `<modem>/gpi/<pin>`, or `hub/<part>`; repeats about it are damped.
        event_id: ULID of the event behind it; with rule and recipient it makes a message unique for ever.
        targets: names of contacts, teams or duty rosters; recipients: addresses beside them.
        channels: only these of a target's addresses are used; empty: as the contact wants it.
        title, text: what is said; title is the subject line of a mail.
        damp_s: how long repeats about the subject are folded into one follow-up; 0: never.
        incident: number of the incident that it belongs to, None when there is none.
        closes: it says that something is over: it leaves only for those who were told that it began.
    """

    rule: str
    subject: str
    event_id: str
    ts: datetime
    text: str
    title: str = ""
    severity: Severity = "warning"
    modem: str | None = None
    targets: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    channels: tuple[Channel, ...] = ()
    damp_s: float = DAMP_S
    incident: int | None = None
    closes: bool = False
    expires_at: datetime | None = None
    event: dict[str, Any] = field(default_factory=dict)
