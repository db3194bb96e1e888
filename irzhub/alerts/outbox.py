"""The outbox: every message for people is stored here first, then leaves on its channel, at least once."""

import asyncio
import contextlib
import copy
import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from irzhub.alerts.messages import Message
from irzhub.alerts.outbox_book import Told
from irzhub.alerts.outbox_delivery import deliver
from irzhub.alerts.outbox_flow import BUDGET_RULE, OutboxFlow
from irzhub.alerts.outbox_intake import OutboxIntake, StartLadder
from irzhub.alerts.outbox_saver import PART, OutboxSaver
from irzhub.alerts.outbox_schedule import PLANS
from irzhub.alerts.outbox_states import WrongStep
from irzhub.core.clock import Clock
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import DeliveryTold, Services, delivery_on
from irzhub.core.tasks import Tasks
from irzhub.storage.errors import LocalStoreFailed, StorageError
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.outbox import (
    DampingRow,
    OutboxRow,
    OutboxWanted,
    find_rows,
    get_row,
    load_damping,
    load_living,
    prune_outbox,
    spent_since,
)

_log = logging.getLogger(__name__)

BUDGET: Final = "budget"
"""The part of the hub's health that says that a budget is spent."""
_LOOK_S: Final = 1.0
"""How often it is looked whether somebody offers a channel that has none."""
_PRUNE_S: Final = 3600.0
_DRAIN_S: Final = 1.0
_REPORT_S: Final = 10.0


class UnknownMessage(Exception):
    """There is no message of that id."""


