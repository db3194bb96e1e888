"""A fleet's desks on a real store and journal; the relay's end of the door is a list that the tests read."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from irzhub.config.settings import HubSettings, ModemsSettings, PollingSettings, PortPool, RelayConfig, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.event_json import event_data, event_type
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateChanged, StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.addresses import Addresses
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.commands import CommandDesk, CommandLimits
from irzhub.fleet.group_desk import GroupDesk
from irzhub.fleet.lifecycle import Lifecycle
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.orders import Orders
from irzhub.fleet.pin_desk import PinDesk
from irzhub.fleet.poll_book import PollBook
from irzhub.fleet.ports import PortPools
from irzhub.fleet.reception import Reception
from irzhub.fleet.register_limit import RegisterLimiter
from irzhub.fleet.registration import Registrar
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.journal.journal import Journal
from irzhub.relay.messages import PinsSeen, PortOpened, RegistrationWanted, SessionClosed, SessionOpened, ToRelay
from irzhub.relay.orders import PutModem, RemoveModem
from irzhub.storage.local import LocalStore

IMEI = "868441036775234"
_M = TypeVar("_M")


@dataclass
class Desk:
    """The hub's side of the door with everything behind it; `told` is what people are told, in order."""

    settings: Settings
    store: LocalStore
    journal: Journal
    bus: Bus
    states: StateStore
    clock: SystemClock
    registry: Registry
    registrar: Registrar
    commands: CommandDesk
    pins: PinDesk
    reception: Reception
    tasks: Tasks
    sent: list[ToRelay] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    groups: GroupDesk = field(init=False)
    lifecycle: Lifecycle = field(init=False)
    orders: Orders = field(init=False)
    meters: MeterDesk = field(init=False)
    on_send: Callable[[ToRelay], None] | None = None

    def last_sent(self, kind: type[_M]) -> _M:
        """Return the latest message of a kind that went to the relay."""
        return next(message for message in reversed(self.sent) if isinstance(message, kind))

    async def events(self) -> list[dict[str, Any]]:
        """Return all events so far as `{type, ...data}`."""
        await self.journal.flush()
        return [{"type": event_type(event), **event_data(event)} for event in await self.journal.read(0, 1000)]

    async def dial_in(self, modem: str = IMEI, generation: int = 1, **changes: Any) -> None:
        """Register the modem when it is new, then open a session."""
        if modem not in self.registry:
            await self.registrar.decide(registration(modem))
        self.reception.receive(session_opened(modem, generation, **changes))
        await self.journal.flush()

    def pins_seen(self, *pins: tuple[int, bool, bool], modem: str = IMEI, asked: bool = False) -> None:
        """Have the relay report pins: (number, is_output, is_high)."""
        at = datetime.now(UTC).timestamp()
        self.reception.receive(PinsSeen(modem=modem, generation=1, at=at, asked=asked, pins=list(pins)))


def registration(modem: str = IMEI, request: int = 1, **changes: Any) -> RegistrationWanted:
    """Return what the relay says of an unknown modem."""
    values: dict[str, Any] = {
        "request": request,
        "modem": modem,
        "imei": modem.partition("_")[0],
        "channel": None,
        "driver": "irz",
        "password": "5492",
        "model": "ATM21",
        "firmware": "1.4-022.351",
        "peer": "203.0.113.9:40000",
        "at": 1.0,
        **changes,
    }
    return RegistrationWanted(**values)


def session_opened(modem: str = IMEI, generation: int = 1, **changes: Any) -> SessionOpened:
    """Return what the relay says of a modem that was answered."""
    values: dict[str, Any] = {
        "modem": modem,
        "generation": generation,
        "at": datetime.now(UTC).timestamp(),
        "peer": "203.0.113.9:40000",
        "local": "192.0.2.2:5009",
        "password": "5492",
        "default_password": True,
        "driver": "irz",
        "model": "ATM21",
        "firmware": "1.4-022.351",
        "sim": 1,
        "csq": 16,
        "encapsulated": True,
        "listens_at": None,
        "woken_by": None,
        "keys": {},
        **changes,
    }
    return SessionOpened(**values)


