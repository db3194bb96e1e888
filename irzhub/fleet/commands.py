"""Commands for modems: one persistent queue for each, apart from the meter's bytes.

Offers the service `modem.command`. A command is on the disk before it is on the wire, so that a restart knows
what was sent: what waits goes on waiting, what was under way is sent again only where that cannot harm
(questions, levels of outputs); of the rest nobody knows the outcome, and it says so. An expired command is never
sent. Each one ends with an outcome and a `command_finished` event.
"""

import asyncio
import dataclasses
import itertools
import logging
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.commands import REPEATABLE
from irzhub.core.clock import Clock
from irzhub.core.events import CommandFinished
from irzhub.core.exceptions import CommandError, IrzhubError, UnknownModem
from irzhub.core.metrics import Metrics
from irzhub.core.services import SMS_SEND, CommandOutcome, ModemCommand, Services, SmsMessage
from irzhub.core.tasks import Tasks
from irzhub.fleet.command_expiry import Expiry
from irzhub.fleet.command_line import CommandLine
from irzhub.fleet.command_queue import LiveCommand, ModemQueue, new_row, outcome_of
from irzhub.fleet.templates import CommandTemplates
from irzhub.journal.journal import Journal
from irzhub.relay.messages import CommandAnswered
from irzhub.relay.orders import SendCommand
from irzhub.storage.commands import (
    CommandRow,
    add_command,
    find_command,
    get_command,
    list_commands,
    load_living_commands,
    save_command,
)
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

WAITING_PER_MODEM: Final = 64
WAITING_IN_ALL: Final = 20_000
_CLOSE_WITHIN_S: Final = 3.0
_LOST: Final = "the hub ended while the command was under way: nobody knows whether the modem carried it out"
_EXPIRED: Final = "the modem did not come before the command expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLimits:
    """Times and tries of commands, in seconds; `sms_password`: the first word of a control SMS."""

    answer_timeout_s: float = 30.0
    ussd_timeout_s: float = 35.0
    attempts: int = 2
    retry_pause_s: float = 1.5
    sms_password: str = field(default="5492", repr=False)  # the vendor's


