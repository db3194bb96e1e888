"""Builds a mail: headers that nobody can add to, a plain and an HTML part, files."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from irzhub.api import Delivery, whole

from .page import build_page

_POLICY: Final = SMTP.clone(cte_type="7bit")
"""Lines end in CR LF; whatever is not ASCII is encoded, so that every server can carry it and no line is long."""
_SUBJECT_LENGTH: Final = 200
_TURNING: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Characters that turn the direction of writing: with one a name can look like another."""
_UNSEEN: Final = dict.fromkeys((*range(0x20), 0x7F, *range(0x80, 0xA0), *_TURNING, 0x2028, 0x2029))
_IN_LINE: Final = {**_UNSEEN, **dict.fromkeys((0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), " ")}
_IN_TEXT: Final = {**_UNSEEN, 0x09: "\t", 0x0A: "\n", 0x2028: "\n", 0x2029: "\n"}
_NAME_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the mailbox's address (ASCII) and the name beside it."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on its way: the addresses of the envelope and the bytes between DATA and the dot."""

    sender: str
    recipient: str
    content: bytes


def message_id(delivery_id: str, sender: str) -> str:
    """Return the Message-ID of a delivery: the same in every attempt, so that mailboxes drop repeats."""
    return f"<{delivery_id}@{sender.rpartition('@')[2]}>"


def build_letter(delivery: Delivery, sender: Sender, recipient: str, now: datetime) -> Letter:
    """Return the mail for a delivery.

    Args:
        delivery: what is to be told.
        sender: who writes.
        recipient: a checked address.
        now: when it is written (aware).
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(in_line(sender.name, _NAME_LENGTH), addr_spec=sender.address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = in_line(delivery.subject or delivery.text, _SUBJECT_LENGTH)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(delivery.id, sender.address)
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence note comes back (RFC 3834)
    if delivery.urgency == "now":
        message["Importance"] = "high"
    _set_text(message, in_text(delivery.text), "plain")
    page = build_page(delivery) if delivery.html is None else delivery.html
    message.add_alternative(in_text(page), subtype="html", cte="base64")
    for attachment in delivery.attachments:
        kind, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content,
            maintype=kind or "application",
            subtype=subtype or "octet-stream",
            filename=in_line(attachment.name, _NAME_LENGTH),
        )
    return Letter(sender.address, recipient, message.as_bytes())


def in_line(text: str, longest: int) -> str:
    """Return a text fit for a header: one line, at most `longest` characters, nothing that cannot be seen."""
    # What looks like an encoded word (RFC 2047) is taken apart: the library would decode it, and write a line end
    # that was in it as one, so that a subject of the outside could add headers.
    line = " ".join(whole(text).translate(_IN_LINE).replace("=?", "= ?").split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def in_text(text: str) -> str:
    """Return a text fit for a body: its lines as they were, nothing that cannot be seen."""
    lines = whole(text).replace("\r\n", "\n").replace("\r", "\n")
    return lines.translate(_IN_TEXT).rstrip("\n") + "\n"


def _set_text(message: EmailMessage, text: str, subtype: str) -> None:
    message.set_content(text, subtype=subtype, cte="quoted-printable" if text.isascii() else "base64")
