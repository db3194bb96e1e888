"""The first administrator: a link with a secret, printed once at a start while there is no account."""

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from irzhub.core.clock import Clock

GOOD_FOR_S: Final = 3600.0


@dataclass(slots=True)
class SetupLink:
    """Opens the way to the first account for an hour and once; a restart makes a new one."""

    clock: Clock
    _secret: str = field(default="", repr=False)
    _until: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether somebody may still come this way."""
        return bool(self._secret) and self.clock.monotonic() < self._until

    def make(self) -> str:
        """Return a fresh secret; the one before is good no more."""
        self._secret = secrets.token_urlsafe(32)
        self._until = self.clock.monotonic() + GOOD_FOR_S
        return self._secret

    def fits(self, secret: str) -> bool:
        """Say whether this is the secret and its time is not over."""
        return self.is_open and hmac.compare_digest(secret.encode(), self._secret.encode())

    def close(self) -> None:
        """There is an account now."""
        self._secret = ""
