"""What waits for a modem: the most urgent first, then the oldest; any free modem takes the next."""

import asyncio
import heapq
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from irzhub.api import PhoneOrder

from .sending import Sent


@dataclass(slots=True, eq=False)
class Job:
    """One order on its way.

    Args:
        text: of an SMS; kept here even where the stored order must not hold it.
        ended: gets the order as it ended. not_before: moment of the monotonic clock until which it rests.
        is_held: somebody waits for its end and tries again by himself: it is attempted once.
    """

    order: PhoneOrder
    text: str = field(default="", repr=False)
    is_held: bool = False
    not_before: float = 0.0
    ended: "asyncio.Future[PhoneOrder]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    last: Sent | None = None

    @property
    def id(self) -> str:
        """The order's id."""
        return self.order.id


class OrderQueue:
    """Jobs by urgency; modems that wait are stirred when there is one for them."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, datetime, int, Job]] = []
        self._waiting: dict[str, Job] = {}
        self._numbers = count()
        self._listeners: set[asyncio.Event] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._waiting

    def put(self, job: Job) -> None:
        """Add a job, or put one back; wakes those who listen."""
        self._waiting[job.id] = job
        heapq.heappush(self._heap, (job.order.priority, job.order.created_at, next(self._numbers), job))
        for listener in self._listeners:
            listener.set()

    def pop(self, now: float) -> Job | None:
        """Take the first job that is not resting, None when there is none."""
        resting = []
        found = None
        while self._heap:
            entry = heapq.heappop(self._heap)
            job = entry[3]
            if self._waiting.get(job.id) is not job:
                continue  # it was called off
            if job.not_before > now:
                resting.append(entry)
                continue
            del self._waiting[job.id]
            found = job
            break
        for entry in resting:
            heapq.heappush(self._heap, entry)
        return found

    def remove(self, id_: str) -> Job | None:
        """Take a job out by its order's id, None when it does not wait."""
        return self._waiting.pop(id_, None)

    def rest_s(self, now: float) -> float | None:
        """Return after how many seconds the next resting job may be taken, None when none rests."""
        return min((max(0.0, job.not_before - now) for job in self._waiting.values()), default=None)

    def jobs(self) -> list[Job]:
        """Return all that waits, in no order."""
        return list(self._waiting.values())

    def listen(self, listener: asyncio.Event) -> None:
        """Set `listener` with every job that is put."""
        self._listeners.add(listener)

    def leave(self, listener: asyncio.Event) -> None:
        """Set `listener` no more."""
        self._listeners.discard(listener)
