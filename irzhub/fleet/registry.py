"""The modems that this hub knows, their ports and settings: kept in memory, committed locally, never waiting for SQL.

Only the registry gives out ports (ARCHITECTURE D3). The relay gets each modem's settings from here, the
state store its first picture.
"""

import contextlib
import dataclasses
import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Unpack

from irzhub.config.settings import Settings
from irzhub.core.exceptions import UnknownModem
from irzhub.fleet.addresses import Addresses
from irzhub.fleet.ports import PortPools
from irzhub.storage.inputs import InputRow, load_inputs, save_input
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import ModemRow, RowEdit, delete_modem, load_modems, save_modem

_log = logging.getLogger(__name__)
_QUARANTINE_LIMIT: Final = 1000


@dataclass(slots=True, kw_only=True)
class Quarantined:
    """A modem that knocks and is not let in: no port, no topic, kept in memory only."""

    modem: str
    imei: str
    channel: int | None
    peer: str
    reason: str
    first_seen: datetime
    last_seen: datetime
    tries: int = 1


@dataclass(slots=True)
class Registry:
    """All registered modems by id. Changes are committed before the caller goes on."""

    settings: Settings
    store: LocalStore
    addresses: Addresses
    ports: PortPools
    _rows: dict[str, ModemRow] = field(default_factory=dict)
    _inputs: dict[str, dict[int, InputRow]] = field(default_factory=dict)
    _quarantined: OrderedDict[str, Quarantined] = field(default_factory=OrderedDict)

    async def load(self) -> None:
        """Read the registry from the local store; every known port is taken from then on."""
        rows, inputs = await self.store.read(lambda conn: (load_modems(conn), load_inputs(conn)))
        self._keep(rows, inputs)

    async def register(self, row: ModemRow) -> ModemRow | None:
        """Give a new modem its port for good; None when the pools are used up."""
        if (found := self.ports.take_lowest()) is None:
            return None
        host, port = found
        placed = dataclasses.replace(row, host=host, port=port)
        self._rows[row.modem] = placed
        try:
            await self.store.write(lambda conn: save_modem(conn, placed))
        except BaseException:
            del self._rows[row.modem]
            self.ports.release(host, port)
            raise
        self._quarantined.pop(row.modem, None)
        return placed

    async def move(self, modem: str) -> ModemRow | None:
        """Give a modem that is being registered the next free port: its first one cannot be bound here.

        The port that could not be bound stays taken until the next start, so that nobody gets it meanwhile.
        """
        if (found := self.ports.take_lowest()) is None:
            return None
        return await self._save(dataclasses.replace(self.get(modem), host=found[0], port=found[1]))

    async def pin(self, modem: str, password: str) -> ModemRow:
        """Keep the (digested) password that a modem gave first."""
        return await self._save(dataclasses.replace(self.get(modem), password=password))

    async def edit(
        self,
        modem: str,
        *,
        inputs: Mapping[int, InputRow] | None = None,
        **changes: Unpack[RowEdit],
    ) -> ModemRow:
        """Change what people set for a modem; what is not given stays.

        Raises:
            UnknownModem: it is not registered.
        """
        row = dataclasses.replace(self.get(modem), **changes)

        def write(conn: Any) -> None:
            save_modem(conn, row)
            for each in (inputs or {}).values():
                save_input(conn, each)

        await self.store.write(write)
        self._rows[modem] = row
        self._inputs.setdefault(modem, {}).update(inputs or {})
        return row

    async def delete(self, modem: str) -> None:
        """Forget a modem and free its port.

        Raises:
            UnknownModem: it is not registered.
        """
        row = self.get(modem)
        await self.store.write(lambda conn: delete_modem(conn, modem))
        del self._rows[modem]
        self._inputs.pop(modem, None)
        self.ports.release(row.host, row.port)

    def get(self, modem: str) -> ModemRow:
        """Return a modem's row.

        Raises:
            UnknownModem: it is not registered.
        """
        try:
            return self._rows[modem]
        except KeyError:
            raise UnknownModem(f"no modem {modem!r} is registered") from None

    def inputs(self, modem: str) -> Mapping[int, InputRow]:
        """Return what people set for a modem's inputs, by pin number."""
        return self._inputs.get(modem, {})

    def address(self, modem: str, towards: str | None = None) -> str:
        """Return where `towards` (an IP address) reaches a modem's port, as `host:port`."""
        row = self.get(modem)
        return self.addresses.of(row.host, row.port, towards)

    def note_online(self, modem: str, online: bool) -> None:
        """Remember in the row whether the modem is online; the journal commits it with the event."""
        with contextlib.suppress(KeyError):
            self._rows[modem] = dataclasses.replace(self._rows[modem], was_online=online)

    def drop_snapshot(self, modem: str) -> None:
        """Free the snapshot of a row once the state is restored from it; the stored one has a writer of its own."""
        self._rows[modem] = dataclasses.replace(self._rows[modem], snapshot={})

    def quarantine(self, entry: Quarantined) -> None:
        """Keep an entry for a modem that is not let in; the oldest goes when there are a thousand."""
        if (known := self._quarantined.pop(entry.modem, None)) is not None:
            entry.first_seen, entry.tries = known.first_seen, known.tries + 1
        self._quarantined[entry.modem] = entry
        if len(self._quarantined) > _QUARANTINE_LIMIT:
            self._quarantined.popitem(last=False)

    def quarantined(self) -> list[Quarantined]:
        """Return the modems that knocked and were not let in, the latest last."""
        return list(self._quarantined.values())

    def _keep(self, rows: list[ModemRow], inputs: list[InputRow]) -> None:
        for row in rows:
            self._rows[row.modem] = row
            self.ports.take(row.host, row.port)
        for each in inputs:
            self._inputs.setdefault(each.modem, {})[each.pin] = each

    async def _save(self, row: ModemRow) -> ModemRow:
        await self.store.write(lambda conn: save_modem(conn, row))
        self._rows[row.modem] = row
        return row

    def __iter__(self) -> Iterator[ModemRow]:
        return iter(tuple(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, modem: object) -> bool:
        return modem in self._rows
