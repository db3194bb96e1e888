"""amqtt 0.12.1 made safe to use: the leak closed, retained messages kept on disk.

As it comes, it sends every newcomer the retained messages of everybody else's subscriptions and stops
delivering when clients come and go. Its own store of retained messages loses them. The version is pinned,
as private names are used; `tests/mqtt/test_amqtt_fixes.py` fails when an update changes them.
"""

import asyncio
import hmac
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from amqtt.broker import Broker, BrokerContext, RetainedApplicationMessage
from amqtt.plugins.base import BaseAuthPlugin, BasePlugin
from amqtt.session import Session

_FLUSH_S: Final = 0.2
_SCHEMA: Final = "CREATE TABLE IF NOT EXISTS retained (topic TEXT PRIMARY KEY, data BLOB NOT NULL, qos INTEGER) STRICT"
_PUT: Final = "INSERT INTO retained VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data=excluded.data, qos=excluded.qos"
_DROP: Final = "DELETE FROM retained WHERE topic = ?"


class SteadyDict(dict[str, Any]):
    """A dict that may change while somebody iterates over it, as amqtt does across awaits."""

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().keys()))

    def items(self) -> Any:
        return dict(super().items()).items()


class FixedBroker(Broker):  # type: ignore[misc]  # amqtt is seen as untyped
    """amqtt's broker, sending retained messages only to those who subscribed to them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._subscriptions: SteadyDict = SteadyDict()

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        subscribers = self._subscriptions.get(subscription[0], [])
        if any(subscriber.client_id == session.client_id for subscriber, _ in subscribers):
            await super()._publish_retained_messages_for_subscription(subscription, session)


class RetainedStore:
    """Retained messages in a SQLite file, written together every 0.2 s on a thread."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._changed: dict[str, tuple[bytes, int | None]] = {}
        self._connection: sqlite3.Connection | None = None

    def load(self) -> dict[str, tuple[bytes, int | None]]:
        """Open the file and return what it holds by topic: payload and QoS."""
        self._connection = connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(_SCHEMA)
        return {topic: (data, qos) for topic, data, qos in connection.execute("SELECT topic, data, qos FROM retained")}

    def note(self, topic: str, data: bytes, qos: int | None) -> None:
        """Keep a retained message for the next write; an empty one is forgotten."""
        self._changed[topic] = (data, qos)

    async def write_for_ever(self) -> None:
        """Write what changed, five times a second, until cancelled."""
        while True:
            await asyncio.sleep(_FLUSH_S)
            changed, self._changed = self._changed, {}
            if changed:
                await asyncio.shield(asyncio.to_thread(self._write, changed))

    def close(self) -> None:
        """Write the rest and close the file."""
        if self._connection is not None:
            self._write(self._changed)
            self._connection.close()
            self._connection = None

    def _write(self, changed: dict[str, tuple[bytes, int | None]]) -> None:
        if (connection := self._connection) is None:
            return
        connection.execute("BEGIN")
        connection.executemany(_PUT, [(topic, data, qos) for topic, (data, qos) in changed.items() if data])
        connection.executemany(_DROP, [(topic,) for topic, (data, _) in changed.items() if not data])
        connection.execute("COMMIT")


class RetainedPlugin(BasePlugin[BrokerContext]):  # type: ignore[misc]
    """Loads the retained messages before the broker listens and notes every change of them."""

    @dataclass
    class Config:
        """Where the SQLite file is."""

        store: str

    def __init__(self, context: BrokerContext) -> None:
        super().__init__(context)
        self._store = RetainedStore(self.config.store)
        self._writing: asyncio.Task[None] | None = None

    async def on_broker_pre_start(self) -> None:
        """Fill the broker's retained messages from the file."""
        for topic, (data, qos) in self._store.load().items():
            self.context.retained_messages[topic] = RetainedApplicationMessage(None, topic, data, qos)
        # The only task of this small process beside amqtt's own; it ends in on_broker_post_shutdown.
        self._writing = asyncio.get_running_loop().create_task(self._store.write_for_ever(), name="retained-store")

    async def on_broker_retained_message(
        self, *, client_id: str | None, retained_message: RetainedApplicationMessage
    ) -> None:
        """Note a change; one with a client is no retained message but one queued for an absent subscriber."""
        if client_id is None:
            self._store.note(retained_message.topic, bytes(retained_message.data or b""), retained_message.qos)

    async def on_broker_post_shutdown(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait((self._writing,))
        self._store.close()


class OneUserPlugin(BaseAuthPlugin):  # type: ignore[misc]
    """Lets in the one user of the settings, or everybody when there is none."""

    @dataclass
    class Config:
        """The user, None for anybody."""

        username: str | None = None
        password: str | None = None

    async def authenticate(self, *, session: Session) -> bool:
        """Say whether the client may come in; anonymous sessions are not kept over an absence."""
        wanted = self.config.username
        if wanted is None:
            session.is_anonymous = True
            return True
        has_name = hmac.compare_digest((session.username or "").encode(), wanted.encode())
        has_password = hmac.compare_digest((session.password or "").encode(), (self.config.password or "").encode())
        return has_name and has_password
