"""What people do with the directory: kept in memory, committed locally, with the contacts of irzhub.yaml beside."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from irzhub.alerts.directory import Directory
from irzhub.alerts.directory_entries import TARGETS, Kind, read_entry
from irzhub.config.settings import Contact as ContactSetting
from irzhub.core.clock import Clock
from irzhub.core.exceptions import IrzhubError
from irzhub.storage.directory import DirectoryRow, delete_entry, load_directory, save_entry
from irzhub.storage.errors import StorageError
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

OF_SETTINGS: Final = "irzhub.yaml"
"""Who changed a contact that stands in the settings; nobody else can."""


class EntryRefused(IrzhubError):
    """An entry cannot be as somebody wants it; the text says why."""


class DirectoryDesk:
    """The directory with its disk.

    Args:
        changed: called after each change; what waited for quiet hours may leave now.
    """

    def __init__(
        self,
        directory: Directory,
        store: LocalStore,
        clock: Clock,
        contacts: Mapping[str, Sequence[ContactSetting]],
        changed: Callable[[], None],
    ) -> None:
        self.directory = directory
        self._store = store
        self._clock = clock
        self._contacts = contacts
        self._changed = changed
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read all entries; a contact of the settings goes before one of the same name that people made."""
        rows, now = await self._store.read(load_directory), self._clock.now()
        fill(self.directory, rows, self._contacts, now)

    async def reload(self, contacts: Mapping[str, Sequence[ContactSetting]]) -> None:
        """Have other contacts of the settings, with what people made beside them as at a start."""
        async with self._changing:  # what somebody saves meanwhile must not be forgotten
            self._contacts = contacts
            try:
                rows = await self._store.read(load_directory)
            except StorageError as error:
                _log.warning("contacts stay as they are, the others cannot be read: %s", error)
                return
            self.directory.clear()
            fill(self.directory, rows, contacts, self._clock.now())
        self._changed()

    def find(self, kind: Kind) -> list[DirectoryRow]:
        """Return the entries of a kind, by name."""
        return [row for (each, _), row in sorted(self.directory.rows.items()) if each == kind]

    def get(self, kind: Kind, name: str) -> DirectoryRow | None:
        """Return one entry."""
        return self.directory.rows.get((kind, name))

    async def put(self, kind: Kind, name: str, entry: dict[str, Any], organisation: str, by: str) -> DirectoryRow:
        """Add an entry or replace it, committed when it returns.

        Raises:
            EntryRefused: it stands in the settings, its name means something else already, or it cannot be read.
        """
        self._check_own(kind, name)
        if kind in TARGETS and (other := self._other_kind(kind, name)) is not None:
            raise EntryRefused(f"{name} is the name of a {other} already")
        try:
            read_entry(kind, entry)
        except (ValueError, KeyError, TypeError) as error:
            raise EntryRefused(f"this {kind} cannot be read: {error}") from error
        row = DirectoryRow(
            kind=kind,
            name=name,
            organisation=organisation,
            entry=entry,
            changed_at=self._clock.now(),
            changed_by=by[:100],
        )
        async with self._changing:
            await self._store.write(lambda connection: save_entry(connection, row))
            self.directory.put(row)
        self._changed()
        return row

    async def delete(self, kind: Kind, name: str) -> None:
        """Remove an entry, committed when it returns.

        Raises:
            EntryRefused: it stands in the settings, or another entry names it.
        """
        self._check_own(kind, name)
        if mentions := self.directory.mentions(name):
            raise EntryRefused(f"{name} is named by {', '.join(mentions[:5])}")
        async with self._changing:
            await self._store.write(lambda connection: delete_entry(connection, kind, name))
            self.directory.drop(kind, name)
        self._changed()

    def _check_own(self, kind: Kind, name: str) -> None:
        row = self.get(kind, name)
        if row is not None and row.changed_by == OF_SETTINGS:
            raise EntryRefused(f"{kind} {name} stands in irzhub.yaml: change it there")

    def _other_kind(self, kind: Kind, name: str) -> str | None:
        return next((each for each in sorted(TARGETS - {kind}) if (each, name) in self.directory.rows), None)


def fill(
    directory: Directory, rows: Sequence[DirectoryRow], contacts: Mapping[str, Sequence[ContactSetting]], now: datetime
) -> None:
    """Put in all entries; a contact of the settings goes before one of the same name that people made."""
    for row in rows:
        directory.put(row)
    for name, addresses in contacts.items():
        for kind in TARGETS - {"contact"}:
            directory.drop(kind, name)
        directory.put(_row_of_settings(name, addresses, now))


def _row_of_settings(name: str, addresses: Sequence[ContactSetting], now: datetime) -> DirectoryRow:
    entry = {"addresses": [{"channel": each.kind, "address": each.address} for each in addresses]}
    return DirectoryRow(kind="contact", name=name, entry=entry, changed_at=now, changed_by=OF_SETTINGS)
