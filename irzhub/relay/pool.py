"""A relay made of worker processes: same door as `Relay`, each modem belongs to one worker (ARCHITECTURE D8).

The hub's process accepts modems and reads their hellos; the worker that owns the modem gets the socket and
has everything from there on: password, session, polling port, programs. When a worker ends, its modems are
told as lost, it is started again and told all it must know; the other workers do not notice.
"""

import asyncio
import contextlib
import hashlib
import itertools
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import msgspec

from irzhub.core.clock import Clock
from irzhub.core.exceptions import StartError
from irzhub.core.handover import Handover
from irzhub.core.metrics import Metrics
from irzhub.core.tasks import Tasks
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.front import Front
from irzhub.relay.messages import Drained, RegistrationWanted, Resynced, Snapshot, ToHub, ToRelay
from irzhub.relay.orders import AskSnapshot, DecideRegistration, Drain, PutModem
from irzhub.relay.pool_note import PoolNote, settings_text
from irzhub.relay.restarts import WorkerTiming
from irzhub.relay.settings import RelaySettings
from irzhub.relay.totals import Totals
from irzhub.relay.worker_child import WorkerChild, WorkerNote
from irzhub.relay.worker_messages import schema_digest

_log = logging.getLogger(__name__)
NOTE: Final = "relay"
"""Under this name a pool leaves its note."""
_GRACE_S: Final = 1.0
_LOOK_S: Final = 0.02
_DECISIONS_LIMIT: Final = 10_000
_TIMING: Final = WorkerTiming()


def owner_of(modem: str, workers: int) -> int:
    """Return the number of the worker that owns a modem: the same for the same text, whatever the process."""
    return int.from_bytes(hashlib.blake2b(modem.encode(), digest_size=4).digest()) % workers


