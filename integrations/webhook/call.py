"""One call to one receiver: what it carries, how it is signed, and what the answer means."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from irzhub.api import (
    Answer,
    Clock,
    Delivery,
    DeliveryOutcome,
    NoAnswer,
    Outbound,
    TargetRefused,
    delivery_json,
    printable,
    sign,
)

DELIVERY_HEADER: Final = "X-Irzhub-Delivery"
_SECONDS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST_WAIT_S: Final = 24 * 3600.0
_SAID_LENGTH: Final = 200
_LATER: Final = (408, 421, 423, 425, 429)
_REDIRECTS: Final = range(300, 400)
_THEIR_FAULT: Final = 500


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is called: its address, which may hold a key, and the secret that both sides know."""

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


class Caller:
    """Makes calls over the hub's one HTTP client; `wait_s` is for each answer."""

    def __init__(self, outbound: Outbound, clock: Clock, wait_s: float = 5.0) -> None:
        self._outbound = outbound
        self._clock = clock
        self._wait_s = wait_s

    async def call(self, receiver: Receiver, delivery: Delivery) -> DeliveryOutcome:
        """Tell a receiver a delivery."""
        now = self._clock.now()
        body = build_body(delivery, now)
        headers = {"Content-Type": "application/json; charset=utf-8", DELIVERY_HEADER: delivery.id}
        if receiver.secret is not None:
            headers |= sign(receiver.secret, int(now.timestamp()), body)
        try:
            answer = await self._outbound.request(
                "POST", receiver.url, body=body, headers=headers, timeout_s=self._wait_s
            )
        except TargetRefused as error:
            return DeliveryOutcome(status="refused", error=str(error))
        except NoAnswer as error:
            return DeliveryOutcome(status="unknown" if error.is_sent else "later", error=str(error))
        return judge(answer, now)

    async def reach(self, receiver: Receiver) -> int:
        """Ask a receiver for nothing (HEAD) and return its status; any is a sign of life.

        Raises:
            OutboundError: it may not be called, or cannot be reached.
        """
        return (await self._outbound.request("HEAD", receiver.url, timeout_s=self._wait_s)).status


def build_body(delivery: Delivery, now: datetime) -> bytes:
    """Return what a receiver gets: JSON in UTF-8."""
    return json.dumps(delivery_json(delivery, now), ensure_ascii=False).encode("utf-8", "replace")


def judge(answer: Answer, now: datetime) -> DeliveryOutcome:
    """Return what an answer means for the delivery."""
    if answer.is_good:
        return DeliveryOutcome(status="delivered", reference=f"HTTP {answer.status}")
    said = printable(answer.body[:_SAID_LENGTH].decode(errors="replace").strip())
    error = f"HTTP {answer.status}: {said}" if said else f"HTTP {answer.status}"
    if answer.status in _REDIRECTS:
        return DeliveryOutcome(status="refused", error=f"{error}; redirects are not followed, write the new address")
    if answer.status in _LATER or answer.status >= _THEIR_FAULT:
        wait_s = wait_in(answer.headers.get("retry-after", ""), now)
        return DeliveryOutcome(status="later", error=error, retry_after_s=wait_s)
    return DeliveryOutcome(status="refused", error=error)


def wait_in(written: str, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, at most a day; None when it says nothing readable."""
    if _SECONDS.fullmatch(written):
        return min(float(written), _MOST_WAIT_S)
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, OverflowError):  # a year or a zone that no calendar has
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _MOST_WAIT_S)
