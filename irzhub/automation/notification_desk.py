"""What people do with notification settings: kept in memory, committed locally, found for every event at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from irzhub.automation.notification import DEFAULTS, Book, Kind, Notification, Origin, Own, Slot
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock
from irzhub.core.events import ModemDeleted, ModemReplaced
from irzhub.core.groups import GroupDeleted, GroupMoved, is_within, moved
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.notification_settings import (
    GroupNotifications,
    ModemNotifications,
    load_group_notifications,
    load_modem_notifications,
    save_group_notifications,
    save_modem_notifications,
)

_FOUND_MOST: Final = 100_000
_NOTHING: Final[Own] = {}


@dataclass(frozen=True, slots=True)
class NotificationsChanged:
    """For the bus: a setting is another one now."""


@dataclass(slots=True)
class NotificationDesk:
    """The settings of the hub, of groups and of modems; groups that move and modems that are replaced keep theirs."""

    store: LocalStore
    clock: Clock
    bus: Bus
    _groups: dict[str, Own] = field(default_factory=dict)
    _modems: dict[str, Own] = field(default_factory=dict)
    _found: dict[tuple[str | None, str, Slot], Notification] = field(default_factory=dict)
    _ends: list[Unsubscribe] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        await self._load()
        self._ends = [
            self.bus.subscribe(GroupMoved, self._on_group_moved),
            self.bus.subscribe(GroupDeleted, self._on_group_deleted),
            self.bus.subscribe(ModemReplaced, self._on_modem_replaced),
            self.bus.subscribe(ModemDeleted, self._on_modem_deleted),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            end()

    async def _load(self) -> None:
        def read(conn: Connection) -> tuple[list[GroupNotifications], list[ModemNotifications]]:
            return load_group_notifications(conn), load_modem_notifications(conn)

        groups, modems = await self.store.read(read)
        self._groups = {row.path: row.settings for row in groups}
        self._modems = {row.modem: row.settings for row in modems}
        self._found.clear()

    def of_group(self, path: str) -> Own:
        """Return a group's own settings; with an empty path those of the hub as a whole."""
        return self._groups.get(path, _NOTHING)

    def of_modem(self, modem: str) -> Own:
        """Return a modem's own settings."""
        return self._modems.get(modem, _NOTHING)

    def origins(self, slot: Slot, modem: str | None, group: str) -> dict[str, tuple[Any, Origin]]:
        """Return each value of a notification with where it stands."""
        return self._book.origins(slot, modem, group)

    def owns(self, modem: str | None, group: str) -> list[Own]:
        """Return what stands at a modem, at its groups from the nearest out, and at the hub."""
        return [own for _, own in self._book.levels(modem, group)]

    def find(self, slot: Slot, modem: str | None, group: str) -> Notification:
        """Return what holds for a notification of a modem; remembered until a setting changes."""
        key = (modem, group, slot)
        if (found := self._found.get(key)) is None:
            if len(self._found) >= _FOUND_MOST:
                self._found.clear()
            found = self._found[key] = self._book.notification(slot, modem, group)
        return found

    @property
    def are_any(self) -> bool:
        """Whether anybody has set anything: a hub without settings need not look for each event."""
        return bool(self._groups or self._modems)

    def delays(self, kind: Kind) -> set[float]:
        """Return each delay that may hold for a notification of a kind."""
        found = {float(DEFAULTS[kind]["delay_s"])}
        for own in (*self._groups.values(), *self._modems.values()):
            slots = [own.get(kind, _NOTHING), *(own.get("inputs", _NOTHING).values() if kind == "input" else ())]
            found |= {float(slot["delay_s"]) for slot in slots if "delay_s" in slot}
        return found

    async def set_group(self, path: str, own: Own, by: str) -> None:
        """Set what a group has of its own, committed when it returns; empty settings inherit all."""
        row = GroupNotifications(path, dict(own), self.clock.now(), by[:100])
        await self.store.write(lambda conn: save_group_notifications(conn, row))
        self._put(self._groups, path, own)
        self.bus.publish(NotificationsChanged())

    async def set_modems(self, own: Mapping[str, Own], by: str) -> None:
        """Set what modems have of their own, all of them in one transaction."""
        now = self.clock.now()
        rows = [ModemNotifications(modem, dict(values), now, by[:100]) for modem, values in own.items()]
        await self.store.write(lambda conn: save_modem_notifications(conn, rows))
        for modem, values in own.items():
            self._put(self._modems, modem, values)
        self.bus.publish(NotificationsChanged())

    def mentions(self, contact: str) -> list[str]:
        """Return the owners of settings that name a contact, such as `group Север`; for who wants to delete it."""
        named = [(f"group {path}" if path else "the hub", own) for path, own in self._groups.items()]
        named += [(f"modem {modem}", own) for modem, own in self._modems.items()]
        return [owner for owner, own in named if contact in _contacts_in(own)]

    @property
    def _book(self) -> Book:
        return Book(self._groups, self._modems)

    def _put(self, into: dict[str, Own], owner: str, own: Own) -> None:
        if own:
            into[owner] = own
        else:
            into.pop(owner, None)
        self._found.clear()

    def _on_group_moved(self, change: GroupMoved) -> None:
        self._groups = _renamed(
            self._groups, lambda path: moved(path, change.old, change.new) if is_within(path, change.old) else path
        )
        self._found.clear()

    def _on_group_deleted(self, gone: GroupDeleted) -> None:
        self._groups = {path: own for path, own in self._groups.items() if not path or not is_within(path, gone.path)}
        self._found.clear()

    def _on_modem_replaced(self, event: ModemReplaced) -> None:
        if event.modem is not None and (own := self._modems.pop(event.former, None)) is not None:
            self._modems[event.modem] = own
        self._found.clear()

    def _on_modem_deleted(self, event: ModemDeleted) -> None:
        if event.modem is not None:
            self._put(self._modems, event.modem, _NOTHING)


def _renamed(groups: Mapping[str, Own], name: Callable[[str], str]) -> dict[str, Own]:
    return {name(path) if path else path: own for path, own in groups.items()}


def _contacts_in(own: Own) -> set[str]:
    slots: Iterable[Own] = [*(value for key, value in own.items() if key != "inputs"), *own.get("inputs", {}).values()]
    return {str(each["contact"]) for slot in slots for each in slot.get("recipients", ()) if "contact" in each}


def without_empty(own: Own) -> dict[str, Any]:
    """Return own settings without kinds and inputs of which nothing is set."""
    inputs = {pin: values for pin, values in own.get("inputs", {}).items() if values}
    kept = {kind: dict(values) for kind, values in own.items() if kind != "inputs" and values}
    return {**kept, "inputs": inputs} if inputs else kept
