"""Requests to the hub itself over MQTT: `bridge/request/<verb>` -> `bridge/response/<verb>`."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from irzhub.core.clock import Clock
from irzhub.journal.journal import Journal
from irzhub.mqtt.hush import Hush
from irzhub.mqtt.payloads import PayloadError, decode_object, encode_json, event_object
from irzhub.mqtt.replies import LONGEST_PAYLOAD, Reply, Send, Transaction, build_message, transaction_of
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Received
from irzhub.storage.errors import LocalStoreFailed

_log = logging.getLogger(__name__)

MOST_EVENTS: Final = 1000
_LONGEST_ANSWER: Final = 512 * 1024

Verb = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class RequestDesk:
    """Answers requests, one after the other; `info` returns what `bridge/info` says."""

    def __init__(
        self, topics: Topics, journal: Journal, clock: Clock, info: Callable[[], dict[str, Any]], send: Send
    ) -> None:
        self._topics = topics
        self._journal = journal
        self._info = info
        self._send = send
        self._hush = Hush(_log, clock)
        self._verbs: dict[str, Verb] = {"events": self._events, "info": self._tell_info}

    async def answer(self, verb: str, received: Received) -> None:
        """Answer one request; what cannot be understood gets an error."""
        if received.retained:
            self._hush.warn(f"a retained request on {received.topic} is ignored: publish requests without retain")
            return
        transaction: Transaction = None
        try:
            fields = decode_object(received.payload or b"{}", LONGEST_PAYLOAD)
            transaction = transaction_of(fields)
            if (answer := self._verbs.get(verb)) is None:
                raise PayloadError(f"expected one of {', '.join(self._verbs)}, got the verb {verb!r}")
            reply = Reply(transaction, "ok", await answer(fields))
        except (PayloadError, LocalStoreFailed) as error:
            self._hush.warn(f"a request on {received.topic} failed: {error}")
            reply = Reply(transaction, "error", error=str(error))
        await self._send(build_message(self._topics, received, self._topics.request_response(verb), reply))

    async def _events(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the events after `after_seq`: `events`, and in `last_seq` how far the journal goes.

        A long answer is cut: whoever wants more asks again after the last one that came.
        """
        after_seq = _number(fields, "after_seq", 0, (1 << 63) - 1)
        limit = _number(fields, "limit", 1, MOST_EVENTS, MOST_EVENTS)
        events: list[dict[str, Any]] = []
        size = 0
        for event in await self._journal.read(after_seq, limit):
            shown = event_object(event)
            size += len(encode_json(shown))
            if events and size > _LONGEST_ANSWER:
                break
            events.append(shown)
        return {"events": events, "first_seq": self._journal.first_seq, "last_seq": self._journal.last_seq}

    async def _tell_info(self, _fields: dict[str, Any]) -> dict[str, Any]:
        return self._info()


def _number(fields: dict[str, Any], key: str, lowest: int, highest: int, default: int | None = None) -> int:
    value = fields.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise PayloadError(f"{key}: expected a whole number from {lowest} to {highest}")
    return value
