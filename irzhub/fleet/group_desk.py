"""What people do with groups, sites and organisations: it reaches every modem that it concerns, and no other."""

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from irzhub.config.overrides import read_overrides
from irzhub.core.clock import Clock
from irzhub.core.events import CommissioningEnded, CommissioningStarted
from irzhub.core.groups import GroupDeleted, GroupMoved, is_within, lineage, moved, parent_of
from irzhub.core.state import StateStore
from irzhub.core.ulid import new_ulid
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.journal.journal import Journal
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import PutModem
from irzhub.storage.groups import GroupRow, delete_groups, move_modems, save_group
from irzhub.storage.local import Connection
from irzhub.storage.modems import ModemRow
from irzhub.storage.notification_settings import move_group_notifications
from irzhub.storage.sites import SiteRow

_PORTION: Final = 200
_LINKS: Final = ("online", "offline", "standby", "quarantined")


class GroupTaken(ValueError):
    """A group cannot be called that: there is one of this name, or it would lie in itself."""


class GroupInUse(ValueError):
    """A group cannot be removed: modems are in it."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """One node of the tree: what is known of it, and its modems.

    Args:
        states: how many modems in it and below it are in each state.
        modems: how many in it and below it; modems_here: in it alone.
        is_commissioning: it or one around it is being set up; row says which.
    """

    path: str
    row: GroupRow
    modems: int
    modems_here: int
    states: Mapping[str, int]
    is_commissioning: bool


@dataclass(slots=True)
class GroupDesk:
    """Changes groups, sites and the organisations' part of the relay, live and without ending a session."""

    belongings: Belongings
    registry: Registry
    states: StateStore
    journal: Journal
    clock: Clock
    builder: ModemSettingsBuilder
    send: Callable[[ToRelay], None]

    def tree(self, modems: Iterable[Any]) -> list[GroupView]:
        """Return all groups in order, counted over some modems (states with `group` and `link`)."""
        counts: dict[str, dict[str, int]] = {row.path: {} for row in self.belongings.groups()}
        here: dict[str, int] = {}
        for state in modems:
            here[state.group] = here.get(state.group, 0) + 1
            for path in lineage(state.group):
                links = counts.setdefault(path, {})
                links[state.link] = links.get(state.link, 0) + 1
        for path in list(counts):
            for around in lineage(parent_of(path)):
                counts.setdefault(around, {})
        return [self._view(path, counts[path], here.get(path, 0)) for path in sorted(counts, key=_in_tree)]

    def group(self, path: str) -> GroupRow | None:
        """Return a group, None when there is no row and no modem of it or below it."""
        if (row := self.belongings.group(path)) is not None:
            return row
        exists = any(is_within(row.group, path) for row in self.registry)
        exists = exists or any(is_within(row.path, path) for row in self.belongings.groups())
        return self._plain(path) if exists and path else None

    async def create(self, row: GroupRow) -> None:
        """Add a group.

        Raises:
            GroupTaken: there is one of that path.
            WrongOverrides: its settings cannot be used.
        """
        if self.belongings.group(row.path) is not None:
            raise GroupTaken(f"there is a group {row.path} already")
        await self.change(row)

    async def change(self, row: GroupRow) -> None:
        """Set what is known of a group; modems in it and below it are told what is new for them.

        Raises:
            WrongOverrides: its settings cannot be used.
        """
        read_overrides(row.relay)
        concerned = [each for each in self.registry if is_within(each.group, row.path)]
        before = self._inherited(concerned)
        await self.belongings.save_group(row)
        await self._apply(before)

    async def commission(self, path: str, by: str) -> None:
        """Begin to set up a group: what happens there is recorded, and nobody is told, until it is accepted."""
        row = self.belongings.group(path) or self._plain(path)
        if not row.is_commissioning:
            await self.change(dataclasses.replace(row, is_commissioning=True))
            self.journal.append(CommissioningStarted(ts=self.clock.now(), group=path, by=by))

    async def accept(self, path: str, by: str) -> list[str]:
        """End the setting up of a group and of all below it; return the groups where it ended."""
        ended = [row for row in self.belongings.groups() if is_within(row.path, path) and row.is_commissioning]
        for row in ended:
            await self.change(dataclasses.replace(row, is_commissioning=False))
            self.journal.append(CommissioningEnded(ts=self.clock.now(), group=row.path, by=by))
        return [row.path for row in ended]

    async def move(self, old: str, new: str) -> int:
        """Call a group `new`, with all below it and all its modems at once; return how many modems moved.

        Raises:
            GroupTaken: there is such a group, or the new place lies within the old one.
            ValueError: a path becomes too long or too deep.
        """
        if not new or (new != old and is_within(new, old)):
            raise GroupTaken("a group cannot lie in itself")
        if new != old and self.group(new) is not None:
            raise GroupTaken(f"there is a group {new} already")
        rows = self.belongings.moved_groups(old, new)
        concerned = [row for row in self.registry if is_within(row.group, old)]
        paths = {row.modem: moved(row.group, old, new) for row in concerned}
        before = self._inherited(concerned)

        def write(conn: Connection) -> None:
            delete_groups(conn, rows)
            for row in rows.values():
                save_group(conn, row)
            move_modems(conn, paths)
            move_group_notifications(conn, old, new)

        await self.registry.regroup(paths, write)
        self.belongings.put_moved(rows)
        self.states.bus.publish(GroupMoved(old, new))
        await self._apply(before)
        return len(paths)

    async def delete(self, path: str) -> None:
        """Remove an empty group with those below it.

        Raises:
            GroupInUse: modems are in it or below it.
        """
        if inside := sum(is_within(row.group, path) for row in self.registry):
            raise GroupInUse(f"{inside} modems are in this group: move them first")
        await self.belongings.delete_groups(path)
        self.states.bus.publish(GroupDeleted(path))

    async def set_organisation_relay(self, organisation: str, relay: dict[str, Any]) -> None:
        """Set ports, advertised addresses and line settings of an organisation.

        Raises:
            WrongOverrides: they cannot be used.
        """
        read_overrides(relay, with_pools=True)
        before = self._inherited(row for row in self.registry if row.organisation == organisation)
        await self.belongings.set_organisation_relay(organisation, relay)
        self.registry.ports.reserve(self.belongings.all_pools())
        await self._apply(before)

    def new_site_id(self) -> str:
        """Return an id for a new site."""
        return new_ulid(int(self.clock.now().timestamp() * 1000))

    async def save_site(self, row: SiteRow) -> None:
        """Add or change a site."""
        await self.belongings.save_site(row)

    async def delete_site(self, id_: str) -> None:
        """Remove a site that no modem stands at.

        Raises:
            GroupInUse: modems stand there.
        """
        if there := sum(row.site == id_ for row in self.registry):
            raise GroupInUse(f"{there} modems stand at this site: move them first")
        await self.belongings.delete_site(id_)

    def _plain(self, path: str) -> GroupRow:
        return GroupRow(path, datetime.fromtimestamp(0, self.clock.now().tzinfo))

    def _view(self, path: str, links: Mapping[str, int], here: int) -> GroupView:
        return GroupView(
            path=path,
            row=self.belongings.group(path) or self._plain(path),
            modems=sum(links.values()),
            modems_here=here,
            states={link: links.get(link, 0) for link in _LINKS},
            is_commissioning=self.belongings.is_commissioning(path),
        )

    def _inherited(self, rows: Iterable[ModemRow]) -> dict[str, Mapping[str, Any]]:
        return {row.modem: self.belongings.relay_of(row) for row in rows}

    async def _apply(self, before: Mapping[str, Mapping[str, Any]]) -> None:
        """Tell the relay and the states what is new for these modems; the loop is not held up by thousands."""
        for number, (modem, inherited) in enumerate(before.items()):
            if modem in self.registry:
                row = self.registry.get(modem)
                if self.belongings.relay_of(row) != inherited:
                    self.send(PutModem(settings=self.builder.build(row)))
                if modem in self.states:
                    self.states.update(
                        modem,
                        group=row.group,
                        commissioning=self.belongings.is_commissioning(row.group),
                        address=self.registry.address(modem),
                    )
            if number % _PORTION == _PORTION - 1:
                await asyncio.sleep(0)


def _in_tree(path: str) -> list[str]:
    return path.casefold().split("/")
