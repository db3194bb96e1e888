"""Several modems with one queue: takes orders from the hub, keeps how they stand, and tells what came in."""

import asyncio
import dataclasses
import logging
from collections import OrderedDict
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

from irzhub.api import (
    CallOutcome,
    DeliveryTold,
    GsmModemList,
    GsmModemView,
    IntegrationHub,
    LocalStoreFailed,
    PhoneCancel,
    PhoneOrder,
    new_ulid,
    purge_phone,
    save_phone_order,
    take_up_phone_orders,
)

from .inbox import Inbox
from .modem import GsmModem
from .pdu import Deliver, StatusReport
from .pin_guard import PinGuard
from .queue import Job, OrderQueue
from .reports import Ended, ReportBook
from .schema import GsmSettings
from .sending import Sent

_log = logging.getLogger(__name__)

PRIORITY: Final = {"now": 0, "soon": 1, "background": 2}
OF_OUTBOX: Final = "outbox:"
"""How the origin of an order begins that carries a notification; behind it stands the notification's id."""
_TIDY_S: Final = 1.0
_PURGE_EVERY: Final = 3600
_AGAIN_S: Final = 30.0
_LONGEST_AGAIN_S: Final = 600.0
DOUBTFUL_AGAIN_S: Final = 120.0
"""After which an SMS that may have left goes out once more, marked as a possible repeat."""
_ATTEMPTS: Final = 10
CLOSED: Final = "the GSM modem was taken out of the settings, or they changed"
_ROWS: Final = 500
_BUSY: Final = 10
_MOST_REPORTS: Final = 2000


