"""Signs what the hub sends, so that its receiver knows from whom it is and that nobody has kept it for later."""

import hashlib
import hmac
import re
from typing import Final

TIMESTAMP_HEADER: Final = "X-Irzhub-Timestamp"
SIGNATURE_HEADER: Final = "X-Irzhub-Signature"
FRESH_FOR_S: Final = 300
"""For so long a receiver should take a signature; the clock of either side may be wrong by as much."""
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


def sign(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that prove a body: its time in Unix seconds, and HMAC-SHA256 over `<time>.<body>`.

    Args:
        secret: what only the hub and the receiver know.
        timestamp: when it is sent, Unix seconds.
        body: the bytes as they are sent.
    """
    return {TIMESTAMP_HEADER: str(timestamp), SIGNATURE_HEADER: f"sha256={_digest(secret, str(timestamp), body)}"}


def is_signed(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Say whether a body was signed with `secret` not longer than five minutes ago, as its receiver should ask.

    Args:
        secret: what only the hub and the receiver know.
        timestamp: the header of the time, as it came.
        signature: the other header, as it came.
        body: the bytes as they came.
        now: Unix seconds.
    """
    if _TIMESTAMP.fullmatch(timestamp) is None or abs(now - int(timestamp)) > FRESH_FOR_S:
        return False
    expected = f"sha256={_digest(secret, timestamp, body)}"
    return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
