"""From a message to its rows, and from a folded row back to one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox_texts import sms_parts
from irzhub.core.clock import format_time, parse_time
from irzhub.core.printable import printable, whole
from irzhub.core.ulid import ulid_behind
from irzhub.storage.outbox import OutboxRow

ESCALATION: Final = "escalation/"
"""How the rules of ladders begin."""
_TEXT_LIMIT: Final = 20_000
_KEPT: Final = (
    "channel",
    "address",
    "contact",
    "rule",
    "subject",
    "event_id",
    "modem",
    "severity",
    "title",
    "text",
    "event",
    "damp_s",
    "incident",
    "closes",
)


@dataclass(slots=True)
class RowIds:
    """Gives ids that sort in the order in which they were given, whatever the clock does."""

    last: str = ""

    def new(self, now: datetime) -> str:
        """Return a fresh ULID behind all that were given before."""
        self.last = ulid_behind(self.last, int(now.timestamp() * 1000))
        return self.last


def row_of(message: Message, recipient: Recipient, id_: str, now: datetime, keep_s: float) -> OutboxRow:
    """Return the row of a message for one of its recipients; it expires after `keep_s` unless it says otherwise."""
    text = whole(message.text).replace("\0", "")[:_TEXT_LIMIT]
    return OutboxRow(
        id=id_,
        created_at=now,
        channel=recipient.channel,
        address=whole(recipient.address)[:500],
        contact=whole(recipient.contact)[:64],
        rule=whole(message.rule)[:200],
        subject=whole(message.subject)[:200],
        event_id=message.event_id[:64],
        event_ts=message.ts,
        modem=message.modem,
        severity=message.severity,
        title=printable(whole(message.title))[:400],
        text=text,
        event=message.event,
        damp_s=message.damp_s,
        incident=message.incident,
        closes=message.closes,
        expires_at=message.expires_at or now + timedelta(seconds=keep_s),
        parts=sms_parts(text) if recipient.channel == "sms" else 1,
    )


def prototype(row: OutboxRow) -> dict[str, Any]:
    """Return what a row says and to whom, as JSON."""
    return {**{name: getattr(row, name) for name in _KEPT}, "event_ts": format_time(row.event_ts)}


def row_from(kept: dict[str, Any], id_: str, now: datetime, keep_s: float) -> OutboxRow:
    """Return a new row that says what `prototype` kept."""
    values: dict[str, Any] = {name: kept[name] for name in _KEPT}
    return OutboxRow(
        id=id_,
        created_at=now,
        event_ts=parse_time(str(kept["event_ts"])),
        expires_at=now + timedelta(seconds=keep_s),
        parts=sms_parts(values["text"]) if values["channel"] == "sms" else 1,
        **values,
    )


def recipient_of(row: OutboxRow) -> Recipient:
    """Return to whom a row goes."""
    return Recipient(row.channel, row.address, row.contact)  # type: ignore[arg-type]
