"""The keys by which messages are known again: what was told, and what is one matter for one recipient."""

import hashlib

from irzhub.alerts.messages import Recipient


def told_key(event_id: str, rule: str, recipient: Recipient) -> str:
    """Return the key that makes a message unique for ever: event, rule and recipient."""
    return _digest(event_id, rule, recipient.channel, recipient.address)


def damping_key(rule: str, subject: str, recipient: Recipient) -> str:
    """Return the key of a window in which what a rule says of a subject to somebody is folded."""
    return _digest("damp", rule, subject, recipient.channel, recipient.address)


def _digest(*parts: str) -> str:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).hexdigest()
