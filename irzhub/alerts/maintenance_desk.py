"""Maintenance windows by people's hand: what is planned is on the disk before it mutes anything."""

import dataclasses
from datetime import datetime
from typing import Any

from irzhub.alerts.incident_maintenance import Mutes
from irzhub.core.clock import Clock
from irzhub.core.events import ModemReplaced
from irzhub.core.groups import GroupMoved, is_within
from irzhub.core.groups import moved as moved_path
from irzhub.core.ulid import new_ulid
from irzhub.storage.local import LocalStore
from irzhub.storage.maintenance import MaintenanceRow, delete_window, list_windows, save_window


class UnknownWindow(Exception):
    """There is no maintenance window of that id."""


class MaintenanceDesk:
    """Plans, changes and takes back windows. Those that are over stay readable until they are purged."""

    def __init__(self, mutes: Mutes, store: LocalStore, clock: Clock) -> None:
        self._mutes = mutes
        self._store = store
        self._clock = clock

    async def plan(
        self, *, modem: str | None, group: str | None, since: datetime, until: datetime, reason: str, by: str
    ) -> MaintenanceRow:
        """Plan a window for a modem, a group with all below it, or, with neither, for the whole hub.

        Raises:
            ValueError: it ends before it begins, or is over already.
        """
        now = self._clock.now()
        row = MaintenanceRow(
            id=new_ulid(int(now.timestamp() * 1000)),
            modem=modem,
            group=group,
            since=since,
            until=until,
            reason=reason,
            created_by=by,
            created_at=now,
        )
        await self._keep(row)
        return row

    async def change(self, row: MaintenanceRow, **changes: Any) -> MaintenanceRow:
        """Change when a window is, or why.

        Raises:
            ValueError: it would end before it begins.
        """
        changed = dataclasses.replace(row, **changes)
        if changed != row:
            await self._keep(changed)
        return changed

    async def end(self, row: MaintenanceRow) -> MaintenanceRow | None:
        """End a window: one that runs is over now and stays readable, one that lies ahead is gone (None)."""
        now = self._clock.now()
        self._mutes.remove(row.id)
        if now <= row.since:
            await self._store.write(lambda connection: delete_window(connection, row.id))
            return None
        ended = dataclasses.replace(row, until=min(row.until, now))
        await self._store.write(lambda connection: save_window(connection, ended))
        return ended

    def group_moved(self, moved: GroupMoved) -> list[MaintenanceRow]:
        """A group has another path: its windows follow; return those that have to be stored."""
        found = [row for row in self._mutes.windows() if row.group is not None and is_within(row.group, moved.old)]
        changed = [dataclasses.replace(row, group=moved_path(str(row.group), moved.old, moved.new)) for row in found]
        for row in changed:
            self._mutes.put(row)
        return changed

    def modem_replaced(self, replaced: ModemReplaced) -> list[MaintenanceRow]:
        """Another modem stands in the place of one: its windows go on; return those that have to be stored."""
        found = [row for row in self._mutes.windows() if row.modem == replaced.former]
        changed = [dataclasses.replace(row, modem=replaced.modem) for row in found]
        for row in changed:
            self._mutes.put(row)
        return changed

    async def windows(self, *, with_past: bool = False) -> list[MaintenanceRow]:
        """Return the windows that run or lie ahead, by their beginning; with the past ones where they are wanted."""
        if not with_past:
            now = self._clock.now()
            return [row for row in self._mutes.windows() if row.until > now]
        return await self._store.read(list_windows)

    async def get(self, id_: str) -> MaintenanceRow:
        """Return one window.

        Raises:
            UnknownWindow: there is none of that id.
        """
        found = next((row for row in await self.windows(with_past=True) if row.id == id_), None)
        if found is None:
            raise UnknownWindow(f"there is no maintenance window {id_}")
        return found

    async def _keep(self, row: MaintenanceRow) -> None:
        if row.until <= row.since:
            raise ValueError("expected a window that ends behind its beginning")
        if row.until <= self._clock.now():
            raise ValueError("expected a window that is not over yet")
        await self._store.write(lambda connection: save_window(connection, row))
        self._mutes.put(row)
