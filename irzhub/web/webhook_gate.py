"""What calls of webhooks must stand: a rate for each, few guesses for a stranger, and no signed call twice."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from irzhub.outbound.signature import FRESH_FOR_S, is_signed
from irzhub.web.throttle import Throttle

BURST: Final = 30
PERIOD_S: Final = 1.0
_GUESSES: Final = 10
_GUESS_PERIOD_S: Final = 6.0
_SEEN_MOST: Final = 20_000


@dataclass(slots=True)
class WebhookGate:
    """Of one webhook thirty calls at once pass, then one a second; `now` is monotonic, `at` in Unix seconds."""

    _calls: Throttle = field(default_factory=lambda: Throttle(BURST, PERIOD_S))
    _guesses: Throttle = field(default_factory=lambda: Throttle(_GUESSES, _GUESS_PERIOD_S))
    _seen: "OrderedDict[str, float]" = field(default_factory=OrderedDict)

    def guess_wait_s(self, source: str, now: float) -> float:
        """Return how long a source must wait that named webhooks which are none, 0 when it need not."""
        return self._guesses.wait_s(source, now)

    def guessed(self, source: str, now: float) -> None:
        """A source named a webhook that is none, or could not sign."""
        self._guesses.failed(source, now)

    def call_wait_s(self, webhook: str, now: float) -> float:
        """Return how long callers of a webhook must wait; 0: this call may pass, and is counted."""
        wait_s = self._calls.wait_s(webhook, now)
        if not wait_s:
            self._calls.failed(webhook, now)
        return wait_s

    def is_fresh(self, secrets: Collection[str], timestamp: str, signature: str, body: bytes, at: float) -> bool:
        """Say whether a call is signed with one of the secrets, just now, and for the first time."""
        if signature in self._seen or not any(is_signed(each, timestamp, signature, body, at) for each in secrets):
            return False
        while self._seen and next(iter(self._seen.values())) < at - 2 * FRESH_FOR_S:
            self._seen.popitem(last=False)
        if len(self._seen) >= _SEEN_MOST:
            self._seen.popitem(last=False)
        self._seen[signature] = at
        return True


WEBHOOK_GATE: Final = web.AppKey("webhook_gate", WebhookGate)
