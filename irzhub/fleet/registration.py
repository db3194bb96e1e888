"""What becomes of a modem that nobody knows yet (`relay.modems.unknown_modems`)."""

import asyncio
import hmac
import ipaddress
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from irzhub.config.settings import Settings
from irzhub.core.clock import Clock
from irzhub.core.events import ModemRegistered
from irzhub.core.state import ModemState, StateStore
from irzhub.fleet.inputs import KnownPin
from irzhub.fleet.passwords import pin_password
from irzhub.fleet.picture import restore_state
from irzhub.fleet.register_limit import RegisterLimiter
from irzhub.fleet.registry import Quarantined, Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.journal.journal import Journal
from irzhub.relay.messages import PortFailed, PortOpened, RegistrationWanted, ToRelay
from irzhub.relay.orders import DecideRegistration, PutModem, RemoveModem
from irzhub.storage.modems import ModemRow

_log = logging.getLogger(__name__)
_PORT_TRIES: Final = 5
_PORT_DEADLINE_S: Final = 5.0


class PortBusy(Exception):
    """The relay could not bind the port of a new modem."""


@dataclass(slots=True)
class Registrar:
    """Registers, quarantines or rejects unknown modems; one decision for each at a time."""

    settings: Settings
    registry: Registry
    states: StateStore
    journal: Journal
    clock: Clock
    builder: ModemSettingsBuilder
    limiter: RegisterLimiter
    send: Callable[[ToRelay], None]
    _ports: "dict[str, asyncio.Future[None]]" = field(default_factory=dict)
    _deciding: "dict[str, asyncio.Future[str]]" = field(default_factory=dict)

    def __len__(self) -> int:
        """How many decisions are being taken."""
        return len(self._deciding)

    async def decide(self, wanted: RegistrationWanted) -> None:
        """Take one decision and tell the relay; an accepted modem has its open port before `registered` goes out."""
        if (other := self._deciding.get(wanted.modem)) is not None:
            reason = await asyncio.shield(other)
        elif wanted.modem in self.registry:
            reason = ""
        else:
            future = self._deciding[wanted.modem] = asyncio.get_running_loop().create_future()
            reason = "the hub could not register it"
            try:
                reason = await self._judge(wanted)
            finally:
                del self._deciding[wanted.modem]
                future.set_result(reason)
        self.send(DecideRegistration(request=wanted.request, accepted=not reason, reason=reason))

    def port_opened(self, message: PortOpened) -> None:
        """The relay listens for a modem; wakes the registration that waits for it."""
        if (future := self._ports.get(message.modem)) is not None and not future.done():
            future.set_result(None)

    def port_failed(self, message: PortFailed) -> None:
        """The relay could not bind a port; wakes the registration that waits for it."""
        if (future := self._ports.get(message.modem)) is not None and not future.done():
            future.set_exception(PortBusy(message.error))

    async def _judge(self, wanted: RegistrationWanted) -> str:
        """Return why a modem is not let in, or an empty text when it now is."""
        former = self.registry.former(wanted.modem)
        if former is not None and former.is_blocked:
            return "it was replaced by another modem" if former.replaced_by else "an operator turned it away"
        modems = self.settings.relay.modems
        required = modems.password
        if required is not None and not hmac.compare_digest((wanted.password or "").encode(), required.encode()):
            return "wrong password"
        if modems.unknown_modems == "reject":
            return "unknown modem"
        address = _address_of(wanted.peer)
        if modems.unknown_modems == "quarantine":
            return self._quarantine(wanted, "waits for approval")
        if not self.limiter.admits(address, self.clock.monotonic()):
            return self._quarantine(wanted, "too many new modems from its network")
        password = None if wanted.password is None else pin_password(wanted.password)
        row = self.new_row(wanted.modem, wanted.imei, wanted.channel, wanted.driver, password)
        if not await self.register(row, model=wanted.model, peer=wanted.peer):
            return self._quarantine(wanted, "no free polling port is left")
        return ""

    def new_row(self, modem: str, imei: str, channel: int | None, driver: str, password: str | None = None) -> ModemRow:
        """Return the row of a modem of which nothing is known yet."""
        return ModemRow(
            modem=modem,
            imei=imei,
            channel=channel,
            driver=driver,
            host="",
            port=0,
            name="",
            group="",
            comment="",
            password=password,
            registered_at=self.clock.now(),
        )

    def first_state(self, row: ModemRow, pins: Mapping[int, KnownPin]) -> ModemState:
        """Return the state that a modem begins with."""
        state = restore_state(row, self.registry.address(row.modem), pins)
        return replace(state, commissioning=self.registry.belongings.is_commissioning(row.group))

    async def register(self, new: ModemRow, *, model: str | None, peer: str | None) -> bool:
        """Register a modem, open its port and tell of it; False when no port can be had."""
        row = await self.registry.register(new)
        if row is None or (row := await self._find_port(row, is_chosen=new.port != 0)) is None:
            return False
        state = self.first_state(row, {})
        event = ModemRegistered(ts=self.clock.now(), modem=row.modem, port=row.port, model=model, peer=peer)
        self.journal.append(event, then=lambda _event: self.states.add(state))
        await self.journal.flush()
        return True

    async def _find_port(self, row: ModemRow, *, is_chosen: bool) -> ModemRow | None:
        """Have the relay open a port for a new modem; a modem for which none opens is forgotten again."""
        candidate: ModemRow | None = row
        for _ in range(1 if is_chosen else _PORT_TRIES):
            if candidate is None:
                break
            if await self._opens(candidate):
                return candidate
            candidate = await self.registry.move(row.modem)
        self.send(RemoveModem(modem=row.modem))
        await self.registry.delete(row.modem)
        return None

    async def _opens(self, row: ModemRow) -> bool:
        """Have the relay listen for a new modem; a port that another program holds is passed over."""
        future = self._ports[row.modem] = asyncio.get_running_loop().create_future()
        self.send(PutModem(settings=self.builder.build(row)))
        try:
            await asyncio.wait_for(future, _PORT_DEADLINE_S)
        except (PortBusy, TimeoutError) as error:
            _log.warning("port %d for the new modem %s cannot be opened: %s", row.port, row.modem, error)
            return False
        finally:
            del self._ports[row.modem]
        return True

    def _quarantine(self, wanted: RegistrationWanted, reason: str) -> str:
        now = self.clock.now()
        self.registry.quarantine(
            Quarantined(
                modem=wanted.modem,
                imei=wanted.imei,
                channel=wanted.channel,
                peer=wanted.peer,
                reason=reason,
                first_seen=now,
                last_seen=now,
                driver=wanted.driver,
                model=wanted.model,
            )
        )
        return f"quarantined: {reason}"


def _address_of(peer: str) -> str:
    """Return the IP address of `host:port` or `[host]:port`."""
    return str(ipaddress.ip_address(peer.rpartition(":")[0].strip("[]")))