@dataclass(slots=True)
class CommandDesk:
    """Takes commands, sends each when its modem is there and its turn has come, and tells how it ended."""

    registry: Container[object]
    store: LocalStore
    journal: Journal
    services: Services
    clock: Clock
    metrics: Metrics
    templates: CommandTemplates
    send: Callable[[SendCommand], None]
    is_present: Callable[[str], bool]
    limits: CommandLimits = field(default_factory=CommandLimits)
    on_done: Callable[[CommandRow], None] = lambda _row: None
    _living: dict[str, LiveCommand] = field(default_factory=dict)
    _queues: dict[str, ModemQueue] = field(default_factory=dict)
    _by_dedupe: dict[str, LiveCommand] = field(default_factory=dict)
    line: CommandLine = field(init=False)
    _expiry: Expiry = field(init=False)
    _tasks: Tasks = field(default_factory=lambda: Tasks("commands"))
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _is_closing: bool = False

    def __post_init__(self) -> None:
        self.line = CommandLine(self.send)
        self._expiry = Expiry(self.clock, self._waits, self._expire)

    async def start(self) -> None:
        """Take up what was not finished when the hub ended."""
        for row in await self.store.read(load_living_commands):
            live = LiveCommand(row, next(self._numbers))
            self._keep(live)
            if row.modem not in self.registry:
                self._end(live, "failed", error="the modem was deleted")
            elif row.status == "sent" and row.command not in REPEATABLE:
                self._end(live, "failed", error=_LOST)
            else:
                live.row = dataclasses.replace(row, status="queued")
                self._queue(row.modem).put(live)
        gauge = self.metrics.gauge("commands_waiting", "Commands that wait for their turn or their modem.")
        gauge.source = lambda: {(): float(sum(live.is_queued for live in self._living.values()))}
        for modem in tuple(self._queues):
            self._pump(modem)

    async def close(self) -> None:
        """Send nothing more and wait a moment for what is under way; the rest waits for the next start."""
        self._is_closing = True
        self._expiry.close()
        await self.line.wait_idle(_CLOSE_WITHIN_S)
        await asyncio.sleep(0)  # those who waited for these answers end their commands now
        await self._tasks.close()

    async def run(self, command: ModemCommand) -> CommandOutcome:
        """Carry out one command and wait for its end: the handler of `modem.command`.

        Who stops waiting does not stop the command.

        Raises:
            UnknownModem: nobody knows that modem.
            CommandError: it cannot be taken.
        """
        if command.dedupe is not None and (ended := await self._find(command.dedupe)) is not None:
            return outcome_of(ended)
        live = self._by_dedupe.get(command.dedupe or "") or await self._take(command)
        if live.row.finished_at is not None:
            return outcome_of(live.row)
        waiter: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
        live.waiters.append(waiter)
        return await waiter

    async def submit(self, command: ModemCommand) -> CommandRow:
        """Take one command and return it as it stands then; it is on the disk.

        Raises:
            UnknownModem: nobody knows that modem.
            CommandError: its name or arguments are wrong, it has no known form, or too many wait already.
        """
        return (await self._take(command)).row

    async def cancel(self, id_: str) -> CommandRow | None:
        """Call off a command that was not sent yet; None when nobody knows it.

        Raises:
            CommandError: it is under way, or over.
        """
        if (live := self._living.get(id_)) is None:
            if (row := await self.store.read(partial(get_command, id_=id_))) is not None:
                raise CommandError(f"expected a command that waits, this one is {row.status}")
            return None
        if not live.is_queued:
            raise CommandError(f"expected a command that waits, this one is {live.row.status}")
        self._end(live, "cancelled", error="it was cancelled")
        return live.row

    def cancel_asked_as(self, dedupe: str) -> None:
        """Call off the command that was asked for under a name, if it still waits."""
        if (live := self._by_dedupe.get(dedupe)) is not None and live.is_queued:
            self._end(live, "cancelled", error="it was cancelled")

    async def get(self, id_: str) -> CommandRow | None:
        """Return one command, None when nobody knows it."""
        if (live := self._living.get(id_)) is not None:
            return live.row
        return await self.store.read(partial(get_command, id_=id_))

    async def page(
        self,
        *,
        modem: str | None = None,
        status: str | None = None,
        command: str | None = None,
        before: str | None = None,
        limit: int = 100,
    ) -> list[CommandRow]:
        """Return commands from new to old, behind the id `before`, as they are on the disk."""
        await self.journal.flush()
        job = partial(list_commands, modem=modem, status=status, command=command, before=before, limit=limit)
        return await self.store.read(job)

    # What the fleet tells.

    def modem_returned(self, modem: str) -> None:
        """The modem is connected: what waits for it goes out now."""
        self._pump(modem)

    def answered(self, message: CommandAnswered) -> None:
        """Take the relay's word on how a command ended."""
        self.line.answered(message)

    def forget(self, modem: str) -> None:
        """A modem was deleted: what waits for it is over."""
        for live in self._queues.pop(modem, ModemQueue()).all():
            if live.is_queued:
                self._end(live, "failed", error="the modem was deleted")

    # Taking.

    async def _take(self, command: ModemCommand) -> LiveCommand:
        if command.modem not in self.registry:
            raise UnknownModem(f"no modem {command.modem!r} is registered")
        try:
            self.templates.check(command)
        except LocalProtocolError as error:
            raise CommandError(str(error)) from error
        queue = self._queue(command.modem)
        if queue.waiting >= WAITING_PER_MODEM:
            raise CommandError(f"{WAITING_PER_MODEM} commands wait for this modem already")
        if len(self._living) >= WAITING_IN_ALL:
            raise CommandError(f"{WAITING_IN_ALL} commands are not finished yet: no more are taken now")
        live = LiveCommand(new_row(command, self.clock.now()), next(self._numbers))
        self._keep(live)
        await self._add(live, queue)
        return live

    async def _add(self, live: LiveCommand, queue: ModemQueue) -> None:
        """Store a command; where nothing is before it, as sent at once, which saves a second commit."""
        is_first = queue.is_empty and self._may_send(live)
        if is_first:
            queue.under_way = live
            self._mark_sent(live)
        row = live.row
        try:
            await self.store.write(lambda connection: add_command(connection, row))
        except LocalStoreFailed as error:
            # What is on no disk is not sent again after a restart, so an operator may still act on a modem.
            _log.warning("the command %s for %s is not on the disk: %s", row.command, row.modem, error)
            live.is_stored = False
        except asyncio.CancelledError:
            # Whoever asked has gone away; the command is on its way to the disk and is carried out.
            self._begin_or_wait(live, is_first=is_first)
            raise
        self._begin_or_wait(live, is_first=is_first)

    def _begin_or_wait(self, live: LiveCommand, *, is_first: bool) -> None:
        if is_first:
            _ = self._tasks.spawn(self._carry_out(live), live.row.id)
            return
        if live.is_queued:
            self._queue(live.row.modem).put(live)  # the one before may have been dropped as empty meanwhile
            self._pump(live.row.modem)

    async def _find(self, dedupe: str) -> CommandRow | None:
        """Return the ended command that was asked for under a name before."""
        if dedupe in self._by_dedupe:
            return None
        return await self.store.read(partial(find_command, dedupe=dedupe))

    def _keep(self, live: LiveCommand) -> None:
        self._living[live.row.id] = live
        if live.row.dedupe is not None:
            self._by_dedupe[live.row.dedupe] = live
        self._expiry.watch(live.row.id, live.row.expires_at)

    def _queue(self, modem: str) -> ModemQueue:
        return self._queues.setdefault(modem, ModemQueue())

    # Sending.

    def _may_send(self, live: LiveCommand) -> bool:
        is_alive = not self._is_closing and live.row.expires_at > self.clock.now()
        return is_alive and (live.row.via == "sms" or self.is_present(live.row.modem))

    def _pump(self, modem: str) -> None:
        """Begin the next command of a modem, if it can be sent now."""
        queue = self._queues.get(modem)
        if queue is None or queue.under_way is not None or self._is_closing:
            return
        skipped = []
        while queue.under_way is None and (live := queue.take(asyncio.get_running_loop().time())) is not None:
            if live.row.expires_at <= self.clock.now():
                self._end(live, "expired", error=_EXPIRED)
            elif self._may_send(live):
                queue.under_way = live
                self._mark_sent(live)
                _ = self._tasks.spawn(self._store_and_carry_out(live), live.row.id)
            else:
                skipped.append(live)
        for live in skipped:
            queue.put(live)
        if queue.is_empty:
            self._queues.pop(modem, None)

    def _mark_sent(self, live: LiveCommand) -> None:
        live.row = dataclasses.replace(
            live.row, status="sent", attempts=live.row.attempts + 1, sent_at=self.clock.now()
        )

    async def _store_and_carry_out(self, live: LiveCommand) -> None:
        row = live.row
        try:
            await self.store.write(lambda connection: save_command(connection, row))
        except LocalStoreFailed as error:
            if row.command not in REPEATABLE and live.is_stored:
                # The disk says that it waits: after a restart it would be sent a second time.
                self._end(live, "failed", error=f"it was not sent, because the hub's disk takes nothing: {error}")
                return
        await self._carry_out(live)

    async def _carry_out(self, live: LiveCommand) -> None:
        if live.row.via == "sms":
            await self._send_sms(live)
            return
        row = live.row
        timeout_s = self.limits.ussd_timeout_s if row.command == "ussd" else self.limits.answer_timeout_s
        answer = await self.line.ask(row, self.templates.form_of(row.command, row.args), timeout_s)
        self._conclude(live, answer)

    def _conclude(self, live: LiveCommand, answer: CommandAnswered) -> None:
        """End the command, or let it wait for another try."""
        row = live.row
        if answer.status == "ok":
            self._end(live, "done", result=dict(answer.data))
        elif answer.cause == "not_sent" and row.expires_at > self.clock.now():
            self._again(live, attempts=row.attempts - 1)
        elif answer.cause in ("refused", "invalid", "not_sent"):
            self._end(live, "failed", result=dict(answer.data), error=answer.error)
        elif row.command in REPEATABLE and row.attempts < self.limits.attempts:
            self._again(live, attempts=row.attempts)
        elif row.command in REPEATABLE:
            self._end(live, "failed", error=f"{answer.error}, {row.attempts} times tried")
        else:
            self._end(live, "failed", error=f"{answer.error}: nobody knows whether it was carried out")

    def _again(self, live: LiveCommand, *, attempts: int) -> None:
        """Put a command back before the others of its kind; it is tried after a pause, when its modem is there."""
        row = live.row = dataclasses.replace(live.row, status="queued", attempts=attempts)
        loop = asyncio.get_running_loop()
        live.not_before = loop.time() + self.limits.retry_pause_s
        queue = self._queue(row.modem)
        queue.under_way = None
        queue.put(live)
        self.journal.write_state(lambda connection: save_command(connection, row))
        loop.call_later(self.limits.retry_pause_s + 0.01, self._pump, row.modem)
        self._expiry.watch(row.id, row.expires_at)

    async def _send_sms(self, live: LiveCommand) -> None:
        row = live.row
        try:
            text = self.templates.sms_text(row.command, row.args, self.limits.sms_password)
            message = SmsMessage(to=row.phone or "", text=text, modem=row.modem, origin=row.origin)
            outcome = await self.services.call(SMS_SEND, message)
        except (IrzhubError, LocalProtocolError) as error:
            self._end(live, "failed", error=f"the SMS was not sent: {error}")
            return
        if outcome.status == "failed":
            self._end(live, "failed", error=f"the SMS was not sent: {outcome.error}")
        else:
            self._end(live, "done", result={"sms": outcome.status})

    # Ending.

    def _end(
        self, live: LiveCommand, status: str, *, result: dict[str, Any] | None = None, error: str | None = None
    ) -> None:
        now = self.clock.now()
        row = live.row = dataclasses.replace(
            live.row, status=status, result=result or None, error=error, finished_at=now
        )
        self._living.pop(row.id, None)
        if row.dedupe is not None:
            self._by_dedupe.pop(row.dedupe, None)
        outcome = outcome_of(row)
        self.metrics.counter("commands_total", "Modem commands by name and result", "command", "result").add(
            1, row.command, outcome.status
        )
        event = CommandFinished(
            ts=now,
            modem=row.modem,
            command=row.command,
            status=outcome.status,
            origin=row.origin,
            result=outcome.data,
            error=error,
            command_id=row.id,
            via=row.via,
            attempts=row.attempts,
        )
        self.journal.append(event, write=lambda connection: save_command(connection, row))
        for waiter in live.waiters:
            if not waiter.done():
                waiter.set_result(outcome)
        self.on_done(row)
        queue = self._queues.get(row.modem)
        if queue is not None and queue.under_way is live:
            queue.under_way = None
            self._pump(row.modem)

    def _expire(self, id_: str) -> None:
        self._end(self._living[id_], "expired", error=_EXPIRED)

    def _waits(self, id_: str) -> bool:
        return id_ in self._living and self._living[id_].is_queued