class WorkerPool:
    """`workers` relays in processes of their own behind one door; an async context manager.

    Args:
        to_hub: takes every message for the hub, in order for each modem, on the loop; must not block or raise.
        on_trouble: called with what is wrong in words whenever that changes, an empty text when all is well.
        left: what the pool of the hub before left; its workers are kept where their number is the same.
    """

    def __init__(
        self,
        workers: int,
        settings: RelaySettings,
        to_hub: Callable[[ToHub], None],
        clock: Clock,
        metrics: Metrics,
        on_trouble: Callable[[str], None] = lambda _: None,
        timing: WorkerTiming = _TIMING,
        *,
        left: PoolNote | None = None,
    ) -> None:
        self._to_hub = to_hub
        self._on_trouble = on_trouble
        self._tasks = Tasks("pool")
        self._totals = Totals(metrics)
        self._restarts = metrics.counter("relay_worker_restarts_total", "Relay workers that ended and were started.")
        self._left = left
        self._missed = 0
        self._to_resync = 0
        self._share = share = msgspec.structs.replace(settings, ring_total=settings.ring_total // workers)
        self.workers = tuple(
            WorkerChild(number, share, self._told, self._changed, clock, timing) for number in range(workers)
        )
        self._front = Front(settings, to_hub, self._hand_over, self._count_waiting, self._beat, clock)
        self._decisions: dict[int, tuple[WorkerChild, int, int]] = {}
        self._requests = itertools.count(1)
        self._is_open = False
        self._is_draining = False
        self._is_left = False

    async def __aenter__(self) -> Self:
        """Start all workers, then listen for modems.

        Raises:
            StartError: a worker cannot be started, or the port cannot be bound.
        """
        try:
            await self._start_workers()
            await self._front.open(None if self._left is None else self._left.front)
        except BaseException:
            await self._close()
            raise
        for worker in self.workers:
            worker.keep()
        self._is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not (self._is_draining or self._is_left):
            self._is_draining = True
            await self._drain(_GRACE_S)
        await self._close()

    def send(self, message: ToRelay) -> None:
        """Take a message of the hub; never blocks. May be called before the pool runs."""
        if isinstance(message, Drain):
            if not self._is_draining:
                self._is_draining = True
                self._tasks.spawn(self._drain(message.seconds), "drain")
        elif isinstance(message, AskSnapshot):
            for worker in self.workers:
                worker.send(message)
        elif isinstance(message, DecideRegistration):
            self._decide(message)
        else:
            modem = message.settings.modem if isinstance(message, PutModem) else message.modem
            self._owner(modem).send(message)

    # A hub that is about to be replaced.

    def rest(self) -> None:
        """Accept no modem until `go_on`; who dials waits in the kernel's queue."""
        self._front.rest()

    async def hold(self, within_s: float = 5.0) -> None:
        """Have all workers keep what they have to tell; all that they told before has been told.

        Raises:
            UpgradeRefused: one of them is away or does not answer; the caller has to say `go_on`.
        """
        give_up_at = asyncio.get_running_loop().time() + within_s / 2
        while self._count_waiting() and asyncio.get_running_loop().time() < give_up_at:  # noqa: ASYNC110 - sums
            await asyncio.sleep(_LOOK_S)
        ends = await asyncio.gather(*(worker.hold(within_s) for worker in self.workers), return_exceptions=True)
        for error in ends:  # all of them have ended: none is asked any more
            if error is not None:
                raise error

    def go_on(self) -> None:
        """The hub stays as it is after all."""
        self._is_left = False
        self._to_resync = len(self.workers)
        for worker in self.workers:
            worker.go_on()
        self._front.go_on()

    def leave(self, handover: Handover) -> None:
        """Leave everything to the next hub; after this, closing the pool ends no worker and no session."""
        self._is_left = True
        handover.leave(
            NOTE,
            {
                "schema": schema_digest(),
                "settings": settings_text(self._share),
                "front": self._front.leave(handover),
                "workers": [worker.leave(handover) for worker in self.workers],
            },
        )

    def _owner(self, modem: str) -> WorkerChild:
        return self.workers[owner_of(modem, len(self.workers))]

    # Sockets of modems.

    def _hand_over(self, dialled: DialledIn) -> bool:
        return self._owner(dialled.hello.modem).adopt(dialled)

    def _count_waiting(self) -> int:
        return sum(len(worker.hatch) for worker in self.workers)

    # Messages of the workers.

    def _told(self, worker: WorkerChild, message: ToHub) -> None:
        if isinstance(message, RegistrationWanted):
            self._ask(worker, message)
        elif isinstance(message, Snapshot):
            self._totals.note(worker.number, message)
            if len(self._totals) == sum(each.is_serving for each in self.workers):
                merged = self._totals.merged()
                lag = max(merged.loop_lag_s, self._front.take_worst_lag())
                self._to_hub(msgspec.structs.replace(merged, loop_lag_s=lag))
        elif isinstance(message, Resynced):
            self._resynced(message)
        elif not isinstance(message, Drained):  # there is one for all, by `_drain`
            self._to_hub(message)

    def _ask(self, worker: WorkerChild, message: RegistrationWanted) -> None:
        """Pass a question on under a number of the pool's own, as each worker counts for itself."""
        if len(self._decisions) >= _DECISIONS_LIMIT:  # the hub never answered these
            del self._decisions[next(iter(self._decisions))]
        number = next(self._requests)
        self._decisions[number] = (worker, worker.restarts, message.request)
        self._to_hub(msgspec.structs.replace(message, request=number))

    def _decide(self, message: DecideRegistration) -> None:
        worker, restarts, request = self._decisions.pop(message.request, (None, 0, 0))
        if worker is not None and worker.restarts == restarts:
            worker.send(msgspec.structs.replace(message, request=request))

    # The workers' lives.

    def _resynced(self, message: Resynced) -> None:
        """Say it once for all: after a worker was kept, and after the hub stayed although it was to be replaced."""
        self._missed += message.missed
        self._to_resync -= 1
        if self._to_resync <= 0:
            self._to_hub(Resynced(missed=self._missed))
            self._missed = 0

    async def _start_workers(self) -> None:
        notes = () if self._left is None else self._left.workers
        self._to_resync = len(notes)
        if self._left is not None and notes and self._left.settings != settings_text(self._share):
            _log.warning("relay workers keep the settings that they were started with; a full restart changes them")
        starts = (self._start(worker, left) for worker, left in itertools.zip_longest(self.workers, notes))
        ends = await asyncio.gather(*starts, return_exceptions=True)
        for error in ends:  # all of them have ended: none is left behind half started
            if error is not None:
                raise error

    async def _start(self, worker: WorkerChild, left: WorkerNote | None) -> None:
        if left is not None:
            try:
                left.child.watch()
                await worker.start(left)
            except (StartError, OSError) as error:
                _log.error("relay worker %d cannot be kept, its modems dial in anew: %s", worker.number, error)
                await worker.discard()
                self._resynced(Resynced(missed=0))
            else:
                return
        await worker.start()

    def _changed(self, changed: WorkerChild) -> None:
        if not changed.is_serving:
            self._totals.forget(changed.number)
            self._restarts.add()
        if not self._is_open or self._is_draining:
            return
        if away := [worker for worker in self.workers if not worker.is_serving]:
            modems = sum(worker.modems for worker in away)
            text = f"{len(away)} of {len(self.workers)} workers are away and started again; {modems} modems are theirs"
            self._on_trouble(text)
        else:
            self._on_trouble("")

    def _beat(self) -> None:
        for worker in self.workers:
            worker.beat()

    async def _drain(self, seconds: float) -> None:
        """Let no modem in any more, have every worker close what it has, and wait until all have done so."""
        self._front.shut()
        for worker in self.workers:
            worker.send(Drain(seconds=seconds))
        give_up_at = asyncio.get_running_loop().time() + seconds + _GRACE_S
        while not all(worker.is_drained or not worker.is_serving for worker in self.workers):
            if asyncio.get_running_loop().time() >= give_up_at:
                _log.warning("not all relay workers have drained within %g s", seconds)
                break
            await asyncio.sleep(_LOOK_S)
        self._to_hub(Drained())

    async def _close(self) -> None:
        await self._front.close()
        await self._tasks.close()
        async with contextlib.AsyncExitStack() as stack:
            for worker in self.workers:
                stack.push_async_callback(worker.close)
