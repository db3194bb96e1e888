"""Writes events, sessions, states and series into the history database; nobody ever waits for it."""

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Final, Self, TypeVar

from irzhub.config.settings import DatabaseSettings
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock
from irzhub.core.courtesy import give_way
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.state import ModemForgotten, StateChanged, StateStore
from irzhub.core.tasks import Tasks
from irzhub.core.ulid import new_ulid
from irzhub.journal.journal import Journal
from irzhub.recorder.polls import PollsCounted, PollsWaiting
from irzhub.recorder.series import SeriesBuffer, slot_start
from irzhub.recorder.upkeep import Upkeep
from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable, LocalStoreFailed
from irzhub.storage.events import RECORDER_CURSOR
from irzhub.storage.history import DEADLINE_S, HistoryStore
from irzhub.storage.history_events import insert_events, last_seq
from irzhub.storage.history_hubs import claim_hub, release_hub
from irzhub.storage.history_modems import delete_modems, modem_values, upsert_modems
from irzhub.storage.history_series import SLOT_S, load_slots, upsert_slots
from irzhub.storage.history_sessions import record_sessions
from irzhub.storage.inputs import load_some_inputs
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.meta import HUB_INSTANCE, get_meta, set_meta
from irzhub.storage.modems import load_some_modems
from irzhub.storage.polls import record_polls

_log = logging.getLogger(__name__)
_R = TypeVar("_R")

_BAD_ROW: Final = (TypeError, ValueError, LookupError, AttributeError)
"""What a row raises that was made wrong: it must cost itself alone."""
_BATCH: Final = 500
_GATHER_S: Final = 0.2
_COURTESY_S: Final = 0.25
"""So long a batch waits for a busy loop: modems are answered and MQTT told first, the history can wait."""
_STATES_EVERY_S: Final = 1.0
_SLOW: Final = frozenset({"rx_bytes", "tx_bytes", "clients", "last_seen", "observed_at"})
"""Of these alone ten thousand modems tell something every second; the table has them `_SLOW_EVERY_S` late at most."""
_SLOW_EVERY_S: Final = 30.0
_SERIES_EVERY_S: Final = 60.0
_POLLS_EVERY_S: Final = 30.0
_CLAIM_EVERY_S: Final = 20.0
_UPKEEP_EVERY_S: Final = 600.0
_BACKOFF_S: Final = (0.5, 4.0)
_LAST_WITHIN_S: Final = 3.0
_FILE_WITHIN_S: Final = 15.0
"""A file answers by itself: late is only the loop, when fifty thousand modems come at once."""
_FORGOTTEN: Final = "recorder.forgotten"


