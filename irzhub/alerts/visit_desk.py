"""Visit requests: numbered, printable, open until somebody says what was found."""

import dataclasses
from collections.abc import Callable
from typing import Any

from irzhub.core.clock import Clock
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.visit_requests import VisitRow, get_visit, last_visit, list_visits, save_visit


class UnknownVisit(Exception):
    """There is no visit request of that number."""


class VisitClosed(Exception):
    """The request is closed: what was found there stands."""


class VisitDesk:
    """Gives the numbers and keeps the requests.

    Args:
        noted: told of each request that was made or closed, once it is on the disk.
    """

    def __init__(self, store: LocalStore, clock: Clock, noted: Callable[[VisitRow], None]) -> None:
        self._store = store
        self._clock = clock
        self._noted = noted
        self.open = 0
        """How many are open."""

    async def begin(self) -> None:
        """Count what is open."""
        self.open = len(await self._store.read(lambda connection: list_visits(connection, is_open=True, limit=10_000)))

    async def create(self, draft: VisitRow) -> VisitRow:
        """Keep a request under the next number; that of the draft does not count."""

        def write(connection: Connection) -> VisitRow:
            row = dataclasses.replace(draft, number=last_visit(connection) + 1, created_at=self._clock.now())
            save_visit(connection, row)
            return row

        row = await self._store.write(write)
        self.open += 1
        self._noted(row)
        return row

    async def get(self, number: int) -> VisitRow:
        """Return one request.

        Raises:
            UnknownVisit: there is none of that number.
        """
        row = await self._store.read(lambda connection: get_visit(connection, number))
        if row is None:
            raise UnknownVisit(f"there is no visit request {number}")
        return row

    async def change(self, row: VisitRow, **changes: Any) -> VisitRow:
        """Change what an open request says.

        Raises:
            VisitClosed: it is closed.
        """
        if row.closed_at is not None:
            raise VisitClosed(f"visit request {row.number} is closed")
        changed = dataclasses.replace(row, **changes)
        await self._store.write(lambda connection: save_visit(connection, changed))
        return changed

    async def close(self, row: VisitRow, by: str, result: str) -> VisitRow:
        """Say what was found and done; the request is closed by that.

        Raises:
            VisitClosed: it is closed already.
        """
        closed = await self.change(row, closed_at=self._clock.now(), closed_by=by, result=result)
        self.open -= 1
        self._noted(closed)
        return closed

    async def find(
        self, *, is_open: bool | None = None, incident: int | None = None, before: int | None = None, limit: int = 100
    ) -> list[VisitRow]:
        """Return requests from new to old."""
        return await self._store.read(
            lambda connection: list_visits(connection, is_open=is_open, incident=incident, before=before, limit=limit)
        )
