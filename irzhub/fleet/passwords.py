"""The modem's password as it is kept and as the relay judges it: never in clear, except one set for all."""

import hashlib
import secrets
from typing import Final

VENDOR_DEFAULT: Final = "5492"
"""The factory value of every password of the vendor's modems (docs/protocol.md 2.2)."""


def pin_password(password: str) -> str:
    """Return the salted digest under which a first seen PSW is kept: `sha256:<salt>:<hex>`.

    A plain digest and not a slow one: a PSW is usually four digits, so no digest hides it from who holds
    the file, while ten thousand modems that return at once must be judged within a second.
    """
    salt = secrets.token_hex(8)
    return f"sha256:{salt}:{hashlib.sha256((salt + password).encode()).hexdigest()}"


def required_password(password: str) -> str:
    """Return the rule for a password that the configuration asks of every modem."""
    return f"plain:{password}"
