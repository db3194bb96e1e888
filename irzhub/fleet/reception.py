"""The hub's side of the relay's door: what the relay tells becomes events, state and answers.

Order matters here: events go to the journal in the order of the messages, and the state that belongs to an
event changes when it is committed, just before it is published.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from irzhub.core.clock import Clock
from irzhub.core.events import (
    ClientConnected,
    ClientDisconnected,
    Event,
    ImeiConflict,
    ModemConnected,
    ModemDisconnected,
    ModemRejected,
    SimChanged,
)
from irzhub.core.metrics import Metrics
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet import resync
from irzhub.fleet.commands import CommandDesk
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.passwords import pin_password
from irzhub.fleet.pin_desk import PinDesk
from irzhub.fleet.registration import Registrar
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.journal.journal import Journal
from irzhub.relay import messages, orders
from irzhub.relay.messages import ToHub, ToRelay
from irzhub.relay.orders import PutModem
from irzhub.storage.modems import set_online

_log = logging.getLogger(__name__)

_QUIET_REASONS: Final = frozenset({"hub_stop"})
"""Sessions that end because the hub stops are no news: the modems are back after the start (ARCHITECTURE D15)."""

_CELL_LIMIT: Final = 100
_VALUES: Final = frozenset({"csq", "temperature_c", "iccid", "cell"})


@dataclass(slots=True)
class _Session:
    """The living session of a modem; `id` is the one that its events carry."""

    generation: int
    id: str


@dataclass(slots=True)
class Reception:
    """Takes every message of the relay, in order; never blocks."""

    registry: Registry
    states: StateStore
    journal: Journal
    clock: Clock
    metrics: Metrics
    tasks: Tasks
    registrar: Registrar
    commands: CommandDesk
    pins: PinDesk
    meters: MeterDesk
    builder: ModemSettingsBuilder
    send: Callable[[ToRelay], None]
    on_return: Callable[[str], None]
    on_answer: Callable[[str], None] = lambda _modem: None
    on_dialogue: Callable[[messages.DialogueProgress | messages.DialogueEnded], None] = lambda _message: None
    on_wake: Callable[[messages.WakeWanted], None] = lambda _message: None
    woken_by: Callable[[str], str | None] = lambda _modem: None
    drained: asyncio.Event = field(default_factory=asyncio.Event)
    modem_port: int | None = None
    _sessions: dict[str, _Session] = field(default_factory=dict)
    _listening: set[str] = field(default_factory=set)
    _busy: set[str] = field(default_factory=set)
    _handlers: dict[type, Callable[[Any], None]] = field(default_factory=dict)
    _rings: "dict[str, asyncio.Future[messages.RingRead]]" = field(default_factory=dict)
    _lines: "dict[str, asyncio.Future[messages.LineRead]]" = field(default_factory=dict)
    _snapshot: messages.Snapshot | None = None

    def receive(self, message: ToHub) -> None:
        """Take one message of the relay."""
        if not self._handlers:
            self._handlers = self._table()
        self._handlers[type(message)](message)

    def begin_session(self, modem: str, generation: int, at: float) -> str:
        """Note that a modem has a session since `at` (Unix time); return the id that its events carry.

        The modem is a part of it: after a start many dial in within one millisecond, each with its first generation.
        """
        session = f"{modem}-{int(at * 1000):x}-{generation}"
        self._sessions[modem] = _Session(generation, session)
        return session

    def is_present(self, modem: str) -> bool:
        """Say whether a modem has a living session now."""
        return modem in self._sessions

    @property
    def ports_listening(self) -> int:
        """How many polling ports are open."""
        return len(self._listening)

    @property
    def ports_busy(self) -> int:
        """How many polling ports could not be opened, and are tried again."""
        return len(self._busy)

    @property
    def ports_tried(self) -> int:
        """How many modems' ports have been opened or tried."""
        return len(self._listening) + len(self._busy)

    @property
    def snapshot(self) -> messages.Snapshot | None:
        """The relay's latest counters."""
        return self._snapshot

    async def read_ring(self, modem: str) -> tuple[tuple[float, str, bytes], ...]:
        """Return the flight recorder of a modem: (Unix time, direction, bytes), old to new."""
        request = f"ring-{modem}-{self.clock.monotonic()}"
        future = self._rings[request] = asyncio.get_running_loop().create_future()
        self.send(orders.ReadRing(request=request, modem=modem))
        try:
            return tuple((await asyncio.wait_for(future, 5.0)).entries)
        finally:
            del self._rings[request]

    async def read_line(self, modem: str) -> list[messages.LineProgram]:
        """Return the programs that are connected to a modem's port, in order of coming."""
        request = f"line-{modem}-{self.clock.monotonic()}"
        future = self._lines[request] = asyncio.get_running_loop().create_future()
        self.send(orders.ReadLine(request=request, modem=modem))
        try:
            read: messages.LineRead = await asyncio.wait_for(future, 5.0)
            return read.programs
        finally:
            del self._lines[request]

    def _table(self) -> dict[type, Callable[[Any], None]]:
        return {
            messages.ModemsListening: self._modems_listening,
            messages.PortOpened: self._port_opened,
            messages.PortFailed: self._port_failed,
            messages.RegistrationWanted: lambda m: self._start(self.registrar.decide(m), f"register {m.modem}"),
            messages.DialInRejected: self._rejected,
            messages.SessionOpened: self._session_opened,
            messages.SessionClosed: self._session_closed,
            messages.SessionLives: partial(resync.session_lives, self),
            messages.ClientLives: partial(resync.client_lives, self),
            messages.Resynced: partial(resync.resynced, self),
            messages.ConflictSeen: self._conflict,
            messages.PinsSeen: self._pins_seen,
            messages.ValuesSeen: self._values,
            messages.CommandAnswered: self._command_answered,
            messages.DialogueProgress: self.on_dialogue,
            messages.DialogueEnded: self.on_dialogue,
            messages.ClientOpened: self._client_opened,
            messages.ClientClosed: self._client_closed,
            messages.WakeWanted: self.on_wake,
            messages.Traffic: self._traffic,
            messages.MetersPolled: self.meters.polled,
            messages.RingRead: self._ring_read,
            messages.LineRead: self._line_read,
            messages.Snapshot: self._keep_snapshot,
            messages.Drained: lambda _: self.drained.set(),
        }

    def _start(self, work: Any, name: str) -> None:
        self.tasks.spawn(work, name)

    def _modems_listening(self, message: messages.ModemsListening) -> None:
        self.modem_port = message.port

    def _port_opened(self, message: messages.PortOpened) -> None:
        self._listening.add(message.modem)
        self._busy.discard(message.modem)
        self.registrar.port_opened(message)
        if message.modem in self.states:
            self.states.update(message.modem, problem=None)

    def _port_failed(self, message: messages.PortFailed) -> None:
        self._listening.discard(message.modem)
        self._busy.add(message.modem)
        self.registrar.port_failed(message)
        if message.modem in self.states:
            self.states.update(message.modem, problem=f"port {message.port} is busy: {message.error}")

    def _rejected(self, message: messages.DialInRejected) -> None:
        self.journal.append(
            ModemRejected(
                ts=_moment(message.at),
                modem=message.modem if message.modem in self.registry else None,
                reason=message.reason,
                peer=message.peer,
                count=message.count,
            )
        )

    def _session_opened(self, message: messages.SessionOpened) -> None:
        if message.modem not in self.registry:
            return  # deleted while its hello was on the way
        modem, at = message.modem, _moment(message.at)
        session = self.begin_session(modem, message.generation, message.at)
        self.registry.note_online(modem, online=True)
        self.pins.session_began(modem)
        self._pin_password(message)
        event = ModemConnected(
            ts=at,
            modem=modem,
            session=session,
            peer=message.peer,
            model=message.model,
            firmware=message.firmware,
            sim=message.sim,
            csq=message.csq,
            encapsulated=message.encapsulated,
            woken_by=message.woken_by or self.woken_by(modem),
        )
        changes: dict[str, Any] = {
            "link": "online",
            "confirmed": True,
            "peer": message.peer,
            "encapsulated": message.encapsulated,
            "default_password": message.default_password,
            "last_seen": at,
            "observed_at": at,
        }
        told = {name: getattr(message, name) for name in ("model", "firmware", "sim", "csq")}
        changes.update({name: value for name, value in told.items() if value is not None})
        self.journal.append(
            event,
            write=lambda conn: set_online(conn, modem, True),
            then=lambda _event: self._update(modem, **changes),
        )
        self.on_return(modem)
        self.commands.modem_returned(modem)

    def _pin_password(self, message: messages.SessionOpened) -> None:
        row = self.registry.get(message.modem)
        if (
            row.password is None
            and message.password is not None
            and self.builder.settings.relay.modems.password is None
        ):
            self._start(self._pin_and_tell(message.modem, message.password), f"pin the password of {message.modem}")

    async def _pin_and_tell(self, modem: str, password: str) -> None:
        row = await self.registry.pin(modem, pin_password(password))
        self.send(PutModem(settings=self.builder.build(row)))

    def _session_closed(self, message: messages.SessionClosed) -> None:
        modem = message.modem
        session = self._sessions.get(modem)
        is_current = session is not None and session.generation == message.generation
        if is_current:
            del self._sessions[modem]
        if message.reason in _QUIET_REASONS or modem not in self.registry:
            return
        event = ModemDisconnected(
            ts=_moment(message.at),
            modem=modem,
            reason=message.reason,  # type: ignore[arg-type]  # the relay's reasons are those of the contract
            session=session.id if is_current and session is not None else None,
            detail=message.detail,
            lasted_s=round(message.lasted_s, 3),
            rx_bytes=message.rx_bytes,
            tx_bytes=message.tx_bytes,
        )
        if not is_current or message.reason == "replaced":
            self.journal.append(event)  # the modem stays online: its newer session is here or just behind
            return
        self.registry.note_online(modem, online=False)
        self.pins.session_ended(modem)
        last_seen = _moment(message.last_byte_at)
        self.journal.append(
            event,
            write=lambda conn: set_online(conn, modem, False),
            then=lambda _event: self._update(modem, link="offline", peer=None, last_seen=last_seen),
        )

    def _conflict(self, message: messages.ConflictSeen) -> None:
        self.journal.append(ImeiConflict(ts=_moment(message.at), modem=message.modem, peers=tuple(message.peers)))

    def _pins_seen(self, message: messages.PinsSeen) -> None:
        self.pins.seen(message)
        self.on_answer(message.modem)

    def _command_answered(self, message: messages.CommandAnswered) -> None:
        self.commands.answered(message)
        if message.status == "ok":
            self.on_answer(message.modem)

    def _values(self, message: messages.ValuesSeen) -> None:
        values = {name: value for name, value in message.values.items() if name in _VALUES}
        if isinstance(cell := values.get("cell"), Mapping):
            values["cell"] = _cell_text(cell)
        self._note_sim(message, values.get("iccid"))
        self.on_answer(message.modem)
        self._update(message.modem, **values, observed_at=_moment(message.at))

    def _note_sim(self, message: messages.ValuesSeen, iccid: Any) -> None:
        """Tell of another SIM card than the one that was known, before the new number shows."""
        if message.modem not in self.states or not isinstance(iccid, str):
            return
        state = self.states.get(message.modem)
        if state.iccid is not None and state.iccid != iccid:
            at, previous = _moment(message.at), state.iccid
            event = SimChanged(ts=at, modem=message.modem, iccid=iccid, previous=previous, sim=state.sim)
            self.journal.append(event)

    def forget(self, modem: str) -> None:
        """A modem is deleted: what the relay still tells of it is no news."""
        self._sessions.pop(modem, None)
        self._listening.discard(modem)
        self._busy.discard(modem)

    def _client_opened(self, message: messages.ClientOpened) -> None:
        self._client_event(
            ClientConnected(ts=_moment(message.at), modem=message.modem, client=message.client, peer=message.peer),
            message.clients,
        )

    def _client_closed(self, message: messages.ClientClosed) -> None:
        self._client_event(
            ClientDisconnected(
                ts=_moment(message.at),
                modem=message.modem,
                client=message.client,
                peer=message.peer,
                reason=message.reason,  # type: ignore[arg-type]  # the relay's reasons are those of the contract
                lasted_s=round(message.lasted_s, 3),
                rx_bytes=message.rx_bytes,
                tx_bytes=message.tx_bytes,
            ),
            message.clients,
        )

    def _client_event(self, event: Event, clients: int) -> None:
        modem = event.modem
        if modem in self.registry:
            self.journal.append(event, then=lambda _event: self._update(str(modem), clients=clients))

    def _traffic(self, message: messages.Traffic) -> None:
        for modem, (rx_bytes, tx_bytes, last_byte_at) in message.grown.items():
            if modem in self.states:
                if rx_bytes:
                    self.on_answer(modem)
                state = self.states.get(modem)
                self.states.update(
                    modem,
                    rx_bytes=state.rx_bytes + rx_bytes,
                    tx_bytes=state.tx_bytes + tx_bytes,
                    last_seen=_moment(last_byte_at) if last_byte_at else state.last_seen,
                )

    def _ring_read(self, message: messages.RingRead) -> None:
        if (future := self._rings.get(message.request)) is not None and not future.done():
            future.set_result(message)

    def _line_read(self, message: messages.LineRead) -> None:
        if (future := self._lines.get(message.request)) is not None and not future.done():
            future.set_result(message)

    def _keep_snapshot(self, message: messages.Snapshot) -> None:
        self._snapshot = message

    def _update(self, modem: str, **changes: Any) -> None:
        if modem in self.states:
            self.states.update(modem, **changes)


def _cell_text(cell: Mapping[str, Any]) -> str:
    """Return the serving cell as `MCC-MNC-LAC-CID`, e.g. `250-01-221-14432`; as it came where it cannot be read."""
    if all(part in cell for part in ("mcc", "mnc", "lac", "cid")):
        return f"{cell['mcc']}-{cell['mnc']}-{cell['lac']}-{cell['cid']}"
    return str(cell.get("raw", ""))[:_CELL_LIMIT]


def _moment(unix_s: float) -> datetime:
    """Return the UTC moment of a Unix time, cut to milliseconds."""
    return datetime.fromtimestamp(int(unix_s * 1000) / 1000, UTC)
