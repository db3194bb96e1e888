"""The relay: modems, their channels and ports, and the door to the hub, in one object.

Whoever owns it hands messages in by `send` and gets messages by the function it gave; nothing else passes
(ARCHITECTURE D8). `send` may be called before the relay runs, so that no known modem is a stranger.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from irzhub.codec.drivers import build_drivers
from irzhub.core.clock import Clock
from irzhub.core.metrics import Metrics
from irzhub.core.tasks import Tasks
from irzhub.relay import living
from irzhub.relay.acceptor import Acceptor
from irzhub.relay.addresses import host_of
from irzhub.relay.channel import Channel
from irzhub.relay.conflict import Farewell
from irzhub.relay.connector import Connector
from irzhub.relay.context import ClientSide
from irzhub.relay.descriptors import Descriptors, raise_limit
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.dialogues import Dialogues
from irzhub.relay.messages import CommandAnswered, Drained, LineRead, ModemsListening, RingRead, ToHub, ToRelay
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.orders import (
    AskSnapshot,
    CancelDialogue,
    DecideRegistration,
    Drain,
    KickClient,
    KickModem,
    PutModem,
    ReadLine,
    ReadRing,
    RemoveModem,
    SendCommand,
    StartDialogue,
    StopWaiting,
)
from irzhub.relay.passwords import PasswordGuard
from irzhub.relay.polling_port import PollingPorts
from irzhub.relay.pulse import Pulse
from irzhub.relay.registrations import Registrations
from irzhub.relay.rejections import Rejections
from irzhub.relay.session import ModemSession
from irzhub.relay.settings import RelaySettings
from irzhub.relay.wheel import Wheel

_log = logging.getLogger(__name__)


class Relay:
    """Takes modems and polling programs in and passes bytes between them; an async context manager.

    Args:
        to_hub: takes every message for the hub, in order, on the loop; must not block or raise.
        accepts: whether it listens for modems itself; else it gets them by `adopt` alone.
    """

    def __init__(
        self,
        settings: RelaySettings,
        to_hub: Callable[[ToHub], None],
        clock: Clock,
        metrics: Metrics,
        *,
        accepts: bool = True,
    ) -> None:
        self._accepts = accepts
        self._settings = settings
        self._to_hub = to_hub
        self._clock = clock
        self._tasks = Tasks("relay")
        self._wheel = Wheel(clock)
        self._descriptors = Descriptors(settings.descriptor_reserve, self._count_sockets)
        self._side = ClientSide(settings, to_hub, clock, metrics, lambda: not self._descriptors.is_short)
        self._shared = Shared(settings, to_hub, clock, metrics, self._wheel, self._side.rings)
        self._modems: dict[str, Modem] = {}
        self._dialogues = Dialogues(self._shared, self._modems)
        self._guard = PasswordGuard()
        self._rejections = Rejections(clock, to_hub)
        drivers = build_drivers(settings.raw_pattern, settings.raw_heartbeat, settings.answer_end)
        self._acceptor = Acceptor(
            settings, drivers, self._descriptors, self._rejections, self._wheel, clock, self.adopt
        )
        self._connector = Connector(self._tasks, self._connect, self._refuse)
        self._registrations = Registrations(self._wheel, clock, to_hub, self._admit, self._refuse)
        self._ports = PollingPorts(self._side)
        self._pulse = Pulse(self._shared, self._side, self._descriptors, self._rejections, self._ports, metrics)
        self._beat: asyncio.Task[None] | None = None
        self._is_draining = False
        self._handlers: Mapping[type, Callable[[Any], None]] = {
            PutModem: self._put_modem,
            RemoveModem: self._remove_modem,
            DecideRegistration: self._registrations.decide,
            SendCommand: self._send_command,
            StartDialogue: self._dialogues.start,
            CancelDialogue: self._dialogues.cancel,
            KickModem: self._kick_modem,
            KickClient: self._kick_client,
            StopWaiting: self._stop_waiting,
            ReadRing: self._read_ring,
            ReadLine: self._read_line,
            AskSnapshot: lambda _: self._pulse.tell_snapshot(),
            Drain: self._begin_drain,
        }

    async def __aenter__(self) -> Self:
        """Bind the port for modems and begin.

        Raises:
            StartError: the port cannot be bound; the text says which setting to change.
        """
        limit = raise_limit()
        await self._descriptors.calibrate()
        port = await self._acceptor.open() if self._accepts else None
        self._wheel.start()
        await self._ports.__aenter__()
        self._beat = self._tasks.spawn(self._pulse.run(), "pulse")
        if port is not None:
            _log.info("modems dial in at %s:%d; at most %d open files", self._settings.host, port, limit)
            self._to_hub(ModemsListening(port=port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_draining:
            self._is_draining = True
            await self._drain(1.0)
        await self._tasks.close()
        await self._ports.__aexit__(kind, error, trace)
        self._wheel.stop()

    def send(self, message: ToRelay) -> None:
        """Take a message of the hub; never blocks."""
        self._handlers[type(message)](message)

    def adopt(self, dialled: DialledIn) -> None:
        """Take over a socket that has said hello: the relay owns it from here on."""
        if self._is_draining:
            self._refuse(dialled, "")
        elif not self._accepts and self._descriptors.is_short:
            self._refuse(dialled, "no file descriptors left")  # the acceptor's budget is another process's
        elif dialled.hello.modem in self._modems:
            self._admit(dialled)
        else:
            self._registrations.want(dialled)

    def tell_living(self) -> Iterator[ToHub]:
        """Yield what lives here now, for a hub that has not heard of it."""
        return living.tell_living(self._modems.values(), self._ports, self._registrations, self._shared)

    def look_again(self) -> None:
        """Ask all connected modems for their pins: the hub has missed reports."""
        living.look_again(self._modems.values(), self._shared)

    # Sockets of modems.

    def _count_sockets(self) -> int:
        shared, side = self._shared, self._side
        waiting = self._acceptor.silent + self._registrations.sockets + len(self._connector)
        return 1 + waiting + shared.transports + side.clients + self._ports.listeners

    def _admit(self, dialled: DialledIn) -> bool:
        """Judge the password of a known modem's socket and begin its session; say whether it was let in."""
        hello = dialled.hello
        if (modem := self._modems.get(hello.modem)) is None:
            self._refuse(dialled, "unknown modem")
            return False
        now, source = self._clock.monotonic(), host_of(dialled.peer)
        refusal = self._guard.judge(hello.modem, source, modem.settings.password, hello.password, now)
        if refusal:
            self._refuse(dialled, refusal)
            return False
        self._connector.put(modem, dialled)
        return True

    def _refuse(self, dialled: DialledIn, reason: str) -> None:
        dialled.sock.close()
        if reason:
            modem = dialled.hello.modem
            self._rejections.tell(reason, dialled.peer, modem if modem in self._modems else None)

    async def _connect(self, modem: Modem, dialled: DialledIn) -> None:
        """Give the socket its transport and its session, which begins as soon as the loop has made it."""
        loop = asyncio.get_running_loop()
        dialogue = self._dialogues.session_for(modem, dialled)
        session = dialogue or ModemSession(modem, self._shared, dialled.driver.connect(dialled.hello), dialled)
        try:
            if modem.settings.clock_zone not in self._shared.zones:
                await self._shared.zones.load(modem.settings.clock_zone)
            _set_options(dialled.sock, self._settings)
            await loop.connect_accepted_socket(lambda: session, dialled.sock)
        except OSError as error:
            _log.debug("modem %s was gone before it was answered: %s", modem.settings.modem, error)
            dialled.sock.close()
            if dialogue is not None:
                self._dialogues.lost(modem.settings.modem, dialogue)
        except asyncio.CancelledError:
            dialled.sock.close()
            raise

    # Messages of the hub.

    def _put_modem(self, message: PutModem) -> None:
        settings = message.settings
        modem = self._modems.get(settings.modem)
        if modem is None:
            modem = self._modems[settings.modem] = Modem(settings, Channel(settings, self._side))
            self._ports.put(modem.line)
            return
        former, modem.settings = modem.settings, settings
        if former == settings:  # a new hub in the place of another puts all its modems again
            self._ports.put(modem.line)
            return
        modem.line.settings = settings
        if former.password != settings.password:
            self._guard.forget(settings.modem)
        if settings.clock_zone not in self._shared.zones:
            self._tasks.spawn(self._shared.zones.load(settings.clock_zone), "load a time zone")
        if modem.session is not None:
            modem.session.settings_changed()
        self._ports.put(modem.line)

    def _remove_modem(self, message: RemoveModem) -> None:
        if (modem := self._modems.pop(message.modem, None)) is None:
            return
        modem.line.close("deleted")  # before its session, or programs would hear that the modem was lost
        modem.is_removed = True
        self._dialogues.removed(message.modem)
        if modem.session is not None:
            modem.session.end("deleted", "the modem was deleted here")
        self._ports.remove(message.modem)
        self._side.rings.forget(message.modem)
        self._side.polls.forget(message.modem)
        self._guard.forget(message.modem)

    def _send_command(self, message: SendCommand) -> None:
        modem = self._modems.get(message.modem)
        if modem is None or modem.session is None:
            self._refuse_command(message, "modem is not connected", "not_sent")
        elif (questions := modem.session.questions) is None:
            self._refuse_command(message, "the modem works without encapsulation and takes no commands", "invalid")
        else:
            questions.take_command(message, self._clock.monotonic())

    def _refuse_command(self, message: SendCommand, error: str, cause: str) -> None:
        self._to_hub(
            CommandAnswered(request=message.request, modem=message.modem, status="error", error=error, cause=cause)
        )

    def _kick_modem(self, message: KickModem) -> None:
        modem = self._modems.get(message.modem)
        if modem is not None and modem.session is not None:
            detail = "disconnected by the hub" if message.reason == "kicked" else message.reason
            modem.session.end("kicked", detail)

    def _kick_client(self, message: KickClient) -> None:
        if (modem := self._modems.get(message.modem)) is not None:
            modem.line.kick(message.client)

    def _stop_waiting(self, message: StopWaiting) -> None:
        if (modem := self._modems.get(message.modem)) is not None:
            modem.line.stop_waiting()

    def _read_ring(self, message: ReadRing) -> None:
        entries = self._side.rings.read(message.modem, self._shared.unix_time(), self._clock.monotonic())
        self._to_hub(RingRead(request=message.request, modem=message.modem, entries=entries))

    def _read_line(self, message: ReadLine) -> None:
        modem = self._modems.get(message.modem)
        programs = [] if modem is None else modem.line.describe()
        self._to_hub(LineRead(request=message.request, modem=message.modem, programs=programs))

    def _begin_drain(self, message: Drain) -> None:
        if not self._is_draining:
            self._is_draining = True
            self._tasks.spawn(self._drain(message.seconds), "drain")

    async def _drain(self, seconds: float) -> None:
        """Close listeners, then sessions and programs, and wait until their sockets are gone."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + seconds
        self._shared.is_closing = True
        self._acceptor.close()
        self._registrations.close()
        self._connector.close()
        self._dialogues.close()
        self._ports.close()
        for number, modem in enumerate(list(self._modems.values())):
            modem.line.close("hub_stop")
            if modem.session is not None:
                modem.session.end("hub_stop", "the hub stops")
            if number % 500 == 499:
                await asyncio.sleep(0)
        for leaving in list(self._shared.leaving):
            if isinstance(leaving, Farewell):
                leaving.due(loop.time())
        while (self._shared.transports or self._side.clients) and loop.time() < give_up_at:  # noqa: ASYNC110 - two counts
            await asyncio.sleep(0.02)
        for leaving in list(self._shared.leaving):
            leaving.due(loop.time())
        if self._beat is not None:
            self._beat.cancel()
        self._pulse.tell_snapshot()
        self._to_hub(Drained())


def _set_options(sock: socket.socket, settings: RelaySettings) -> None:
    """Make the kernel find a dead link (RELIABILITY 0.7) and send small frames at once."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, settings.tcp_keepidle_s)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, settings.tcp_keepintvl_s)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, settings.tcp_keepcnt)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(settings.tcp_user_timeout_s * 1000))
