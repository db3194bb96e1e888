"""The modems that this hub knows, their ports and settings: kept in memory, committed locally, never waiting for SQL.

Only the registry gives out ports (ARCHITECTURE D3). The relay gets each modem's settings from here, the
state store its first picture.
"""

import asyncio
import contextlib
import dataclasses
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Unpack

from irzhub.config.settings import Settings
from irzhub.core.exceptions import UnknownModem
from irzhub.fleet.addresses import Addresses
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.ports import PortPools
from irzhub.storage.former_modems import (
    FormerModem,
    delete_former_modem,
    load_former_modems,
    rename_modem,
    save_former_modem,
)
from irzhub.storage.inputs import InputRow, load_inputs, save_input
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import ModemRow, RowEdit, delete_modem, load_modems, save_modem

_log = logging.getLogger(__name__)
_QUARANTINE_LIMIT: Final = 1000
_addresses = lru_cache(maxsize=256)(Addresses)


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
    driver: str = "irz"
    model: str | None = None


@dataclass(slots=True)
class Registry:
    """All registered modems by id. Changes are committed before the caller goes on."""

    settings: Settings
    store: LocalStore
    addresses: Addresses
    ports: PortPools
    belongings: Belongings
    _rows: dict[str, ModemRow] = field(default_factory=dict)
    _former: dict[str, FormerModem] = field(default_factory=dict)
    _editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _inputs: dict[str, dict[int, InputRow]] = field(default_factory=dict)
    _quarantined: OrderedDict[str, Quarantined] = field(default_factory=OrderedDict)

    async def load(self) -> None:
        """Read the registry from the local store; every known port is taken from then on."""
        await self.belongings.load()
        self.ports.reserve(self.belongings.all_pools())
        rows, inputs, former = await self.store.read(
            lambda conn: (load_modems(conn), load_inputs(conn), load_former_modems(conn))
        )
        self._keep(rows, inputs)
        for each in former:
            self._former[each.modem] = each
            if each.host is not None and each.port is not None:
                self.ports.take(each.host, each.port)

    async def register(self, row: ModemRow) -> ModemRow | None:
        """Give a new modem its port for good; None when the pools are used up.

        It gets the port that its row names, the one that was kept for it, or the lowest free one of its
        organisation's or the hub's pools.
        """
        if (found := self._place(row)) is None:
            return None
        host, port = found
        placed = dataclasses.replace(row, host=host, port=port)
        self._rows[row.modem] = placed

        def write(conn: Any) -> None:
            save_modem(conn, placed)
            delete_former_modem(conn, row.modem)

        try:
            await self.store.write(write)
        except BaseException:
            del self._rows[row.modem]
            self.ports.release(host, port)
            raise
        self._quarantined.pop(row.modem, None)
        self._former.pop(row.modem, None)
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
        async with self._editing:
            row = dataclasses.replace(self.get(modem), **changes)

            def write(conn: Any) -> None:
                save_modem(conn, row)
                for each in (inputs or {}).values():
                    save_input(conn, each)

            await self.store.write(write)
            return self._take_over(modem, inputs or {}, changes)

    async def regroup(self, paths: Mapping[str, str], write: Callable[[Any], None]) -> None:
        """Put modems into other groups, by their ids; `write` commits that and what belongs to it."""
        async with self._editing:
            await self.store.write(write)
            for modem, path in paths.items():
                if modem in self._rows:
                    self._rows[modem] = dataclasses.replace(self._rows[modem], group=path)

    async def delete(self, modem: str, former: FormerModem | None = None) -> None:
        """Forget a modem; its port is free unless `former` keeps it.

        Raises:
            UnknownModem: it is not registered.
        """
        async with self._editing:
            row = self.get(modem)

            def write(conn: Any) -> None:
                delete_modem(conn, modem)
                if former is not None:
                    save_former_modem(conn, former)

            await self.store.write(write)
            del self._rows[modem]
            self._inputs.pop(modem, None)
            if former is not None:
                self._former[modem] = former
            if former is None or former.port is None:
                self.ports.release(row.host, row.port)

    async def replace(self, old: str, new: str, imei: str, former: FormerModem) -> ModemRow:
        """Give all that is kept of `old` to the modem `new`; `former` is what stays of the old one.

        Raises:
            UnknownModem: `old` is not registered.
        """
        async with self._editing:
            row = self.get(old)

            def write(conn: Any) -> None:
                delete_former_modem(conn, new)
                rename_modem(conn, old, new, imei, row.channel)
                save_former_modem(conn, former)

            await self.store.write(write)
            self._release_kept(new)
            placed = dataclasses.replace(
                row, modem=new, imei=imei, password=None, was_online=False, overrides=row.overrides
            )
            del self._rows[old]
            self._rows[new] = placed
            self._inputs[new] = {
                pin: dataclasses.replace(each, modem=new) for pin, each in self._inputs.pop(old, {}).items()
            }
            self._former[old] = former
            self._quarantined.pop(new, None)
            return placed

    async def bury(self, former: FormerModem) -> None:
        """Keep an entry for a modem that is turned away from now on."""
        await self.store.write(lambda conn: save_former_modem(conn, former))
        self._release_kept(former.modem)
        self._former[former.modem] = former
        self._quarantined.pop(former.modem, None)

    async def exhume(self, modem: str) -> bool:
        """Forget what is kept of a former modem; say whether there was anything."""
        if modem not in self._former:
            return False
        await self.store.write(lambda conn: delete_former_modem(conn, modem))
        self._release_kept(modem)
        return True

    def former(self, modem: str) -> FormerModem | None:
        """Return what is kept of a modem that is no more."""
        return self._former.get(modem)

    def all_former(self) -> list[FormerModem]:
        """Return all modems of which something is kept, by id."""
        return [self._former[modem] for modem in sorted(self._former)]

    def lineage(self, modem: str) -> tuple[str, ...]:
        """Return a modem and those in whose place it stands, the latest first: their history is its own."""
        found = [modem]
        for each in found:
            found += [row.modem for row in self._former.values() if row.replaced_by == each and row.modem not in found]
        return tuple(found)

    @property
    def default_host(self) -> str:
        """The address of polling ports that nobody said an address for."""
        return self.settings.relay.polling.pools[0].host

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
        advertised = self.belongings.relay_of(row).get("advertise")
        addresses = self.addresses if advertised is None else _addresses(advertised)
        return addresses.of(row.host, row.port, towards)

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

    def _place(self, row: ModemRow) -> tuple[str, int] | None:
        """Take a port for a new modem."""
        kept = self._former.get(row.modem)
        if row.port:
            host = row.host or self.default_host
            if self.ports.is_taken(host, row.port):
                return None
            self.ports.take(host, row.port)
            return host, row.port
        if kept is not None and kept.host is not None and kept.port is not None:
            return kept.host, kept.port
        if pools := self.belongings.pools_of(row.organisation):
            return self.ports.take_from(pools)
        return self.ports.take_lowest()

    def _take_over(self, modem: str, inputs: Mapping[int, InputRow], changes: Any) -> ModemRow:
        # Into the row as it is now: it may have come online while this was being committed.
        row = self._rows[modem] = dataclasses.replace(self.get(modem), **changes)
        self._inputs.setdefault(modem, {}).update(inputs)
        return row

    def _release_kept(self, modem: str) -> None:
        former = self._former.pop(modem, None)
        if former is not None and former.host is not None and former.port is not None:
            self.ports.release(former.host, former.port)

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
