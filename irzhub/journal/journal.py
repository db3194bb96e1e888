"""The journal: numbers every event, commits it, and only then hands it on (ARCHITECTURE D2)."""

import asyncio
import dataclasses
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Final, Self

from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.tasks import Tasks
from irzhub.core.ulid import new_ulid
from irzhub.journal.cursor import Cursor, Cursors
from irzhub.journal.mark import SeqMark
from irzhub.journal.recent import RecentEvents
from irzhub.journal.retention import Retention
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.events import event_bounds, insert_events, read_events, seq_before
from irzhub.storage.local import Connection, LocalStore, attempt
from irzhub.storage.meta import SEQ_FLOOR, get_meta

_log = logging.getLogger(__name__)

BATCH: Final = 200
"""Events of one transaction, and of one turn of the loop: handing on 200 takes some 5 ms."""
MEMORY_LIMIT: Final = 100_000
PATIENCE_S: Final = 2.0
_RETRY_S: Final = 0.5
_RESERVE: Final = 1000
_PRUNE_EVERY_S: Final = 600.0
_CLOSE_WITHIN_S: Final = 5.0

Write = Callable[[Connection], None]


@dataclass(slots=True)
class _Entry:
    """One event, or a change of stored state alone, on its way to the disk."""

    event: Event | None
    write: Write | None
    then: Callable[[Event], None] | None
    then_state: Callable[[], None] | None
    handed_on: bool = False
    is_lost: bool = False