class Recorder:
    """Follows the journal with a durable cursor and the states with a set of those that changed.

    With the database away, events wait in the journal, states are coalesced to the newest, and series
    gather in bounded memory; all of it is written when the database is back.
    """

    def __init__(
        self,
        settings: DatabaseSettings,
        history: HistoryStore,
        journal: Journal,
        store: LocalStore,
        states: StateStore,
        bus: Bus,
        clock: Clock,
        health: Health,
        metrics: Metrics,
    ) -> None:
        self._history = history
        self._journal = journal
        self._store = store
        self._states = states
        self._bus = bus
        self._clock = clock
        self._health = health
        self._series = SeriesBuffer(history.hub)
        self._polls = PollsWaiting()
        self._upkeep = Upkeep(settings, history)
        self._tasks = Tasks("recorder")
        self._unsubscribe: list[Unsubscribe] = []
        self._wake = asyncio.Event()
        self._dirty: dict[str, None] = {}
        self._aging: dict[str, None] = {}
        self._states_in_flight = 0
        self._forgotten: set[str] = set()
        self._instance = ""
        self._is_connected = False
        self._is_merged = False
        self._due: dict[str, float] = {}
        self._up = metrics.gauge("database_up", "Whether the history database takes what is written.")
        self._write_seconds = metrics.histogram("database_write_seconds", "Time of one transaction of the recorder.")
        self._queue = metrics.gauge("database_queue_length", "Events and states that wait to be written.")

    async def __aenter__(self) -> Self:
        self._instance = await self._store.write(
            partial(_own_instance, now_ms=int(self._clock.now().timestamp() * 1000))
        )
        stored = await self._store.read(lambda connection: get_meta(connection, _FORGOTTEN))
        self._forgotten = set(json.loads(stored or "[]"))
        self._dirty = {state.modem: None for state in self._states}
        self._upkeep.started(self._clock.now())
        self._queue.source = lambda: {(): float(self.waiting)}
        self._up.set(0)
        self._health.set("database", "starting", self._history.shown_url)
        self._unsubscribe = [
            self._bus.subscribe(Event, lambda _event: self._wake.set()),
            self._bus.subscribe(StateChanged, self._state_changed),
            self._bus.subscribe(ModemForgotten, self._modem_forgotten),
            self._bus.subscribe(PollsCounted, self._polls.note),
        ]
        _ = self._tasks.spawn(self._record(), "record")
        _ = self._tasks.spawn(self._keep_up(), "upkeep")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        await self._tasks.close()
        if not self._is_connected:
            return
        try:
            async with asyncio.timeout(_LAST_WITHIN_S):
                await self._journal.flush()
                while await self._write_events():
                    pass
                self.age()
                while self._dirty or self._forgotten:
                    await self._write_states()
                await self._write_series()
                await self._write_polls()
                await self._timed(lambda connection: release_hub(connection, self._history.hub, self._instance))
        except (TimeoutError, DatabaseUnavailable, LocalStoreFailed) as left:
            _log.info("the rest is recorded after the next start: %s", left)

    @property
    def waiting(self) -> int:
        """How many events and modem states are not recorded yet; series are gathered on purpose."""
        behind = max(0, self._journal.last_seq - self._journal.cursor(RECORDER_CURSOR).position)
        return behind + len(self._dirty) + self._states_in_flight

    def _state_changed(self, change: StateChanged) -> None:
        (self._dirty if change.fields - _SLOW else self._aging)[change.state.modem] = None
        self._forgotten.discard(change.state.modem)
        self._series.observe(change.state, change.fields, self._clock.now())

    def _modem_forgotten(self, gone: ModemForgotten) -> None:
        self._dirty.pop(gone.state.modem, None)
        self._aging.pop(gone.state.modem, None)
        self._series.forget(gone.state.modem)
        self._forgotten.add(gone.state.modem)
        self._journal.write_state(partial(set_meta, key=_FORGOTTEN, value=json.dumps(sorted(self._forgotten))))

    def age(self) -> None:
        """Have what waits for its turn of once in 30 s written with the rest."""
        self._dirty |= self._aging
        self._aging.clear()

    async def _record(self) -> None:
        """Write for ever: at once what is there, patiently while the database is away."""
        failures = 0
        while True:
            try:
                more = await self._round()
            except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours must not end the recording
                if not isinstance(error, DatabaseUnavailable | DatabaseRefused | LocalStoreFailed):
                    _log.exception("the recorder failed; it tries again")
                self._away(str(error) or repr(error))
                first, most = _BACKOFF_S
                await asyncio.sleep(min(most, first * 2**failures) * random.uniform(0.5, 1.0))  # noqa: S311
                failures = min(failures + 1, 10)
                continue
            failures = 0
            if more:
                await give_way(_COURTESY_S)
            else:
                self._wake.clear()
                await asyncio.sleep(_GATHER_S)  # so that events that come together share a transaction
                if not self._wake.is_set():
                    await _wait(self._wake, _STATES_EVERY_S)

    async def _round(self) -> bool:
        """Write one batch of each kind that is due; say whether more events or states wait already."""
        if not self._is_connected or self._is_due("claim", _CLAIM_EVERY_S):
            await self._timed(
                lambda connection: claim_hub(connection, self._history.hub, self._instance, self._clock.now())
            )
        if not self._is_connected:
            await self._connected()
        more = await self._write_events()
        if self._is_due("slow", _SLOW_EVERY_S):
            self.age()
        if (self._dirty or self._forgotten) and not self._health.is_starting("relay"):  # the start marks all
            if len(self._dirty) >= _BATCH or self._is_due("states", _STATES_EVERY_S):
                await give_way(_COURTESY_S)
                await self._write_states()
            more = more or len(self._dirty) >= _BATCH
        if self._is_due("series", _SERIES_EVERY_S):
            await self._write_series()
        if self._polls and self._is_due("polls", _POLLS_EVERY_S):
            await self._write_polls()
        return more

    async def _keep_up(self) -> None:
        """Roll up and purge beside the writing, so that neither waits for the other."""
        while True:
            await asyncio.sleep(_UPKEEP_EVERY_S)
            try:
                if self._is_connected:
                    await self._upkeep.roll_up()
                    await self._upkeep.purge(self._clock.now())
            except (DatabaseUnavailable, DatabaseRefused) as error:
                _log.warning("old records stay for now, and hours and days are not summed up: %s", error)

    async def _connected(self) -> None:
        """Go back to what the database really has: it may have lost its last second, or be another one."""
        recorded = await self._timed(lambda connection: last_seq(connection, self._history.hub))
        self._journal.cursor(RECORDER_CURSOR).rewind(recorded)
        self._is_connected = True
        self._up.set(1)
        self._health.set("database", "up", self._history.shown_url)

    def _away(self, why: str) -> None:
        self._is_connected = False
        self._up.set(0)
        self._health.set("database", "down", why)

    async def _write_events(self) -> bool:
        """Write one batch of events; say whether it was a full one."""
        cursor = self._journal.cursor(RECORDER_CURSOR)
        batch = await self._journal.read(cursor.position, _BATCH)
        if not batch:
            return False
        hub = self._history.hub

        def write(connection: Connection, events: Sequence[Event]) -> None:
            insert_events(connection, hub, events)
            record_sessions(connection, hub, events)

        await self._write_all(batch, write)
        cursor.advance(batch[-1].seq)
        return len(batch) == _BATCH

    async def _write_states(self) -> None:
        ids = list(self._dirty)[:_BATCH]
        gone = sorted(self._forgotten)
        for modem in ids:
            del self._dirty[modem]
            self._aging.pop(modem, None)
        self._states_in_flight = len(ids)
        try:
            registered, inputs = await self._store.read(
                lambda connection: (load_some_modems(connection, ids), load_some_inputs(connection, ids))
            )
            now = self._clock.now()
            rows = [
                modem_values(
                    self._history.hub,
                    row,
                    inputs.get(row.modem, ()),
                    self._states.get(row.modem) if row.modem in self._states else None,
                    now,
                )
                for row in registered
            ]
            await self._write_all(rows, upsert_modems)
            if gone:
                await self._timed(lambda connection: delete_modems(connection, self._history.hub, gone))
        except BaseException:
            self._dirty = dict.fromkeys(ids) | self._dirty
            raise
        finally:
            self._states_in_flight = 0
        if gone:
            self._forgotten.difference_update(gone)
            left = json.dumps(sorted(self._forgotten))
            await self._store.write(lambda connection: set_meta(connection, _FORGOTTEN, left))

    async def _write_series(self) -> None:
        if not self._is_merged:
            present = slot_start(self._clock.now())
            self._series.merge(
                await self._timed(lambda connection: load_slots(connection, self._history.hub, SLOT_S, present))
            )
            self._is_merged = True
        while rows := self._series.take(_BATCH):
            try:
                await self._write_all(rows, upsert_slots)
            except BaseException:
                self._series.give_back(rows)
                raise
            for start in {row.start for row in rows}:
                self._upkeep.written(start)
        self._series.drop_past(self._clock.now())

    async def _write_polls(self) -> None:
        while rows := self._polls.take(_BATCH):
            try:
                await self._write_all(rows, lambda connection, some: record_polls(connection, self._history.hub, some))
            except BaseException:
                self._polls.give_back(rows)
                raise

    async def _write_all(self, rows: Sequence[_R], write: Callable[[Connection, Sequence[_R]], None]) -> None:
        """Write rows in one transaction; where one cannot be written, the others are without it."""
        try:
            await self._timed(lambda connection: write(connection, rows))
        except (DatabaseRefused, *_BAD_ROW) as error:
            if len(rows) == 1:
                _log.error("one row cannot be written to the database, it is left out: %s", error)
                return
            half = len(rows) // 2
            await self._write_all(rows[:half], write)
            await self._write_all(rows[half:], write)

    async def _timed(self, job: Callable[[Connection], _R]) -> _R:
        began = self._clock.monotonic()
        result = await self._history.run(job, deadline_s=_FILE_WITHIN_S if self._history.is_file else DEADLINE_S)
        self._write_seconds.observe(self._clock.monotonic() - began)
        return result

    def _is_due(self, what: str, every_s: float) -> bool:
        now = self._clock.monotonic()
        if now < self._due.get(what, 0):
            return False
        self._due[what] = now + every_s
        return True


def _own_instance(connection: Connection, now_ms: int) -> str:
    """Return the mark that tells this hub's data from another's of the same id; made once."""
    instance = get_meta(connection, HUB_INSTANCE)
    if instance is None:
        instance = new_ulid(now_ms)
        set_meta(connection, HUB_INSTANCE, instance)
    return instance


async def _wait(event: asyncio.Event, at_most_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(at_most_s):
            await event.wait()
