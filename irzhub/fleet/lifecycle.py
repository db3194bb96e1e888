"""How modems come and go by people's hand: made in advance, approved, deleted, replaced, turned away for good."""

import asyncio
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from irzhub.core.clock import Clock
from irzhub.core.events import ModemDeleted, ModemReplaced
from irzhub.core.exceptions import UnknownModem
from irzhub.core.state import StateStore
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.pin_desk import PinDesk
from irzhub.fleet.reception import Reception
from irzhub.fleet.registration import Registrar
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.journal.journal import Journal
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import KickModem, PutModem, RemoveModem
from irzhub.storage.former_modems import FormerModem
from irzhub.storage.modems import ModemRow
from irzhub.storage.pins import load_pins

_CLOSE_WITHIN_S: Final = 2.0
_LOOK_S: Final = 0.02


class CannotDo(ValueError):
    """It cannot be done to this modem; `code` says why for programs, the text for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Lifecycle:
    """Changes which modems there are; each change is committed before it shows."""

    registry: Registry
    registrar: Registrar
    reception: Reception
    belongings: Belongings
    states: StateStore
    pins: PinDesk
    journal: Journal
    clock: Clock
    builder: ModemSettingsBuilder
    send: Callable[[ToRelay], None]
    on_gone: Callable[[str], None]

    async def create(self, row: ModemRow) -> ModemRow:
        """Register a modem that has not dialled in yet; a port of 0 means the next free one.

        Raises:
            CannotDo: it is known already, or its port is taken or cannot be opened, or none is left.
        """
        if row.modem in self.registry:
            raise CannotDo("already_known", "this modem is registered already")
        if row.port and self.registry.ports.is_taken(row.host or self.registry.default_host, row.port):
            raise CannotDo("port_taken", f"port {row.port} belongs to another modem")
        if not await self.registrar.register(row, model=None, peer=None):
            raise CannotDo("no_port", f"port {row.port} cannot be opened" if row.port else "no free port is left")
        return self.registry.get(row.modem)

    async def approve(self, modem: str) -> ModemRow:
        """Let a modem in that waits in quarantine: it has its port at once, and is connected when it next dials in.

        Raises:
            UnknownModem: it does not wait. CannotDo: no port is left.
        """
        waiting = next((each for each in self.registry.quarantined() if each.modem == modem), None)
        if waiting is None or modem in self.registry:
            raise UnknownModem(f"no modem {modem!r} waits for approval")
        await self.unblock(modem)
        row = self.registrar.new_row(modem, waiting.imei, waiting.channel, waiting.driver)
        if not await self.registrar.register(row, model=waiting.model, peer=waiting.peer):
            raise CannotDo("no_port", "no free port is left")
        return self.registry.get(modem)

    async def reject(self, modem: str, by: str) -> None:
        """Turn a modem that waits in quarantine away for good.

        Raises:
            UnknownModem: it does not wait.
        """
        if modem in self.registry or all(each.modem != modem for each in self.registry.quarantined()):
            raise UnknownModem(f"no modem {modem!r} waits for approval")
        await self.registry.bury(FormerModem(modem, self.clock.now(), "rejected", by, is_blocked=True))

    async def unblock(self, modem: str) -> bool:
        """Forget a former modem: its port is free, and it may come again; say whether there was one."""
        return await self.registry.exhume(modem)

    async def delete(self, modem: str, *, by: str, keeps_port: bool, is_blocked: bool) -> None:
        """Forget a modem: its session, programs and topics end.

        Args:
            modem: its id.
            by: who does it.
            keeps_port: nobody else is given its port, and it gets it again if it returns.
            is_blocked: it is turned away when it dials in again.

        Raises:
            UnknownModem: it is not registered.
        """
        row = self.registry.get(modem)
        await self._close(modem)
        former = FormerModem(
            modem=modem,
            at=self.clock.now(),
            reason="deleted",
            by=by,
            name=row.name,
            host=row.host if keeps_port else None,
            port=row.port if keeps_port else None,
            is_blocked=is_blocked,
        )
        try:
            await self.registry.delete(modem, former if keeps_port or is_blocked else None)
        except BaseException:
            self.send(PutModem(settings=self.builder.build(row)))  # all stays as it was
            raise
        self._forget(modem)
        event = ModemDeleted(
            ts=self.clock.now(), modem=modem, port=row.port, keeps_port=keeps_port, is_blocked=is_blocked, by=by
        )
        self.journal.append(event)

    async def replace(self, old: str, new: str, imei: str, *, by: str, discard: bool) -> ModemRow:
        """Put another modem in the place of one: port, name, inputs, group, site, meters and history stay.

        The former one is turned away when it dials in again.

        Args:
            old: the modem that is taken down.
            new: the one that takes its place.
            imei: the new one's, as it says it.
            by: who does it.
            discard: a new one that people have described already loses what they said.

        Raises:
            UnknownModem: `old` is not registered.
            CannotDo: they are the same, or the new one is in use.
        """
        row = self.registry.get(old)
        if new == old:
            raise CannotDo("same_modem", "this is the same modem")
        if new in self.registry:
            await self._make_way(new, discard=discard)
        await self._close(old)
        now = self.clock.now()
        former = FormerModem(old, now, "replaced", by, name=row.name, is_blocked=True, replaced_by=new)
        state = self.states.get(old) if old in self.states else None
        try:
            placed = await self.registry.replace(old, new, imei, former)
        except BaseException:
            self.send(PutModem(settings=self.builder.build(row)))  # all stays as it was
            raise
        self._forget(old)
        levels = [pin for pin in await self.registry.store.read(load_pins) if pin.modem == new]
        known = self.pins.restore(new, levels, {})
        fresh = self.registrar.first_state(placed, known)
        if state is not None:
            fresh = dataclasses.replace(fresh, rx_bytes=state.rx_bytes, tx_bytes=state.tx_bytes)
        event = ModemReplaced(ts=now, modem=new, former=old, port=placed.port, by=by)
        self.journal.append(event, then=lambda _event: self.states.add(fresh))
        await self.journal.flush()
        self.send(PutModem(settings=self.builder.build(placed)))
        return placed

    def kick(self, modem: str) -> bool:
        """End a modem's session; it will dial in again. Say whether it had one."""
        is_present = self.reception.is_present(modem)
        if is_present:
            self.send(KickModem(modem=modem))
        return is_present

    async def _make_way(self, new: str, *, discard: bool) -> None:
        """Take back the registration of a new modem that dialled in before it was said whose place it takes."""
        row = self.registry.get(new)
        is_described = row.name or row.group or row.site or row.overrides or self.registry.inputs(new)
        if is_described and not discard:
            raise CannotDo("in_use", "the new modem is registered and described already: discard that, or use another")
        await self._close(new)
        await self.registry.delete(new, None)
        self._forget(new)

    async def _close(self, modem: str) -> None:
        """Have the relay end all of a modem, and wait until its last word is journaled."""
        self.send(RemoveModem(modem=modem))
        give_up_at = self.clock.monotonic() + _CLOSE_WITHIN_S
        while self.reception.is_present(modem) and self.clock.monotonic() < give_up_at:  # noqa: ASYNC110 - a message of the relay
            await asyncio.sleep(_LOOK_S)
        self.reception.forget(modem)
        await self.journal.flush()

    def _forget(self, modem: str) -> None:
        self.on_gone(modem)
        self.pins.forget(modem)
        self.states.forget(modem)
