"""The second factor: codes of an authenticator application (RFC 6238) and recovery codes for when it is lost."""

import base64
import hashlib
import hmac
import secrets
import struct
from typing import Final
from urllib.parse import quote

STEP_S: Final = 30
DIGITS: Final = 6
_DRIFT: Final = 1
"""Steps before and after the present one whose codes are taken: phones' clocks are not exact."""
_RECOVERY_CODES: Final = 10
_SECRET_BYTES: Final = 20


def new_secret() -> str:
    """Return a fresh secret in Base32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of a time step (RFC 4226 5.3)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_at(now: float) -> int:
    """Return the time step of a moment, in seconds since 1970."""
    return int(now) // STEP_S


def matching_step(secret: str, code: str, now: float, last_step: int | None) -> int | None:
    """Return the step whose code was given, None when it is none that may be used.

    A step that was used, and every one before it, is over: a code that somebody looked at opens nothing twice.
    """
    present = step_at(now)
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        is_equal = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if is_equal and (last_step is None or step > last_step):
            found = step
    return found


def provisioning_uri(secret: str, user: str, hub: str) -> str:
    """Return what the application reads from a picture: `otpauth://totp/...`."""
    label = quote(f"irzhub {hub}:{user}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(f'irzhub {hub}')}&digits={DIGITS}&period={STEP_S}"


def new_recovery_codes() -> list[str]:
    """Return fresh codes, each good once."""
    return [_grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(_RECOVERY_CODES)]


def recovery_digest(code: str) -> str:
    """Return how a recovery code is kept; spaces, dashes and case do not matter."""
    plain = "".join(char for char in code.lower() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _grouped(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