class Outbox:
    """Takes messages and sees that they leave; `book` decides, this part stores, waits and calls the channels.

    Args:
        keep_days: how long finished messages and the keys of what was told are kept.
    """

    def __init__(
        self,
        book: OutboxFlow,
        store: LocalStore,
        services: Services,
        clock: Clock,
        health: Health,
        metrics: Metrics,
        keep_days: int = 400,
    ) -> None:
        self.book = book
        self._store = store
        self._services = services
        self._clock = clock
        self._health = health
        self._keep_days = keep_days
        self._tasks = Tasks("outbox")
        self._saver = OutboxSaver(store, health, self._tasks)
        self._start_ladder: StartLadder | None = None
        self._intake = OutboxIntake(book, store, clock, self._commit, self._climb)
        self._running: dict[str, int] = {}
        self._took_s: dict[str, float] = {}
        self._is_ending = False
        self._spent: list[str] = []
        self._wake = asyncio.Event()
        self._ends: dict[str, list[Callable[[OutboxRow], None]]] = {}
        self._results = metrics.counter(
            "notifications_total", "Messages by channel and how an attempt ended.", "channel", "result"
        )
        self._latency = metrics.histogram("event_to_notification_seconds", "From an event to its message's departure.")

    async def __aenter__(self) -> Self:
        now = self._clock.now()
        day_began = self.book.budgets.day_began(now)

        def load(
            connection: Connection,
        ) -> tuple[list[OutboxRow], list[DampingRow], list[tuple[str, str, int]], list[OutboxRow]]:
            notices = find_rows(connection, OutboxWanted(rule=BUDGET_RULE, since=day_began, limit=1000))
            return load_living(connection), load_damping(connection), spent_since(connection, day_began), notices

        rows, damping, spent, notices = await self._store.read(load)
        self.book.budgets.restore(spent, now)
        self.book.restore_notices(notices)
        self.book.restore(rows, damping, now)
        if rows:
            _log.info("%d messages of before wait to leave", len(rows))
        self._health.set(PART, "up")
        self._intake_task = self._tasks.spawn(self._intake.run(), "intake")
        self._departures = self._tasks.spawn(self._keep_departing(), "departures")
        self._tasks.spawn(self._keep_pruning(), "retention")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_ending = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await self._intake.drain()
        self._departures.cancel()
        await self._saver.save(self.book.take_changes())
        await self._tasks.close()
        await self._saver.close()

    def tell(self, message: Message) -> asyncio.Future[Told]:
        """Take a message; never raises, need not be awaited.

        The future is done once the message is stored, with what became of it; where the disk fails it leaves
        all the same. A message that was told before, by event, rule and recipient, is not told again.
        """
        return self._intake.put(message)

    def on_ladder(self, start: StartLadder) -> None:
        """Have `start` called with a message about an incident and each ladder that it names."""
        self._start_ladder = start

    def wake(self) -> None:
        """Look again at what waits: something that it depends on is another now."""
        self._wake.set()

    async def end_of(self, id_: str, within_s: float) -> OutboxRow | None:
        """Wait for the end of an attempt with a message; None when it takes longer."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[OutboxRow] = loop.create_future()

        def note(row: OutboxRow) -> None:
            if not ended.done():
                ended.set_result(row)

        self._ends.setdefault(id_, []).append(note)
        try:
            async with asyncio.timeout(within_s):
                return await ended
        except TimeoutError:
            return None
        finally:
            self._ends[id_].remove(note)
            if not self._ends[id_]:
                del self._ends[id_]

    async def find(self, wanted: OutboxWanted) -> list[OutboxRow]:
        """Return messages of the queue and of the log, the newest first."""
        found = await self._store.read(lambda connection: find_rows(connection, wanted))
        return [self._saver.unsaved.get(row.id, row) for row in found]

    async def get(self, id_: str) -> OutboxRow:
        """Return one message.

        Raises:
            UnknownMessage: there is none of that id.
        """
        if (unsaved := self._saver.unsaved.get(id_)) is not None:
            return unsaved
        found = await self._store.read(lambda connection: get_row(connection, id_))
        if found is None:
            raise UnknownMessage(f"there is no message {id_}")
        return found

    async def cancel(self, id_: str, by: str) -> OutboxRow:
        """Let a message never leave.

        Raises:
            UnknownMessage: there is none of that id.
            WrongStep: it has left, has ended, or is just being sent.
        """
        if id_ not in self.book.rows:
            row = await self.get(id_)
            raise WrongStep(f"message {id_} is {row.state}: it cannot cancel")
        row = self.book.cancel(id_, self._clock.now(), by)
        await self._commit()
        return row

    async def retry(self, id_: str, by: str) -> OutboxRow:
        """Try a message again that did not leave.

        Raises:
            UnknownMessage: there is none of that id.
            WrongStep: it left, or still waits.
        """
        row = self.book.rows.get(id_) or await self.get(id_)
        row = self.book.retry(row, self._clock.now(), by)
        await self._commit()
        return row

    def delivery_told(self, told: DeliveryTold) -> None:
        """Take what a channel tells of a message that it had taken before; never waits."""
        self._tasks.spawn(self._take_told(told), f"report of {told.id}")

    async def _take_told(self, told: DeliveryTold) -> None:
        if (living := self.book.rows.get(told.id)) is not None and living.state == "sending":
            await self.end_of(told.id, _REPORT_S)  # the report was quicker than the end of the attempt
        try:
            row = await self.get(told.id)
        except (UnknownMessage, StorageError) as error:
            _log.info("a delivery report is of no message: %s", error)
            return
        self.book.told(copy.copy(row), told.status, told.error, self._clock.now())
        await self._commit()

    def waiting(self, channel: str) -> int:
        """Return how many messages wait for a channel."""
        return sum(row.channel == channel and row.state in ("waiting", "sending") for row in self.book.rows.values())

    @property
    def is_at_rest(self) -> bool:
        """Whether every message has ended and the disk knows it."""
        return not self.book.rows and not self._saver.unsaved

    async def _commit(self) -> bool:
        """Have the disk know all that changed, and in the same transaction what leaves of it as soon as it does."""
        self._depart()
        self._wake.set()
        return await self._saver.save(self.book.take_changes())

    def _climb(self, message: Message, ladder: str) -> None:
        if self._start_ladder is not None:
            self._start_ladder(message, ladder)

    async def _keep_departing(self) -> None:
        while True:
            self._wake.clear()
            self.book.tick(self._clock.now())
            self._depart()
            self._judge_budgets()
            await self._saver.save(self.book.take_changes())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._rest_s()):
                    await self._wake.wait()

    def _depart(self) -> None:
        """Give each channel what it can take now; it leaves once the disk knows that it is being sent."""
        if self._is_ending:
            return
        for channel in self.book.queue.channels():
            if not self._services.offers(delivery_on(channel)):  # type: ignore[arg-type]
                continue
            room = PLANS[channel].room(self._took_s.get(channel, math.inf))
            while self._running.get(channel, 0) < room:
                row = self.book.take(channel, self._clock.now())
                if row is None:
                    break
                self._running[channel] = self._running.get(channel, 0) + 1
                self._tasks.spawn(self._send(row), f"send {row.id}")

    def _judge_budgets(self) -> None:
        """Have a spent budget be seen as a trouble of the hub until the day is over."""
        if (spent := self.book.spent_channels(self._clock.now())) != self._spent:
            self._spent = spent
            detail = f"spent for today: {', '.join(spent)}" if spent else ""
            self._health.set(BUDGET, "degraded" if spent else "up", detail)

    async def _send(self, row: OutboxRow) -> None:
        try:
            # That it is being sent must be known after a crash: else an SMS could leave again and again, unmarked.
            await self._saver.save(self.book.take_changes())
            began = self._clock.monotonic()
            outcome = await deliver(self._services, row)
            now, self._took_s[row.channel] = self._clock.now(), self._clock.monotonic() - began
            finished = self.book.finish(row, outcome, now)
            self._results.add(1, row.channel, finished.result)
            if finished.is_first and row.sent_at is not None:
                self._latency.observe(max(0.0, (now - row.event_ts).total_seconds()))
        finally:
            self._running[row.channel] -= 1  # the channel is free: the next does not wait for the disk
            self._wake.set()
        await self._commit()
        for note in tuple(self._ends.get(row.id, ())):
            note(row)

    def _rest_s(self) -> float:
        """How long nothing is due; a channel without a service is looked at now and then."""
        due = self.book.next_due()
        rest_s = 60.0 if due is None else max(0.0, (due - self._clock.now()).total_seconds())
        return min(rest_s, _LOOK_S if self.book.queue.channels() else 60.0)

    async def _keep_pruning(self) -> None:
        while True:
            await asyncio.sleep(_PRUNE_S)
            before = self._clock.now() - timedelta(days=self._keep_days)
            try:
                removed = await self._prune(before)
            except LocalStoreFailed as error:
                _log.warning("old messages were not removed: %s", error)
            else:
                if removed:
                    _log.info("%d old messages removed", removed)

    async def _prune(self, before: datetime) -> int:
        return await self._store.write(lambda connection: prune_outbox(connection, before, before))
