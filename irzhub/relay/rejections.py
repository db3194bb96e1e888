"""Who was turned away, told without letting a stranger fill the log or the journal.

One log line and one message a minute for each source and reason; the rest is counted and told with the
next one, or when the minute is over.
"""

import logging
from collections.abc import Callable
from typing import Final

from irzhub.core.clock import Clock
from irzhub.relay.addresses import host_of
from irzhub.relay.messages import DialInRejected

_log = logging.getLogger(__name__)
PERIOD_S: Final = 60.0
_SOURCES_LIMIT: Final = 4096
_EVERYBODY: Final = "many sources"


class _Repeats:
    """How often one source was turned away for one reason since it was last told."""

    __slots__ = ("count", "peer", "told_at")

    def __init__(self, told_at: float) -> None:
        self.told_at = told_at
        self.count = 0
        self.peer = ""


class Rejections:
    """Tells the log and the hub of dial-ins that were turned away."""

    def __init__(self, clock: Clock, to_hub: Callable[[DialInRejected], None]) -> None:
        self._clock = clock
        self._to_hub = to_hub
        self._repeats: dict[tuple[str, str, str | None], _Repeats] = {}
        self.total = 0

    def tell(self, reason: str, peer: str, modem: str | None = None, detail: str = "") -> None:
        """Note one dial-in that was turned away.

        Args:
            reason: one of a few fixed texts.
            peer: `host:port`.
            modem: only when it is a known one.
            detail: more for the log, may quote what came.
        """
        self.total += 1
        now = self._clock.monotonic()
        source = host_of(peer)
        if (source, reason, modem) not in self._repeats and len(self._repeats) >= _SOURCES_LIMIT:
            source, modem = _EVERYBODY, None
        key = (source, reason, modem)
        if (repeats := self._repeats.get(key)) is None:
            self._repeats[key] = _Repeats(now)
            self._say(reason, peer, modem, 1, detail)
            return
        repeats.count += 1
        repeats.peer = peer
        if now - repeats.told_at >= PERIOD_S:
            self._settle(key, repeats, now)

    def sweep(self) -> None:
        """Tell what was only counted and forget sources that have been quiet for a minute."""
        now = self._clock.monotonic()
        for key, repeats in list(self._repeats.items()):
            if now - repeats.told_at < PERIOD_S:
                continue
            if repeats.count:
                self._settle(key, repeats, now)
            else:
                del self._repeats[key]

    def _settle(self, key: tuple[str, str, str | None], repeats: _Repeats, now: float) -> None:
        self._say(key[1], repeats.peer, key[2], repeats.count)
        repeats.told_at, repeats.count = now, 0

    def _say(self, reason: str, peer: str, modem: str | None, count: int, detail: str = "") -> None:
        who = f"{peer}, modem {modem}" if modem else peer
        more = f"; {detail}" if detail else ""
        times = f" ({count} times)" if count > 1 else ""
        _log.warning("turned away %s: %s%s%s", who, reason, more, times)
        at = self._clock.now().timestamp()
        self._to_hub(DialInRejected(reason=reason, peer=peer, at=at, modem=modem, count=count))
