"""Says a thing once a minute, with how often it happened, when strangers decide how often it happens."""

import logging
from dataclasses import dataclass, field
from typing import Final

from irzhub.core.clock import Clock

_EVERY_S: Final = 60.0


@dataclass(slots=True)
class Hush:
    """One kind of complaint in the log: at most once a minute, later ones are counted."""

    log: logging.Logger
    clock: Clock
    _silent_until: float = field(default=float("-inf"))
    _unsaid: int = 0

    def warn(self, text: str) -> None:
        """Log `text` unless something was logged within the last minute."""
        now = self.clock.monotonic()
        if now < self._silent_until:
            self._unsaid += 1
            return
        more = f" ({self._unsaid} more in the last minute)" if self._unsaid else ""
        self.log.warning("%s%s", text, more)
        self._silent_until, self._unsaid = now + _EVERY_S, 0
