"""What a worker keeps for the hub while that is being replaced (docs/operations.md, Update).

First what lived when the hub went, then what has happened since: the new hub meets both in this order and
needs no other source. Of what only adds up or is soon outdated, one message stays: traffic is summed, of
counters and of a modem's own values the latest count. The rest is kept one by one, `LIMIT` messages at the
most. Should there be more, none of them is kept: they are counted, and what lives is told as it is in the end.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from irzhub.relay.messages import DialInRejected, Resynced, Snapshot, ToHub, Traffic, ValuesSeen
from irzhub.relay.worker_messages import FromWorker, Logged

LIMIT: Final = 10_000
_LOG_LIMIT: Final = 200


class Holding:
    """The messages of one worker between two hubs.

    Args:
        living: what lives now.
    """

    def __init__(self, living: Iterable[ToHub]) -> None:
        self._living = list(living)
        self._events: list[ToHub] = []
        self._logged: list[Logged] = []
        self._grown: dict[str, tuple[int, int, float]] = {}
        self._values: dict[str, ValuesSeen] = {}
        self._rejected: dict[tuple[str, str | None], DialInRejected] = {}
        self._snapshot: Snapshot | None = None
        self.missed = 0

    def add(self, message: ToHub) -> None:
        """Keep one message."""
        if isinstance(message, Traffic):
            self._add_traffic(message)
        elif isinstance(message, Snapshot):
            self._snapshot = message
        elif isinstance(message, ValuesSeen):
            former = self._values.get(message.modem)
            values = message.values if former is None else former.values | message.values
            self._values[message.modem] = msgspec.structs.replace(message, values=values)
        elif isinstance(message, DialInRejected):
            key = message.reason, message.modem
            former_count = self._rejected[key].count if key in self._rejected else 0
            self._rejected[key] = msgspec.structs.replace(message, count=message.count + former_count)
        elif self.missed or len(self._events) >= LIMIT:
            self.missed += 1 + len(self._events)
            self._events.clear()
            self._living.clear()
        else:
            self._events.append(message)

    def log(self, line: Logged) -> None:
        """Keep a line for the hub's log, unless there are many."""
        if len(self._logged) < _LOG_LIMIT:
            self._logged.append(line)

    def release(self, living: Callable[[], Iterable[ToHub]]) -> Iterator[FromWorker]:
        """Yield all in the order in which the new hub must hear it.

        Args:
            living: tells what lives now; asked only after too many messages.
        """
        yield from self._logged
        yield from living() if self.missed else self._living
        yield from self._events
        yield from self._values.values()
        yield from self._rejected.values()
        if self._grown:
            yield Traffic(grown=self._grown)
        if self._snapshot is not None:
            yield self._snapshot
        yield Resynced(missed=self.missed)

    def _add_traffic(self, message: Traffic) -> None:
        for modem, (rx_bytes, tx_bytes, last_byte_at) in message.grown.items():
            rx_before, tx_before, at_before = self._grown.get(modem, (0, 0, 0.0))
            self._grown[modem] = rx_before + rx_bytes, tx_before + tx_bytes, max(at_before, last_byte_at)
