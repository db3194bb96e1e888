"""The queue of one modem: one command under way at most, what people want before what runs in the background."""

import asyncio
import heapq
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from irzhub.core.services import CommandOutcome, ModemCommand
from irzhub.core.ulid import new_ulid
from irzhub.storage.commands import CommandRow

_ORDER: Final = {"manual": 0, "background": 1}


@dataclass(slots=True)
class LiveCommand:
    """A command that has not ended.

    Args:
        waiters: who wants to know how it ended. is_stored: False while the disk takes nothing.
        not_before: loop time before which it is not tried again. number: its place among its like.
    """

    row: CommandRow
    number: int
    waiters: "list[asyncio.Future[CommandOutcome]]" = field(default_factory=list)
    is_stored: bool = True
    not_before: float = 0.0

    @property
    def is_queued(self) -> bool:
        """Whether it waits for its turn or its modem."""
        return self.row.status == "queued"


@dataclass(slots=True)
class ModemQueue:
    """What waits for one modem, and what is under way."""

    under_way: LiveCommand | None = None
    _heap: list[tuple[int, int, LiveCommand]] = field(default_factory=list)

    def put(self, live: LiveCommand) -> None:
        """Let a command wait."""
        heapq.heappush(self._heap, (_ORDER[live.row.priority], live.number, live))

    def take(self, now: float) -> LiveCommand | None:
        """Return the command whose turn it is, None when there is none; `now`: loop time."""
        while self._heap:
            live = self._heap[0][2]
            if live.is_queued and live.not_before > now:
                return None
            heapq.heappop(self._heap)
            if live.is_queued:
                return live
        return None

    @property
    def waiting(self) -> int:
        """How many commands wait."""
        return sum(1 for *_, live in self._heap if live.is_queued)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return self.under_way is None and not self._heap

    def all(self) -> list[LiveCommand]:
        """Return everything that has not ended, what is under way first."""
        waiting = [live for *_, live in sorted(self._heap, key=lambda entry: entry[:2]) if live.is_queued]
        return waiting if self.under_way is None else [self.under_way, *waiting]


_STATUS: Final = {"done": "ok", "failed": "error"}


def outcome_of(row: CommandRow) -> CommandOutcome:
    """Return how a command ended, as the service tells it."""
    data: dict[str, Any] = dict(row.result or {})
    return CommandOutcome(status=_STATUS.get(row.status, row.status), data=data, error=row.error)


def new_row(command: ModemCommand, now: datetime) -> CommandRow:
    """Return the row of a command that was just asked for."""
    return CommandRow(
        id=new_ulid(int(now.timestamp() * 1000)),
        modem=command.modem,
        command=command.command,
        args=command.args,
        origin=command.origin[:100],
        status="queued",
        created_at=now,
        expires_at=command.expires_at,
        priority=command.priority,
        via=command.via,
        phone=command.phone,
        dedupe=command.dedupe,
    )