def session_closed(modem: str = IMEI, generation: int = 1, reason: str = "closed") -> SessionClosed:
    """Return what the relay says at the end of a session."""
    now = datetime.now(UTC).timestamp()
    return SessionClosed(
        modem=modem,
        generation=generation,
        at=now,
        reason=reason,
        detail="the modem closed the connection",
        lasted_s=12.5,
        rx_bytes=100,
        tx_bytes=50,
        last_byte_at=now - 1,
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with three polling ports, nothing else unusual."""
    return Settings(
        hub=HubSettings(data_dir=tmp_path),
        relay=RelayConfig(
            modems=ModemsSettings(),
            polling=PollingSettings(pools=(PortPool(host="127.0.0.1", first=20000, last=20002),)),
        ),
    )


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A desk whose relay opens every port at once."""
    async with make_desk(settings) as made:
        yield made


class make_desk:  # noqa: N801 - used as a function
    """Build a desk on the folder of `settings`, so that a test can restart it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __aenter__(self) -> Desk:
        settings, clock, bus, metrics = self._settings, SystemClock(), Bus(), Metrics()
        self._store = await LocalStore(settings.hub.data_dir).__aenter__()
        self._journal = await Journal(self._store, bus, clock, Health(bus), metrics).__aenter__()
        self._tasks = Tasks("test")
        states = StateStore(bus)
        belongings = Belongings(self._store)
        registry = Registry(settings, self._store, Addresses(()), PortPools(settings.relay.polling.pools), belongings)
        await registry.load()
        builder = ModemSettingsBuilder(settings, belongings.relay_of)
        pins = PinDesk(registry, states, self._journal, clock)

        def send(message: ToRelay) -> None:
            made.sent.append(message)
            if made.on_send is not None:
                made.on_send(message)

        orders = Orders(
            settings,
            self._store,
            self._journal,
            bus,
            states,
            Services(),
            metrics,
            clock,
            registry,
            send,
            lambda modem: made.reception.is_present(modem),
        )
        orders.commands.limits = CommandLimits(answer_timeout_s=0.5, ussd_timeout_s=0.5, retry_pause_s=0.01)
        self._orders = orders

        def came_back(modem: str) -> None:
            made.returned.append(modem)
            orders.jobs.modem_returned(modem)

        limiter = RegisterLimiter(settings.relay.modems.register_limit)
        registrar = Registrar(settings, registry, states, self._journal, clock, builder, limiter, send)
        meters = MeterDesk(self._store, self._journal, bus, clock, PollBook(), settings.hub.time_zone)
        await meters.load()
        reception = Reception(
            meters=meters,
            registry=registry,
            states=states,
            journal=self._journal,
            clock=clock,
            metrics=metrics,
            tasks=self._tasks,
            registrar=registrar,
            commands=orders.commands,
            pins=pins,
            builder=builder,
            send=send,
            on_return=came_back,
            on_answer=orders.jobs.modem_answered,
        )
        made = Desk(
            settings,
            self._store,
            self._journal,
            bus,
            states,
            clock,
            registry,
            registrar,
            orders.commands,
            pins,
            reception,
            self._tasks,
        )
        made.on_send = lambda message: open_port(made, message)
        made.orders = orders
        await orders.start()
        await orders.start_jobs()
        made.meters = meters
        made.groups = GroupDesk(belongings, registry, states, self._journal, clock, builder, send)
        made.lifecycle = Lifecycle(
            registry=registry,
            registrar=registrar,
            reception=reception,
            belongings=belongings,
            states=states,
            pins=pins,
            journal=self._journal,
            clock=clock,
            builder=builder,
            send=send,
            on_gone=lambda _modem: None,
        )
        bus.subscribe(StateChanged, lambda change: made.told.append(f"state {','.join(sorted(change.fields))[:60]}"))
        bus.subscribe(Event, lambda event: made.told.append(event_type(event)))
        return made

    async def __aexit__(self, *_: object) -> None:
        await self._orders.close()
        await self._tasks.close()
        await self._journal.__aexit__(None, None, None)
        await self._store.__aexit__(None, None, None)


def open_port(desk: Desk, message: ToRelay) -> None:
    """Answer `PutModem` as a relay does whose ports are all free."""
    if isinstance(message, PutModem):
        settings = message.settings
        desk.reception.receive(PortOpened(modem=settings.modem, host=settings.host, port=settings.port))
    elif isinstance(message, RemoveModem) and desk.reception.is_present(message.modem):
        desk.reception.receive(session_closed(message.modem, reason=message.reason))
