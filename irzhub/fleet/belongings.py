"""What modems belong to: groups, sites and organisations, kept in memory, committed locally.

A modem's settings in the relay are inherited: the hub's, its organisation's, those of its groups from the
outermost in, and its own at last.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.config.overrides import WrongOverrides, merge_overrides, read_overrides
from irzhub.config.settings import PortPool
from irzhub.core.groups import is_within, lineage, moved
from irzhub.storage.groups import GroupRow, delete_groups, load_groups, save_group
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.modems import ModemRow
from irzhub.storage.notification_settings import delete_group_notifications
from irzhub.storage.organisation_relay import load_organisation_relay, save_organisation_relay
from irzhub.storage.sites import SiteRow, delete_site, load_sites, save_site

_log = logging.getLogger(__name__)
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(slots=True)
class Belongings:
    """Groups by path, sites by id, and what organisations have of their own in the relay."""

    store: LocalStore
    _groups: dict[str, GroupRow] = field(default_factory=dict)
    _sites: dict[str, SiteRow] = field(default_factory=dict)
    _organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    _inherited: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)

    async def load(self) -> None:
        """Read all of it from the local store."""

        def read(conn: Connection) -> tuple[list[GroupRow], list[SiteRow], dict[str, dict[str, Any]]]:
            return load_groups(conn), load_sites(conn), load_organisation_relay(conn)

        groups, sites, self._organisations = await self.store.read(read)
        self._groups = {row.path: row for row in groups}
        self._sites = {row.id: row for row in sites}
        self._inherited.clear()

    # Settings of the relay.

    def relay_of(self, row: ModemRow) -> Mapping[str, Any]:
        """Return what differs from the configuration for a modem, as `read_overrides` names it."""
        inherited = self._inherited_by(row.organisation, row.group)
        return inherited if not row.overrides else merge_overrides(inherited, _read(row.overrides, row.modem))

    def pools_of(self, organisation: str) -> tuple[PortPool, ...]:
        """Return the ports that an organisation has of its own; none when it shares the hub's."""
        pools: tuple[PortPool, ...] = self._organisation(organisation).get("pools", ())
        return pools

    def all_pools(self) -> tuple[PortPool, ...]:
        """Return the ports that belong to organisations, which nobody else is given."""
        return tuple(pool for each in self._organisations for pool in self.pools_of(each))

    def organisation_relay(self, organisation: str) -> Mapping[str, Any]:
        """Return an organisation's settings as written."""
        return self._organisations.get(organisation, _NOTHING)

    async def set_organisation_relay(self, organisation: str, relay: dict[str, Any]) -> None:
        """Keep an organisation's settings, which `read_overrides` has taken."""
        await self.store.write(lambda conn: save_organisation_relay(conn, organisation, relay))
        self._organisations[organisation] = relay
        self._inherited.clear()

    # Groups.

    def group(self, path: str) -> GroupRow | None:
        """Return what is known of a group besides its path; None when that is all."""
        return self._groups.get(path)

    def groups(self) -> Iterator[GroupRow]:
        """Yield every group that has a row."""
        yield from tuple(self._groups.values())

    def is_commissioning(self, group: str) -> bool:
        """Say whether a group, or one around it, is being set up."""
        return any((row := self._groups.get(each)) is not None and row.is_commissioning for each in lineage(group))

    async def save_group(self, row: GroupRow) -> None:
        """Add or change a group."""
        await self.store.write(lambda conn: save_group(conn, row))
        self._groups[row.path] = row
        self._inherited.clear()

    async def delete_groups(self, path: str) -> None:
        """Forget a group and those below it."""
        gone = [each for each in self._groups if is_within(each, path)]

        def write(conn: Connection) -> None:
            delete_groups(conn, gone)
            delete_group_notifications(conn, path)

        await self.store.write(write)
        for each in gone:
            del self._groups[each]
        self._inherited.clear()

    def moved_groups(self, old: str, new: str) -> dict[str, GroupRow]:
        """Return the rows of `old` and all below it as they are once it is called `new`, by their former paths.

        Raises:
            ValueError: a path becomes too long or too deep.
        """
        return {path: _at(row, moved(path, old, new)) for path, row in self._groups.items() if is_within(path, old)}

    def put_moved(self, rows: Mapping[str, GroupRow]) -> None:
        """Take over rows that were moved in the store, by their former paths."""
        for path in rows:
            del self._groups[path]
        for row in rows.values():
            self._groups[row.path] = row
        self._inherited.clear()

    # Sites.

    def site(self, id_: str) -> SiteRow | None:
        """Return a site, None when there is none of that id."""
        return self._sites.get(id_)

    def sites(self) -> Iterator[SiteRow]:
        """Yield every site."""
        yield from tuple(self._sites.values())

    async def save_site(self, row: SiteRow) -> None:
        """Add or change a site."""
        await self.store.write(lambda conn: save_site(conn, row))
        self._sites[row.id] = row

    async def delete_site(self, id_: str) -> None:
        """Forget a site."""
        await self.store.write(lambda conn: delete_site(conn, id_))
        self._sites.pop(id_, None)

    def _organisation(self, organisation: str) -> Mapping[str, Any]:
        written = self._organisations.get(organisation)
        return _NOTHING if not written else _read(written, organisation, with_pools=True)

    def _inherited_by(self, organisation: str, group: str) -> Mapping[str, Any]:
        found = self._inherited.get((organisation, group))
        if found is None:
            found = {name: value for name, value in self._organisation(organisation).items() if name != "pools"}
            for path in lineage(group):
                if (row := self._groups.get(path)) is not None and row.relay:
                    found = merge_overrides(found, _read(row.relay, path))
            self._inherited[organisation, group] = found
        return found


def _at(row: GroupRow, path: str) -> GroupRow:
    return GroupRow(path, row.created_at, row.comment, row.relay, row.is_commissioning)


def _read(written: Mapping[str, Any], owner: str, *, with_pools: bool = False) -> Mapping[str, Any]:
    """Return stored overrides; what this version does not take any more is left out, with a line in the log."""
    try:
        return read_overrides(written, with_pools=with_pools)
    except WrongOverrides as error:
        _log.error("settings of %s cannot be used and are left out: %s", owner, error)
        return _NOTHING