class PhoneDesk:
    """Owns the modems and their queue; orders that are kept outlive a restart, others are their orderer's care."""

    def __init__(self, hub: IntegrationHub, settings: GsmSettings) -> None:
        self._hub = hub
        self._settings = settings
        self.queue = OrderQueue()
        self.inbox = Inbox(hub)
        self._reports = ReportBook()
        self._delivered: OrderedDict[str, asyncio.Future[str]] = OrderedDict()
        self.modems = tuple(
            GsmModem(place, settings, self.queue, self, PinGuard(hub.store, place.name, place.pin).one_try, hub.clock)
            for place in settings.modems
        )

    async def start(self) -> None:
        """Take up what waited when the hub ended, and set the modems going."""
        now = self._hub.clock.now()
        for order in await self._hub.store.write(lambda connection: take_up_phone_orders(connection, now)):
            rest_s = DOUBTFUL_AGAIN_S if order.may_repeat else 0.0
            self.queue.put(Job(order, order.text or "", not_before=self._hub.clock.monotonic() + rest_s))
        gauge = self._hub.metrics.gauge("sms_queue_length", "SMS and calls that wait for a GSM modem.")
        gauge.source = lambda: {(): float(len(self.queue))}
        for modem in self.modems:
            self._hub.spawn(modem.keep_running(self._hub.spawn), f"modem {modem.view.name}")
        self._hub.spawn(self._keep_tidy(), "tidy")
        self.changed()

    async def close(self) -> None:
        """Tell who waits that nobody works here any more; what is kept is taken up by the next desk."""
        for job in self.queue.jobs():
            if not job.order.is_kept and self.queue.remove(job.id) is not None:
                self._end(job, "failed", error=CLOSED)

    def order(self, kind: str, number: str, text: str = "", **about: Any) -> Job:
        """Make a job of a checked number; `enqueue` lets it go."""
        now = self._hub.clock.now()
        is_held = about.pop("is_held", False)
        hides_text = about.pop("hides_text", False)
        urgency = about.pop("urgency", "soon")
        order = PhoneOrder(
            id=new_ulid(int(now.timestamp() * 1000)),
            kind=kind,
            number=number,
            text=None if hides_text else text[:12000],
            priority=PRIORITY[urgency],
            status="queued",
            created_at=now,
            **about,
        )
        return Job(order, text, is_held=is_held)

    def enqueue(self, job: Job) -> None:
        """Put a job into the queue at once; its orderer keeps it, the row is for people to see."""
        self._save(job.order)
        self.queue.put(job)

    async def keep(self, job: Job) -> None:
        """Put a job into the queue once it is stored.

        Raises:
            LocalStoreFailed: it is not, so nothing goes out and whoever asked may ask again.
        """
        await asyncio.shield(self._save(job.order))
        self.queue.put(job)

    async def wait(self, job: Job, untaken_s: float | None = None) -> PhoneOrder:
        """Return the order as it ended.

        Args:
            job: is in the queue, or was.
            untaken_s: after so long without a modem that could take it, it is called off with the reason; while
                one works through what came before, `_BUSY` times as long.
        """
        try:
            for _ in range(_BUSY):
                await asyncio.wait((job.ended,), timeout=untaken_s)
                if job.id not in self.queue or not any(modem.is_ready for modem in self.modems):
                    break
            if not job.ended.done() and self.queue.remove(job.id) is not None:
                job.last = Sent("later", self.why_not())
                self._end(job, "failed", error=self.why_not())
            await asyncio.wait((job.ended,))
        except asyncio.CancelledError:
            if self.queue.remove(job.id) is not None:
                self._end(job, "cancelled", error="who ordered it waits no longer")
            raise
        return job.ended.result()

    async def wait_delivered(self, order: PhoneOrder, wait_s: float) -> str:
        """Return `delivered`, `failed`, or `sent` when no report comes in time."""
        future = self._delivered.setdefault(order.id, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(wait_s):
                return await asyncio.shield(future)
        except TimeoutError:
            return "sent"
        finally:
            self._delivered.pop(order.id, None)

    async def cancel(self, wanted: PhoneCancel) -> bool:
        """Call off what waits; what a modem has taken cannot be."""
        job = self.queue.remove(wanted.order)
        if job is None:
            return False
        await asyncio.shield(self._end(job, "cancelled"))
        return True

    async def list_modems(self, _: GsmModemList) -> tuple[GsmModemView, ...]:
        """Return how the modems are."""
        return tuple(modem.view for modem in self.modems)

    def why_not(self) -> str:
        """Say why nothing goes out."""
        if any(modem.is_ready for modem in self.modems):
            return "the GSM modem is busy"
        return "; ".join(f"{modem.view.name}: {modem.view.detail or modem.view.state}" for modem in self.modems)

    # What the modems tell.

    def begun(self, modem: str, job: Job) -> None:
        job.order = dataclasses.replace(job.order, status="sending", by=modem, attempts=job.order.attempts + 1)
        self._save(job.order)

    def sms_sent(self, modem: str, job: Job, sent: Sent) -> None:
        job.last = sent
        job.order = dataclasses.replace(job.order, references=list(sent.references))
        if sent.outcome == "sent":
            self._end(job, "sent", sent_at=self._hub.clock.now())
            if job.order.wants_report:
                self._delivered[job.id] = asyncio.get_running_loop().create_future()
                while len(self._delivered) > _MOST_REPORTS:
                    self._delivered.popitem(last=False)
                self._delivery_told(self._reports.expect(modem, job.order, self._hub.clock.monotonic()))
        elif sent.outcome == "refused":
            self._end(job, "failed", error=sent.error)
        elif sent.outcome == "unknown":
            self._in_doubt(job, sent)
        elif job.is_held or job.order.attempts >= _ATTEMPTS:
            self._end(job, "failed", error=sent.error)
        else:
            pause_s = min(_AGAIN_S * 2 ** (job.order.attempts - 1), _LONGEST_AGAIN_S)
            self._again(job, pause_s, sent.error)

    def call_ended(self, _modem: str, job: Job, outcome: CallOutcome) -> None:
        self._end(job, outcome.status, error=outcome.error)

    async def received(self, modem: str, message: Deliver) -> None:
        await self.inbox.take(modem, message)

    def take_soon(self, modem: str, message: Deliver) -> None:
        self._hub.spawn(self.inbox.take(modem, message), "take an SMS")

    def reported(self, modem: str, report: StatusReport) -> None:
        self._delivery_told(self._reports.take(modem, report, self._hub.clock.monotonic()))

    def called(self, modem: str, number: str) -> None:
        self.inbox.called(modem, number)

    def changed(self) -> None:
        low = [modem.view for modem in self.modems if modem.view.is_balance_low]
        ready = [modem for modem in self.modems if modem.is_ready]
        if not ready:
            self._hub.report("starting" if self._is_starting else "down", self.why_not())
        elif low:
            told = ", ".join(f"{view.name}: {view.balance:g}" for view in low)
            self._hub.report(
                "degraded", f"the balance of a SIM card is below {self._settings.balance_warn_below:g}: {told}"
            )
        elif len(ready) < len(self.modems):
            away = "; ".join(
                f"{each.view.name}: {each.view.detail or each.view.state}" for each in self.modems if not each.is_ready
            )
            self._hub.report("degraded", away)
        else:
            self._hub.report("up", "; ".join(f"{each.view.name}: {each.view.operator or 'ready'}" for each in ready))

    @property
    def _is_starting(self) -> bool:
        return all(modem.view.state == "starting" or not modem.view.detail for modem in self.modems)

    def _delivery_told(self, ended: Ended | None) -> None:
        if ended is None:
            return
        order, status = ended
        error = None if status == "delivered" else "the network took it and could not deliver it"
        self._save(dataclasses.replace(order, status=status, error=error, finished_at=self._hub.clock.now()))
        if order.origin.startswith(OF_OUTBOX):
            self._hub.bus.publish(DeliveryTold(order.origin.removeprefix(OF_OUTBOX), status, error))
        waiter = self._delivered.get(order.id)
        if waiter is not None and not waiter.done():
            waiter.set_result(status)

    def _in_doubt(self, job: Job, sent: Sent) -> None:
        # Only what a person ordered goes out again by itself: a control SMS that comes twice may switch twice.
        if not job.order.is_kept or job.order.may_repeat:
            self._end(job, "unknown", error=sent.error)
            return
        job.order = dataclasses.replace(job.order, may_repeat=True)
        self._again(job, DOUBTFUL_AGAIN_S, sent.error)

    def _again(self, job: Job, pause_s: float, error: str | None) -> None:
        job.order = dataclasses.replace(job.order, status="queued", error=error)
        job.not_before = self._hub.clock.monotonic() + pause_s
        self._save(job.order)
        self.queue.put(job)

    def _end(
        self, job: Job, status: str, *, error: str | None = None, sent_at: datetime | None = None
    ) -> asyncio.Future[None]:
        now = self._hub.clock.now()
        job.order = dataclasses.replace(job.order, status=status, error=error, sent_at=sent_at, finished_at=now)
        stored = self._save(job.order)
        if not job.ended.done():
            job.ended.set_result(job.order)
        return stored

    def _save(self, order: PhoneOrder) -> asyncio.Future[None]:
        stored = self._hub.store.write(partial(save_phone_order, row=order))
        stored.add_done_callback(_look_at)
        return stored

    async def _keep_tidy(self) -> None:
        for turn in count(1):
            await asyncio.sleep(_TIDY_S)
            now = self._hub.clock.now()
            self.inbox.give_up_late()
            for job in self.queue.jobs():
                if job.order.expires_at is not None and job.order.expires_at <= now:
                    self.queue.remove(job.id)
                    self._end(job, "expired", error=job.order.error or self.why_not())
            if turn % _PURGE_EVERY == 0:
                await self._purge(now - timedelta(days=self._settings.keep_days))

    async def _purge(self, before: datetime) -> None:
        with suppress(LocalStoreFailed):
            # Rows go in portions, with room between them for others who write.
            while await self._hub.store.write(lambda connection: purge_phone(connection, before, _ROWS)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


def _look_at(stored: "asyncio.Future[None]") -> None:
    if not stored.cancelled() and (error := stored.exception()) is not None:
        _log.warning("how an SMS or call stands was not stored: %s", error)
