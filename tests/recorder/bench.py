"""A recorder with all that it stands on: real files, a real database, and a hub's events by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text

from irzhub.config.settings import DatabaseSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event, GpiChanged, ModemConnected, ModemDisconnected
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.state import ModemState, StateStore
from irzhub.journal.journal import Journal
from irzhub.recorder.recorder import Recorder
from irzhub.storage.history import HistoryStore
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import ModemRow, save_modem


class Bench:
    """One hub's recording side; `url` may name a database that is away."""

    def __init__(self, data_dir: Path, url: str) -> None:
        self.bus = Bus()
        self.clock = SystemClock()
        self.health = Health(self.bus)
        self.metrics = Metrics()
        self.states = StateStore(self.bus)
        self.store = LocalStore(data_dir)
        self.journal = Journal(self.store, self.bus, self.clock, self.health, self.metrics)
        self.history = HistoryStore(url, data_dir, "main")
        self.recorder = Recorder(
            DatabaseSettings(url=url),
            self.history,
            self.journal,
            self.store,
            self.states,
            self.bus,
            self.clock,
            self.health,
            self.metrics,
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for part in (self.store, self.journal, self.history, self.recorder):
            await self._stack.enter_async_context(part)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def register(self, *modems: str, first_port: int = 20000) -> None:
        def save(conn: Any) -> None:
            for number, modem in enumerate(modems):
                save_modem(conn, modem_row(modem, first_port + number))

        await self.store.write(save)
        for number, modem in enumerate(modems):
            self.states.add(ModemState(modem=modem, imei=modem, port=first_port + number))

    def append(self, *events: Event) -> None:
        for event in events:
            self.journal.append(event)

    async def settled(self, within_s: float = 15.0) -> None:
        """Wait until all that was appended and changed so far is in the database."""
        await self.journal.flush()
        await eventually(lambda: self.recorder.waiting == 0, within_s)

    def now(self) -> datetime:
        return self.clock.now()

    def changes(self, count: int, modem: str = "868441036775234") -> list[Event]:
        return [
            GpiChanged(ts=self.now(), modem=modem, pin=1 + number % 5, level="ON", previous="OFF", source="report")
            for number in range(count)
        ]

    async def rows(self, sql: str) -> list[Any]:
        return await self.history.run(lambda conn: [tuple(row) for row in conn.execute(text(sql))])

    async def recorded(self) -> list[int]:
        """Every number in the history, in order, repeats and all."""
        return [seq for (seq,) in await self.rows("SELECT seq FROM events WHERE hub = 'main' ORDER BY seq")]


def modem_row(modem: str, port: int) -> ModemRow:
    return ModemRow(
        modem=modem,
        imei=modem,
        channel=None,
        driver="irz",
        host="0.0.0.0",
        port=port,
        name=f"Котельная {port}",
        group="Север",
        comment="",
        password="sha256:x:y",
        registered_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def connected(bench: Bench, modem: str, session: str) -> Event:
    return ModemConnected(ts=bench.now(), modem=modem, session=session, peer="10.1.2.3:4000", csq=20)


def disconnected(bench: Bench, modem: str, session: str | None, reason: Any = "closed") -> Event:
    return ModemDisconnected(ts=bench.now(), modem=modem, session=session, reason=reason, lasted_s=5.0, rx_bytes=7)


async def eventually(claim: Callable[[], Awaitable[bool]] | Callable[[], bool], within_s: float = 15.0) -> None:
    """Wait until `claim` holds; fail when it does not in time."""
    deadline = asyncio.get_running_loop().time() + within_s
    while True:
        found = claim()
        if await found if isinstance(found, Awaitable) else found:
            return
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.05)