class Journal:
    """Takes events in order, commits them in shared transactions and publishes them in the same order.

    When the disk does not take them for `PATIENCE_S`, events are handed on from memory with
    `durable=False` and committed once the disk works again; then nothing is published twice.
    """

    def __init__(self, store: LocalStore, bus: Bus, clock: Clock, health: Health, metrics: Metrics) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._health = health
        self._cursors = Cursors(store)
        self._retention = Retention(store, clock, lambda: self._cursors.lowest)
        self._mark = SeqMark(store.data_dir / "journal.mark")
        self._tasks = Tasks("journal")
        self._recent = RecentEvents()
        self._uncommitted: deque[_Entry] = deque()
        self._in_flight = 0
        self._ahead = 0  # how many of the first uncommitted entries were handed on without the disk
        self._given = 0
        self._first = 0
        self._last = 0
        self._reserved = 0
        self._is_degraded = False
        self._is_failing = False
        self._is_reserving = False
        self._is_closed = False
        self._all_committed = asyncio.Event()
        self._all_committed.set()
        self._patience: asyncio.TimerHandle | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._hand_on_soon: asyncio.Handle | None = None
        self._flushers: deque[tuple[_Entry, asyncio.Future[None]]] = deque()
        self._pending = metrics.gauge("journal_pending_events", "Events that wait for their commit.")

    async def __aenter__(self) -> Self:
        def load(connection: Connection) -> tuple[int, int, int]:
            return *event_bounds(connection), int(get_meta(connection, SEQ_FLOOR) or 0)

        self._first, last, floor = await self._store.read(load)
        marked = await self._mark.open()
        self._last = self._given = max(last, floor, marked)
        await self._cursors.load()
        self._pending.source = lambda: {(): float(self.pending)}
        self._health.set("local_store", "up")
        self._health.set("journal", "up")
        self._pruning = self._tasks.spawn(self._prune(), "retention")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pruning.cancel()
        try:
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._all_committed.wait()
        except TimeoutError:
            _log.error("the disk did not take the last %d events: they are lost", len(self._uncommitted))
        self._is_closed = True
        for timer in (self._patience, self._retry, self._hand_on_soon):
            if timer is not None:
                timer.cancel()
        await self._cursors.close()
        await self._tasks.close()
        self._mark.close()

    def append(self, event: Event, write: Write | None = None, then: Callable[[Event], None] | None = None) -> None:
        """Number an event and commit it soon; never waits.

        Args:
            event: what happened; its `seq` and `id` are given here.
            write: changes of stored state that belong to it, committed in the same transaction. If it
                raises, it is undone alone and logged; the event stands.
            then: called with the numbered event after the commit and before the bus has it.
        """
        self._given += 1
        id_ = new_ulid(int(self._clock.now().timestamp() * 1000))
        numbered = dataclasses.replace(event, seq=self._given, id=id_)
        self._put(_Entry(numbered, write, then, None))

    def write_state(self, write: Write, then: Callable[[], None] | None = None) -> None:
        """Commit a change of stored state that no event tells of, in order with the events."""
        self._put(_Entry(None, write, None, then))

    async def flush(self) -> None:
        """Wait until all that was put so far is handed on, after its commit or without the disk."""
        if self._uncommitted and not self._uncommitted[-1].handed_on:
            done = asyncio.get_running_loop().create_future()
            self._flushers.append((self._uncommitted[-1], done))
            await done

    async def read(self, after_seq: int, limit: int) -> list[Event]:
        """Return at most `limit` events after `after_seq`, in order: what was published, also from memory.

        Raises:
            LocalStoreFailed: the file cannot be read.
        """
        if (recent := self._recent.read(after_seq, limit)) is not None:
            return recent
        until = self._last
        # Memory first: what is committed while the file is read is then met twice, not missed.
        handed_on = (entry.event for entry in islice(self._uncommitted, self._ahead))
        waiting = list(islice((event for event in handed_on if event is not None and event.seq > after_seq), limit))
        found = await self._store.read(lambda connection: read_events(connection, after_seq, until, limit))
        newest = found[-1].seq if found else after_seq
        return (found + [event for event in waiting if event.seq > newest])[:limit]

    async def seq_before(self, moment: datetime) -> int:
        """Return the number of the last event older than `moment`: the position of a reader from that time on."""
        return await self._store.read(lambda connection: seq_before(connection, moment))

    def cursor(self, name: str) -> Cursor:
        """Return the durable position of the reader `name`; 0 for a new one."""
        return self._cursors.get(name)

    @property
    def first_seq(self) -> int:
        """The lowest number that can still be read; 0 while there is none."""
        return self._first

    @property
    def last_seq(self) -> int:
        """The highest number that was published."""
        return self._last

    @property
    def pending(self) -> int:
        """How many events and changes of state wait for their commit."""
        return len(self._uncommitted)

    @property
    def is_degraded(self) -> bool:
        """Whether events go on without the disk now."""
        return self._is_degraded

    def _put(self, entry: _Entry) -> None:
        self._uncommitted.append(entry)
        self._all_committed.clear()
        if self._is_degraded:
            self._hand_on_later()
        elif not self._in_flight and self._retry is None:
            self._commit()

    def _commit(self) -> None:
        self._retry = None
        batch = list(islice(self._uncommitted, BATCH))
        self._in_flight = len(batch)
        if not batch:
            return
        if self._patience is None and not self._is_degraded:
            self._patience = asyncio.get_running_loop().call_later(PATIENCE_S, self._degrade)
        self._store.write(lambda connection: _store_batch(connection, batch)).add_done_callback(self._committed)

    def _committed(self, done: asyncio.Future[None]) -> None:
        count, self._in_flight = self._in_flight, 0
        if (error := done.exception()) is not None:
            level = logging.DEBUG if self._is_failing else logging.WARNING
            _log.log(level, "the journal could not commit %d entries: %s", count, error)
            self._is_failing = True
            if self._is_closed:
                return
            self._retry = asyncio.get_running_loop().call_later(_RETRY_S, self._commit)
            return
        self._is_failing = False
        batch = [self._uncommitted.popleft() for _ in range(count)]
        self._ahead = max(0, self._ahead - count)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if self._is_degraded and not self._ahead:
            self._heal()
        self._commit()  # before handing on, so that the disk works while the loop does
        for entry in batch:
            if entry.is_lost:
                self._recent.clear()  # what nobody can read from the file, nobody reads from memory either
            if not entry.handed_on:
                self._hand_on(entry, durable=True)
        if not self._uncommitted:
            self._all_committed.set()

    def _hand_on(self, entry: _Entry, *, durable: bool) -> None:
        entry.handed_on = True
        event = entry.event
        if event is not None and not durable:
            event = entry.event = dataclasses.replace(event, durable=False)
        if event is not None:
            self._last = event.seq
            self._first = self._first or event.seq
            if not entry.is_lost:
                self._recent.add(event)
        try:
            if event is not None and entry.then is not None:
                entry.then(event)
            if entry.then_state is not None:
                entry.then_state()
        except Exception:  # noqa: BLE001 - the boundary: what follows a commit is foreign code
            _log.exception("what should follow %s failed", event)
        if event is not None:
            self._bus.publish(event)
        while self._flushers and self._flushers[0][0].handed_on:
            _, waiter = self._flushers.popleft()
            if not waiter.done():
                waiter.set_result(None)

    def _degrade(self) -> None:
        self._patience = None
        self._is_degraded = True
        detail = f"{self._store.path} has taken nothing for {PATIENCE_S:g} s: disk full or broken?"
        self._health.set("journal", "down", f"{detail} Events go on from memory, they are not durable")
        self._health.set("local_store", "down", detail)
        self._hand_on_later()

    def _heal(self) -> None:
        self._is_degraded = False
        self._reserved = 0
        _ = self._tasks.spawn(self._mark.write(0), "mark")
        self._health.set("local_store", "up")
        self._health.set("journal", "up")

    def _hand_on_later(self) -> None:
        if self._hand_on_soon is None:
            self._hand_on_soon = asyncio.get_running_loop().call_soon(self._hand_on_without_disk)

    def _hand_on_without_disk(self) -> None:
        """Hand on what the disk does not take, a batch for each turn of the loop."""
        self._hand_on_soon = None
        if not self._is_degraded:
            return
        for entry in list(islice(self._uncommitted, self._ahead, self._ahead + BATCH)):
            if entry.event is not None and entry.event.seq > self._reserved:
                if not self._is_reserving:
                    self._is_reserving = True
                    _ = self._tasks.spawn(self._reserve(), "reserve")
                return
            self._ahead += 1
            self._hand_on(entry, durable=False)
        self._forget_oldest()
        if self._ahead < len(self._uncommitted):
            self._hand_on_later()

    async def _reserve(self) -> None:
        """Reserve the next numbers, so that none of them is given again after a crash; then hand on."""
        until = self._given + _RESERVE
        await self._mark.write(until)
        self._is_reserving = False
        if self._is_degraded:
            self._reserved = until
            self._hand_on_later()

    def _forget_oldest(self) -> None:
        """Keep memory bounded: beyond the limit the oldest are given up, but those just being committed."""
        too_many = min(len(self._uncommitted) - MEMORY_LIMIT, self._ahead - self._in_flight)
        if too_many <= 0:
            return
        self._uncommitted.rotate(-self._in_flight)
        for _ in range(too_many):
            self._uncommitted.popleft()
        self._uncommitted.rotate(self._in_flight)
        self._ahead -= too_many
        _log.error("the disk is away for too long: the oldest %d entries in memory are given up", too_many)

    async def _prune(self) -> None:
        while True:
            await asyncio.sleep(_PRUNE_EVERY_S)
            try:
                if removed := await self._retention.prune():
                    self._first, _ = await self._store.read(event_bounds)
                    _log.info("%d old events removed from the journal", removed)
            except LocalStoreFailed as error:
                _log.warning("old events were not removed from the journal: %s", error)


def _store_batch(connection: Connection, batch: list[_Entry]) -> None:
    """Store all, as one when that goes: each savepoint is two more statements to wait for."""
    if isinstance(attempt(connection, partial(_store_all, batch=batch)), Exception):
        _store_each(connection, batch)


def _store_all(connection: Connection, batch: list[_Entry]) -> None:
    if events := [entry.event for entry in batch if entry.event is not None]:
        insert_events(connection, events)
    for entry in batch:
        if entry.write is not None:
            entry.write(connection)


def _store_each(connection: Connection, batch: list[_Entry]) -> None:
    """Store one by one: what cannot be stored is a bug where it was made, and must not stop the others for ever."""
    for entry in batch:
        if entry.event is not None:
            error = attempt(connection, partial(insert_events, batch=[entry.event]))
            if isinstance(error, Exception):
                entry.is_lost = True
                _log.error("%s cannot be stored, the journal goes on without it", entry.event, exc_info=error)
    for entry in batch:
        if entry.write is not None and isinstance(error := attempt(connection, entry.write), Exception):
            _log.error("state that belongs to %s was not stored", entry.event, exc_info=error)
