"""Takes messages in batches: whom they reach, what the disk knows of them, and then the book."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox_book import Told
from irzhub.alerts.outbox_flow import OutboxFlow
from irzhub.alerts.outbox_keys import told_key
from irzhub.alerts.outbox_ports import Reached
from irzhub.alerts.outbox_rows import ESCALATION
from irzhub.core.clock import Clock
from irzhub.storage.errors import StorageError
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.outbox import OutboxRow, incident_recipients, known_keys, opening_recipients

_log = logging.getLogger(__name__)

BATCH: Final = 250
"""Messages of one turn of the loop: some 10 ms."""
StartLadder = Callable[[Message, str], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message and the future of who told it."""

    message: Message
    future: asyncio.Future[Told]


@dataclass(slots=True)
class _Knowledge:
    """What the disk knows of a batch."""

    keys: set[str] = field(default_factory=set)
    incidents: dict[int, list[OutboxRow]] = field(default_factory=dict)
    openings: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)


class OutboxIntake:
    """The door of the outbox."""

    def __init__(
        self,
        book: OutboxFlow,
        store: LocalStore,
        clock: Clock,
        commit: Callable[[], Awaitable[bool]],
        start_ladder: StartLadder,
    ) -> None:
        self._book = book
        self._store = store
        self._clock = clock
        self._commit = commit
        self._start_ladder = start_ladder
        self._incoming: list[_Waiting] = []
        self._has_some = asyncio.Event()

    def put(self, message: Message) -> asyncio.Future[Told]:
        """Take a message; the future is done once it is stored, or the disk had its time."""
        future: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._incoming.append(_Waiting(message, future))
        self._has_some.set()
        return future

    async def run(self) -> None:
        """Take in what comes, for ever."""
        while True:
            await self._has_some.wait()
            await self.drain()

    async def drain(self) -> None:
        """Take in all that has come so far."""
        while self._incoming:
            batch, self._incoming = self._incoming[:BATCH], self._incoming[BATCH:]
            await self._take(batch)
        self._has_some.clear()

    async def _take(self, batch: list[_Waiting]) -> None:
        now = self._clock.now()
        reached = [self._book.directory.reach(each.message, now) for each in batch]
        known = await self._look_up([each.message for each in batch], reached)
        for incident, rows in known.incidents.items():
            self._book.learn_incident(incident, rows)
        results = [self._accept(each.message, whom, known) for each, whom in zip(batch, reached, strict=True)]
        await self._commit()
        for each, told in zip(batch, results, strict=True):
            if not each.future.done():
                each.future.set_result(told)

    def _accept(self, message: Message, whom: Reached, known: _Knowledge) -> Told:
        if whom.unknown:
            _log.warning("rule %s tells %s, whom nobody knows", message.rule, ", ".join(whom.unknown))
        recipients = self._who_heard(message, whom.recipients, known) if message.closes else whom.recipients

        def is_known(key: str) -> bool:
            if key in known.keys:
                return True
            known.keys.add(key)
            return False

        told = self._book.accept(message, recipients, is_known, self._clock.now())
        if message.incident is not None and not message.closes:
            for ladder in whom.ladders:
                self._start_ladder(message, ladder)
        return told

    def _who_heard(
        self, message: Message, recipients: tuple[Recipient, ...], known: _Knowledge
    ) -> tuple[Recipient, ...]:
        """Return who is to hear that something is over: those of the recipients who heard that it began.

        Of an incident that is also who heard by a ladder; without any name in the message it is everyone who heard.
        """
        if message.incident is None:
            heard = known.openings.get((message.rule, message.subject), set())
            return tuple(each for each in recipients if (each.channel, each.address) in heard)
        told = self._book.told_of(message.incident)
        wanted = {(each.channel, each.address) for each in recipients}
        is_open_to_all = not message.targets and not message.recipients
        contacts = {(each.channel, each.address): each for each in recipients}
        return tuple(
            contacts.get((channel, address)) or Recipient(channel, address)  # type: ignore[arg-type]
            for (channel, address, closes), (rule, _) in list(told.items())
            if not closes and (is_open_to_all or (channel, address) in wanted or rule.startswith(ESCALATION))
        )

    async def _look_up(self, messages: list[Message], reached: list[Reached]) -> _Knowledge:
        keys = [
            told_key(message.event_id, message.rule, recipient)
            for message, whom in zip(messages, reached, strict=True)
            for recipient in whom.recipients
        ]
        roots = {self._book.incidents.root_of(each.incident) for each in messages if each.incident is not None}
        unknown = [root for root in roots if not self._book.knows_incident(root)]
        over = {(each.rule, each.subject) for each in messages if each.closes and each.incident is None}

        def read(connection: Connection) -> _Knowledge:
            return _Knowledge(
                known_keys(connection, keys),
                {root: incident_recipients(connection, root) for root in unknown},
                {(rule, subject): opening_recipients(connection, rule, subject) for rule, subject in over},
            )

        try:
            return await self._store.read(read)
        except StorageError as error:
            _log.warning("what was told already cannot be read, a repeat is possible: %s", error)
            return _Knowledge()
