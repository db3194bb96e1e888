"""The fleet as one part of the hub: puts its pieces together, starts the relay and watches the comeback."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self, Unpack

from irzhub.config.settings import Settings
from irzhub.core.handover import Handover
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.services import MODEM_COMMAND, TRAFFIC_RECORD, TrafficEntry, TrafficRecord
from irzhub.core.tasks import Tasks
from irzhub.fleet import succession
from irzhub.fleet.addresses import Addresses
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.comeback import Comeback
from irzhub.fleet.field_work import FieldWork
from irzhub.fleet.ground import Ground
from irzhub.fleet.group_desk import GroupDesk
from irzhub.fleet.lifecycle import Lifecycle
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.networks import own_addresses
from irzhub.fleet.orders import Orders
from irzhub.fleet.passwords import pin_password
from irzhub.fleet.picture import SHOWN_FIELDS, restore_seen_at, restore_state
from irzhub.fleet.pin_desk import PinDesk
from irzhub.fleet.poll_book import PollBook
from irzhub.fleet.ports import PortPools
from irzhub.fleet.practice import PracticeFleet
from irzhub.fleet.presence import PresenceDesk
from irzhub.fleet.rebuild import rebuild
from irzhub.fleet.reception import Reception
from irzhub.fleet.register_limit import RegisterLimiter
from irzhub.fleet.registration import Registrar
from irzhub.fleet.registry import Quarantined, Registry
from irzhub.fleet.relay_choice import AnyRelay, build_relay
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.fleet.return_watch import ReturnWatch
from irzhub.fleet.snapshots import SnapshotWriter
from irzhub.fleet.uploads import Uploads
from irzhub.fleet.wake import WakeDesk
from irzhub.fleet.wake_job import wake_kind
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import Drain, PutModem
from irzhub.relay.pool import WorkerPool
from irzhub.relay.pool_note import PoolNote
from irzhub.storage.inputs import InputRow
from irzhub.storage.meters import MeterRow
from irzhub.storage.modems import ModemRow, RowEdit
from irzhub.storage.outputs import OutputRow
from irzhub.storage.pins import PinRow, load_pins

_log = logging.getLogger(__name__)

_TRY_S: Final = 0.02
_DETAIL_S: Final = 5.0
_DRAIN_S: Final = 5.0


class Fleet:
    """Registry, inputs, commands and the relay behind its door; an async context manager."""

    def __init__(self, ground: Ground) -> None:
        settings, clock = ground.settings, ground.clock
        polling = settings.relay.polling
        self._ground = ground
        self._tasks = Tasks("fleet")
        self.belongings = Belongings(ground.store)
        self._builder = ModemSettingsBuilder(settings, self.belongings.relay_of)
        self.registry = Registry(
            settings, ground.store, Addresses(polling.advertise), PortPools(polling.pools), self.belongings
        )
        self._pins = PinDesk(self.registry, ground.states, ground.journal, clock)
        self.orders = Orders(
            settings,
            ground.store,
            ground.journal,
            ground.bus,
            ground.states,
            ground.services,
            ground.metrics,
            clock,
            self.registry,
            self._send,
            lambda modem: self.reception.is_present(modem),
        )
        self.uploads = Uploads(
            settings,
            ground.store,
            ground.journal,
            ground.states,
            ground.services,
            clock,
            self.registry,
            self._send,
            self._repin,
        )
        self.wakes = WakeDesk(ground, self.registry, self._builder, self._send)
        for kind in (*self.uploads.kinds(), wake_kind(self.wakes, settings.jobs.concurrency)):
            self.orders.jobs.register(kind)
        self._registrar = Registrar(
            settings,
            self.registry,
            ground.states,
            ground.journal,
            clock,
            self._builder,
            RegisterLimiter(settings.relay.modems.register_limit),
            self._send,
        )
        self.meters = MeterDesk(ground.store, ground.journal, ground.bus, clock, PollBook(), settings.hub.time_zone)
        self.reception = Reception(
            registry=self.registry,
            states=ground.states,
            journal=ground.journal,
            clock=clock,
            metrics=ground.metrics,
            tasks=self._tasks,
            registrar=self._registrar,
            commands=self.orders.commands,
            pins=self._pins,
            meters=self.meters,
            builder=self._builder,
            send=self._send,
            on_return=self._returned,
            on_answer=self.orders.jobs.modem_answered,
            on_dialogue=self.uploads.take,
            on_wake=self.wakes.wanted,
            woken_by=self.wakes.woken_by,
        )
        self.groups = GroupDesk(
            self.belongings, self.registry, ground.states, ground.journal, clock, self._builder, self._send
        )
        self.lifecycle = Lifecycle(
            registry=self.registry,
            registrar=self._registrar,
            reception=self.reception,
            belongings=self.belongings,
            states=ground.states,
            pins=self._pins,
            journal=ground.journal,
            clock=clock,
            builder=self._builder,
            send=self._send,
            on_gone=self._gone,
        )
        self.field_work = FieldWork(self.registry, self.reception, self._builder, self._send)
        self.presence = PresenceDesk(
            settings,
            self.registry,
            ground.states,
            ground.journal,
            ground.bus,
            clock,
            self.belongings.relay_of,
            self._zone_of,
        )
        self.practice = PracticeFleet(
            settings, ground.states, ground.bus, self.edit, self.delete, lambda: self.modem_port, self.belongings, clock
        )
        self._relay: AnyRelay | None = None
        self._trouble = ""
        self._comeback = Comeback(settings.hub.start_grace_s, clock.monotonic())
        self._snapshots = SnapshotWriter(ground.bus, ground.store, ground.states, self._pins)
        self._is_held = self._is_left = self._is_resumed = False
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            ground = self._ground
            ground.health.set("relay", "starting")
            stack.push_async_callback(self._tasks.close)
            self._builder.own_addresses = await asyncio.to_thread(own_addresses)
            listeners = ground.metrics.gauge("port_listeners", "Polling ports that are open.")
            listeners.source = lambda: {(): float(self.reception.ports_listening)}
            left = await succession.find(ground.handover, ground.settings.relay.workers)
            await self._restore(is_resumed=left is not None and len(left.workers) > 0)
            await self.meters.load()
            self.presence.listen()
            self._snapshots.listen()
            self._tasks.spawn(self._snapshots.run(), "snapshots")
            stack.push_async_callback(self._snapshots.save)
            self._tasks.spawn(self.meters.run(), "meters")
            self._tasks.spawn(self.presence.run(), "presence")
            stack.push_async_callback(self.meters.save)
            stack.callback(ground.services.register(MODEM_COMMAND, self.orders.commands.run))
            stack.callback(ground.services.register(TRAFFIC_RECORD, self._read_record))
            await self.uploads.load()
            stack.push_async_callback(self.uploads.close)
            await self.wakes.start()
            stack.push_async_callback(self.wakes.close)
            await self.orders.start()
            self._relay = self._build_relay(left)
            for row in self.registry:  # before it listens, so that none of them is a stranger
                self._send(PutModem(settings=self._builder.build(row)))
            await stack.enter_async_context(self._relay)
            self._tell_resumed()
            stack.push_async_callback(self._drain)
            stack.push_async_callback(self.orders.close)
            stack.push_async_callback(self.practice.close)
            await self.orders.start_jobs()
            self._tasks.spawn(self._watch_ports(), "watch ports")
            watch = ReturnWatch(self._comeback, self.registry, ground.journal, ground.states, ground.bus, ground.clock)
            self._tasks.spawn(watch.run(), "watch comeback")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_left:
            self._ground.bus.publish(HubPhaseChanged("stopping"))
        await self._stack.aclose()

    async def hold(self) -> bool:
        """Stop to take in what happens, so that the next hub can; False: modems have to dial in again then.

        Raises:
            UpgradeRefused: the relay's workers cannot be left now; nothing has changed.
        """
        await self._snapshots.flush()
        self._is_held = await succession.hold(
            self._relay, self._registrar, self.orders.commands.line, self._ground.journal
        )
        return self._is_held

    def leave(self, handover: Handover) -> None:
        """Leave to the next hub what lives; it ends with this one where it was not held."""
        if self._is_held and isinstance(self._relay, WorkerPool):
            self._is_left = True
            self._relay.leave(handover)
            succession.leave_pins(handover, self._pins)

    def go_on(self) -> None:
        """There will be no other hub: this one takes in again what happens."""
        self._is_held = self._is_left = False
        if isinstance(self._relay, WorkerPool):
            self._relay.go_on()

    @property
    def modem_port(self) -> int | None:
        """The port that modems dial, once it is bound."""
        return self.reception.modem_port

    def _zone_of(self, row: ModemRow) -> str:
        site = self.belongings.site(row.site) if row.site else None
        return site.time_zone if site is not None and site.time_zone else self._ground.settings.hub.time_zone

    def get(self, modem: str) -> ModemRow:
        """Return a modem's row (raises `UnknownModem`)."""
        return self.registry.get(modem)

    def inputs(self, modem: str) -> Mapping[int, InputRow]:
        """Return what people set for a modem's inputs, by pin number."""
        return self.registry.inputs(modem)

    def lineage(self, modem: str) -> tuple[str, ...]:
        """Return a modem and those in whose place it stands, the latest first: their history is its own."""
        return self.registry.lineage(modem)

    def outputs(self, modem: str) -> Mapping[int, OutputRow]:
        """Return a modem's outputs that were named or switched, by pin number."""
        return self.orders.outputs.of(modem)

    def meters_of(self, modem: str) -> list[MeterRow]:
        """Return the meters that people entered behind a modem."""
        return self.meters.meters(modem)

    def quarantined(self) -> list[Quarantined]:
        """Return the modems that knocked and were not let in."""
        return self.registry.quarantined()

    def address(self, modem: str, towards: str | None = None) -> str:
        """Return where `towards` (an IP address) reaches a modem's port, as `host:port`."""
        return self.registry.address(modem, towards)

    async def edit(
        self,
        modem: str,
        *,
        inputs: Mapping[int, InputRow] | None = None,
        **changes: Unpack[RowEdit],
    ) -> None:
        """Change what people set for a modem, everywhere: registry, state, inputs, relay (raises `UnknownModem`)."""
        row = await self.registry.edit(modem, inputs=inputs, **changes)
        shown = {name: getattr(row, name) for name in SHOWN_FIELDS}
        is_commissioning = self.belongings.is_commissioning(row.group)
        address = self.registry.address(modem)
        self._ground.states.update(modem, **shown, commissioning=is_commissioning, address=address)
        if inputs:
            self._pins.rules_changed(modem)
            await self._ground.journal.flush()  # so that whoever asked sees the new levels
        self._send(PutModem(settings=self._builder.build(row)))

    async def delete(self, modem: str) -> None:
        """Forget a modem, its port and its topics; it may come again (raises `UnknownModem`)."""
        await self.lifecycle.delete(modem, by="hub", keeps_port=False, is_blocked=False)

    async def reload(self, settings: Settings) -> int:
        """Take on settings that may change at run time; return how many modems were told. No session ends."""
        return await rebuild(settings, self.registry, self._registrar, self._builder, self._ground.states, self._send)

    def _build_relay(self, left: PoolNote | None) -> AnyRelay:
        ground, receive = self._ground, self.reception.receive
        modems, trouble = len(self.registry), self._relay_in_trouble
        return build_relay(ground.settings, modems, receive, ground.clock, ground.metrics, trouble, left)

    def _send(self, message: ToRelay) -> None:
        assert self._relay is not None, "the fleet has not been entered"
        self._relay.send(message)

    def _relay_in_trouble(self, trouble: str) -> None:
        self._trouble = trouble
        self._tell_health()

    def _tell_health(self) -> None:
        """Say how the relay is; with a part of it away, it still serves the modems of the rest."""
        reception = self.reception
        if self._trouble:
            self._ground.health.set("relay", "degraded", self._trouble)
            return
        busy = f", {reception.ports_busy} ports are busy" if reception.ports_busy else ""
        text = f"modems dial {self.modem_port}, {reception.ports_listening} polling ports are open{busy}"
        self._ground.health.set("relay", "up", text)

    def _returned(self, modem: str) -> None:
        self._comeback.returned(modem, self._ground.clock.monotonic())
        self.orders.jobs.modem_returned(modem)
        self.uploads.modem_returned(modem)

    async def _repin(self, modem: str, password: str) -> None:
        """Let a modem in with the password that it was just given; one that is required of all stays required."""
        row = await self.registry.pin(modem, pin_password(password))
        self._send(PutModem(settings=self._builder.build(row)))

    def _gone(self, modem: str) -> None:
        self._comeback.forget(modem)
        self.orders.forget(modem)
        self.uploads.forget(modem)
        self.wakes.forget(modem)

    async def _restore(self, *, is_resumed: bool) -> None:
        """Bring back what was known: registry, pins, and who was online when the hub went down.

        Where the sessions go on, the hub's word on them does too: there is no phase of waiting for modems.
        """
        await self.registry.load()
        pins: dict[str, list[PinRow]] = {}
        for pin in await self._ground.store.read(load_pins):
            pins.setdefault(pin.modem, []).append(pin)
        for row in self.registry:
            known = self._pins.restore(row.modem, pins.get(row.modem, []), restore_seen_at(row))
            is_commissioning = self.belongings.is_commissioning(row.group)
            address = self.registry.address(row.modem)
            self._ground.states.add(restore_state(row, address, known, is_commissioning=is_commissioning))
            self.registry.drop_snapshot(row.modem)
        self._comeback.expect(row.modem for row in self.registry if row.was_online)
        succession.resume_pins(self._ground.handover, self._pins, self.registry)
        self._is_resumed = is_resumed
        if not is_resumed:
            self._ground.bus.publish(HubPhaseChanged("starting"))

    def _tell_resumed(self) -> None:
        if self._is_resumed and not self._comeback.is_over(self._ground.clock.monotonic()):
            self._ground.bus.publish(HubPhaseChanged("starting"))  # a worker was lost in between, with its modems

    async def _watch_ports(self) -> None:
        """Say in the health how many ports are open; the relay is up once each known one has been tried."""
        clock, reception = self._ground.clock, self.reception
        began = clock.monotonic()
        expected = sum(self._builder.build(row).open == "on_start" for row in self.registry)
        while reception.ports_tried < expected:  # noqa: ASYNC110 - a count, not one event
            await asyncio.sleep(_TRY_S)
        _log.info(
            "%d polling ports open %.2f s after they were known", reception.ports_listening, clock.monotonic() - began
        )
        while True:
            self._tell_health()
            await asyncio.sleep(_DETAIL_S)

    async def _read_record(self, wanted: TrafficRecord) -> tuple[TrafficEntry, ...]:
        self.registry.get(wanted.modem)
        return await self.reception.read_ring(wanted.modem)

    async def _drain(self) -> None:
        """Have the relay close what is open and wait for its last word, so that nothing it tells is lost."""
        if self._is_left:
            return
        self._send(Drain(seconds=_DRAIN_S))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.reception.drained.wait(), _DRAIN_S + 1)
