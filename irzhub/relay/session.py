"""One modem on one connection: the place where wire events become messages (ARCHITECTURE 4).

The session owns the socket's transport, lets the codec read and build the bytes, gives the meter's bytes
to the channel and everything else to the hub. Nothing here waits: what has to happen later is on the wheel.
"""

import asyncio
import contextlib
import errno
import logging
import re
from collections.abc import Callable
from typing import Any, Final, cast

from irzhub.codec.driver import Answer, Connection, Data, FreshHello, Hello, Keepalive, PinReport, WireEvent
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.relay.conflict import Farewell, SwapHistory, ended_before
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.messages import ConflictSeen, PinsSeen, SendCommand, SessionClosed, SessionOpened
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.passwords import is_right
from irzhub.relay.questions import Questions

_log = logging.getLogger(__name__)
_VENDOR_PASSWORD: Final = "5492"  # noqa: S105 - the one that everybody knows; it is warned of
_CLOSING_S: Final = 2.0
"""How long a closed session may take to send what it still has before its socket is cut."""
_NEVER: Final = float("inf")
_PASSWORD: Final = re.compile(rb"PSW=[^,\r\n]*")
_DEAD_LINK: Final = frozenset({errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN})


class ModemSession(asyncio.Protocol):
    """One session of a modem, from its answered hello to its end; its channel's `ModemLink`.

    Made for a socket whose hello was read and judged; `connection_made` displaces the session before it.
    """

    __slots__ = (
        "_default_timeout_s",
        "_dialled",
        "_early",
        "_held",
        "_is_ended",
        "_is_stuck",
        "_last_keepalive",
        "_local",
        "_opened",
        "_opened_at",
        "_paused_at",
        "_questions",
        "_quiet_until",
        "_rx_bytes",
        "_transport",
        "_tx_bytes",
        "_wire",
        "generation",
        "last_byte",
        "modem",
        "peer",
        "shared",
        "tick",
    )

    def __init__(self, modem: Modem, shared: Shared, wire: Connection, dialled: DialledIn) -> None:
        self.modem = modem
        self.shared = shared
        self.peer = dialled.peer
        self.generation = 0
        self.tick = 0
        self.last_byte = dialled.accepted
        self._dialled: DialledIn | None = dialled
        self._wire = wire
        self._default_timeout_s = dialled.driver.default_keepalive_timeout_s
        self._transport: asyncio.Transport | None = None
        self._questions: Questions | None = None
        self._opened = 0.0
        self._opened_at = 0.0
        self._quiet_until = 0.0
        self._early: bytearray | None = None
        self._held: asyncio.TimerHandle | None = None
        self._paused_at: float | None = None
        self._local = ""
        self._last_keepalive: float | None = None
        self._is_stuck = False
        self._is_ended = False
        self._rx_bytes = 0
        self._tx_bytes = 0

    # The socket.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the modem over from its session before, answer the hello and begin."""
        transport = cast("asyncio.Transport", transport)  # uvloop has classes of its own
        self._transport = transport
        self.shared.transports += 1
        transport.set_write_buffer_limits(high=self.shared.settings.data_limit)
        self._guarded(self._take_over)

    def data_received(self, data: bytes) -> None:
        """Take bytes of the modem: the hot path."""
        if not self._is_ended:
            self.last_byte = self.shared.monotonic()
            self._guarded(self._digest, self._wire.receive_data, data)

    def eof_received(self) -> bool:
        """The modem hung up; the transport closes itself after what it still has to write."""
        self.end("closed", "the modem closed the connection")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        if exc is None:
            self.end("closed", "the connection was closed")
        elif isinstance(exc, OSError) and exc.errno in _DEAD_LINK:
            self.end("keepalive_lost", f"the link is dead: {exc.strerror or exc}")
        else:
            self.end("reset", f"the connection was reset: {exc}")
        self.shared.wheel.forget(self)
        self.shared.leaving.discard(self)
        self.shared.transports -= 1
        self._transport = None

    def pause_writing(self) -> None:
        """The modem does not take bytes as fast as they come."""
        self._is_stuck = True
        if not self._is_ended and self._early is None:
            self.modem.line.modem_writable(False)

    def resume_writing(self) -> None:
        """The modem takes bytes again."""
        self._is_stuck = False
        if not self._is_ended and self._early is None:
            self.modem.line.modem_writable(True)

    # The channel's side: `ModemLink`.

    def write(self, payload: bytes) -> None:
        """Send bytes of a program to the meter; before the first frame may go, they are kept."""
        if self._is_ended or self._transport is None:
            return
        self._tx_bytes += len(payload)
        self.modem.tx_grown += len(payload)
        self._heard()
        if self._early is not None:
            self._early += payload
        else:
            self._transport.write(self._wire.send_data(payload))

    def pause_reading(self) -> None:
        """Read no more until `resume_reading`; meanwhile the modem cannot become silent."""
        if self._paused_at is None and self._transport is not None and not self._is_ended:
            self._paused_at = self.shared.monotonic()
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on; the time of the pause does not count as silence."""
        if self._paused_at is None or self._transport is None or self._is_ended:
            return
        now = self.shared.monotonic()
        self.last_byte = min(self.last_byte + now - self._paused_at, now)
        self._paused_at = None
        self._last_keepalive = None
        self._transport.resume_reading()
        self._plan(now)

    @property
    def is_write_paused(self) -> bool:
        """Whether the modem does not take bytes now; so too in the half second after the hello's answer."""
        return self._is_stuck or self._early is not None

    # The hub's side.

    @property
    def takes_commands(self) -> bool:
        """Whether this modem can be asked and commanded."""
        return self._questions is not None

    def command(self, command: SendCommand) -> None:
        """Put a command to the modem; its end is told to the hub in every case. Needs `takes_commands`."""
        assert self._questions is not None
        now = self.shared.monotonic()
        self._questions.take_command(command, now)
        self.questions_due(now)

    def settings_changed(self) -> None:
        """The modem's settings are others now; the session goes on with them."""
        now = self.shared.monotonic()
        if self._questions is not None:
            self._questions.settings_changed(now)
        self._plan(now)

    def displace(self, newer: "ModemSession") -> None:
        """Give way to a newer session of the same modem and see whether anybody is left here."""
        transport = self._transport
        if transport is None or transport.is_closing():
            self.end("closed", "the connection was closed")
            return
        if (how := ended_before(transport)) is not None:
            self.end(how, "the modem hung up before it dialled in again")
            return
        modem, shared, displaced = self.modem, self.shared, self.peer

        def on_alive() -> None:
            modem.swaps = modem.swaps or SwapHistory()
            peers = modem.swaps.note(shared.monotonic(), displaced, newer.peer)
            if peers is not None:
                shared.to_hub(ConflictSeen(modem=modem.settings.modem, at=shared.unix_time(), peers=peers))

        self.end("replaced", f"replaced by a newer session from {newer.peer}", watched=True)
        self._transport = None
        Farewell(transport, shared, on_alive).begin(shared.monotonic())

    def end(self, reason: str, detail: str, *, watched: bool = False) -> None:
        """End the session, once: tell channel, questions and hub, and close the socket.

        Args:
            reason: one of CONTRACT 2.
            detail: the cause in plain words.
            watched: the socket stays open, somebody else closes it.
        """
        if self._is_ended:
            return
        if self._held is not None:
            self._held.cancel()
            self._let_go_last()
        self._is_ended = True
        self.shared.wheel.forget(self)
        self._conclude(reason, detail, hung_up=reason in ("closed", "reset"))
        if self._transport is not None and not watched:
            self._close(at_once=reason in ("reset", "keepalive_lost"))

    # The wheel.

    def due(self, now: float) -> None:
        """Do what time brings: open the line after the answer, find a lost modem, ask questions."""
        if self._is_ended:
            if self._transport is not None:
                self._transport.abort()
            return
        if self._early is not None and now >= self._quiet_until:
            self._open_line()
        if now >= self._lost_at():
            silence = now - max(self.last_byte, self.shared.wheel.awake_since)
            self.end("keepalive_lost", f"no byte from the modem for {silence:.0f} s")
            return
        if self._questions is not None and self._early is None:
            self._questions.pump(now)
        if not self._is_ended:
            self._plan(now)

    def questions_due(self, now: float) -> None:
        """There may be something to ask now: let the questions see, as soon as the line is open."""
        if not self._is_ended and self._questions is not None and self._early is None:
            self._questions.pump(now)
            self._plan(now)

    def write_frame(self, frame: bytes) -> None:
        """Write one frame of the hub's own, in one write."""
        if self._transport is not None:
            self._transport.write(frame)
            self._record(">", frame)

    # Within.

    def _guarded(self, step: Callable[..., None], *args: Any) -> None:
        try:
            step(*args)
        except RemoteProtocolError as error:
            self.end("protocol_error", str(error))
        except Exception:  # noqa: BLE001 - a fault of ours must cost one session, never the relay
            _log.exception("the session of modem %s failed", self.modem.settings.modem)
            self.end("protocol_error", "the hub failed on what the modem sent")

    def _take_over(self) -> None:
        dialled, self._dialled = self._dialled, None
        assert dialled is not None
        if self.modem.is_removed or self.shared.is_closing:
            self._is_ended = True
            self._close(at_once=False)
            return
        self._local = dialled.local
        if (former := self.modem.session) is not None:
            former.displace(self)
        self._begin(dialled.hello)
        self.shared.handshake.observe(self._opened - dialled.accepted)
        if dialled.leftover:
            self.data_received(dialled.leftover)

    def _begin(self, hello: Hello) -> None:
        now = self.shared.monotonic()
        self.modem.generation += 1
        self.generation = self.modem.generation
        self.modem.session = self
        self._opened = self.last_byte = now
        self._opened_at = self.shared.unix_time()
        self._rx_bytes = self._tx_bytes = 0
        self.shared.sessions += 1
        self.shared.connects.add()
        answer = self._wire.answer(self.shared.local_time(self.modem.settings.clock_zone))
        if answer:
            self.write_frame(answer)
            self._early = bytearray()
            self._quiet_until = now + self.shared.settings.command_gap_s
        if self._wire.takes_commands:
            self._questions = Questions(self, self._wire)
            self._questions.begin(now)
        self._tell_opened(hello)
        if not self._is_ended:  # the hub may have taken the modem away in answer to that
            self.modem.line.attach(self)
            self._plan(now)

    def _pass_on(self, payload: bytes) -> None:
        modem = self.modem
        self._rx_bytes += len(payload)
        modem.rx_grown += len(payload)
        if not modem.was_heard:
            modem.was_heard = True
            self.shared.heard.append(modem)
        modem.line.modem_data(payload)

    def _take(self, event: WireEvent) -> None:
        self._heard()
        now = self.last_byte
        keepalive, self._last_keepalive = self._last_keepalive, None
        if isinstance(event, Keepalive):
            if keepalive is not None:
                self.modem.interval.learn(now - keepalive)
            self._last_keepalive = now
        elif isinstance(event, PinReport):
            self._tell_pins(event)
            if self._questions is not None:
                self._questions.reported(event, now)
        elif isinstance(event, Answer):
            if self._questions is not None:
                self._questions.answered(event, now)
        elif isinstance(event, FreshHello):
            self._restart(event.hello)

    def _restart(self, hello: Hello) -> None:
        """The modem said hello again on the same socket: its session starts anew with these values."""
        settings = self.modem.settings
        if hello.modem != settings.modem:
            self.end("protocol_error", f"the modem said hello again as {hello.modem}")
        elif not is_right(settings.password, hello.password):
            self.end("protocol_error", "the modem said hello again with a wrong password")
        elif self._early is None:
            self._conclude("replaced", "the modem said hello again on the same connection", hung_up=False)
            self._begin(hello)
        elif hello.encapsulated == self.takes_commands:
            # Within half a second after the answer it is the same hello once more, which crossed the answer;
            # of several in one read the codec needs to hear of one answer only.
            with contextlib.suppress(LocalProtocolError):
                self._wire.answer(self.shared.local_time(settings.clock_zone))
        else:
            self.end("protocol_error", "the modem said two different hellos at once")

    def _digest(self, read: Callable[..., list[WireEvent]], *data: bytes) -> None:
        """Act on what the codec makes of bytes, or of a silence."""
        events = read(*data)
        if data and not (len(events) == 1 and type(events[0]) is Data):
            self._record("<", data[0])
        for event in events:
            if type(event) is Data:
                self._pass_on(event.payload)
            else:
                self._take(event)
                if self._is_ended:
                    return
        if self._held is None and (silence_s := self._wire.silence_s) is not None:
            self._held = asyncio.get_running_loop().call_later(silence_s, self._silence)

    def _silence(self) -> None:
        """The codec holds bytes back: let them go once the silence is long enough."""
        self._held = None
        if self._is_ended or (silence_s := self._wire.silence_s) is None:
            return
        rest = self.last_byte + silence_s - self.shared.monotonic()
        if rest > 0:
            self._held = asyncio.get_running_loop().call_later(rest, self._silence)
        else:
            self._guarded(self._digest, self._wire.receive_silence)

    def _let_go_last(self) -> None:
        # The modem is gone and nothing can complete what was held back: so it is the meter's.
        self._held = None
        try:
            for event in self._wire.receive_silence():
                if type(event) is Data:
                    self._pass_on(event.payload)
        except RemoteProtocolError as error:
            _log.debug("the rest of modem %s means nothing: %s", self.modem.settings.modem, error)

    def _record(self, direction: str, data: bytes) -> None:
        """Keep in the flight recorder what is not the meter's; the channel keeps that."""
        if b"PSW" in data:
            data = _PASSWORD.sub(b"PSW=****", data)
        self.shared.rings.append(self.modem.settings.modem, direction, data, self.shared.monotonic())

    def _open_line(self) -> None:
        early, self._early = self._early, None
        if early and self._transport is not None:
            self._transport.write(self._wire.send_data(bytes(early)))
        if not self._is_stuck:
            self.modem.line.modem_writable(True)

    def _heard(self) -> None:
        if not self.modem.was_heard:
            self.modem.was_heard = True
            self.shared.heard.append(self.modem)

    def _lost_at(self) -> float:
        if self._paused_at is not None:
            return _NEVER
        settings = self.modem.settings
        timeout = self.modem.interval.timeout_s(
            settings.keepalive_timeout_s, self._default_timeout_s, self.shared.settings.keepalive_floor_s
        )
        return _NEVER if timeout is None else max(self.last_byte, self.shared.wheel.awake_since) + timeout

    def _plan(self, now: float) -> None:
        when = self._lost_at()
        if self._early is not None:
            when = min(when, self._quiet_until)
        elif self._questions is not None:
            when = min(when, max(self._questions.next_due, now))
        if when < _NEVER:
            self.shared.wheel.at(self, when)
        else:
            self.shared.wheel.forget(self)

    def _close(self, *, at_once: bool) -> None:
        assert self._transport is not None
        if at_once:
            self._transport.abort()
        else:
            self._transport.close()
            self.shared.leaving.add(self)
            self.shared.wheel.at(self, self.shared.monotonic() + _CLOSING_S)

    def _conclude(self, reason: str, detail: str, *, hung_up: bool) -> None:
        """Take leave of channel, questions and hub: one generation of this modem is over."""
        modem, shared = self.modem, self.shared
        modem.line.detach(self)
        self._early = None
        if self._questions is not None:
            self._questions.end(hung_up=hung_up)
            self._questions = None
        shared.tell_traffic((modem,))
        modem.session = None
        shared.sessions -= 1
        shared.disconnects.add(1, reason)
        shared.to_hub(
            SessionClosed(
                modem=modem.settings.modem,
                generation=self.generation,
                at=shared.unix_time(),
                reason=reason,
                detail=detail,
                lasted_s=round(shared.monotonic() - self._opened, 3),
                rx_bytes=self._rx_bytes,
                tx_bytes=self._tx_bytes,
                last_byte_at=shared.unix_time(self.last_byte),
            )
        )

    def _tell_opened(self, hello: Hello) -> None:
        keys = {key: value for key, value in hello.keys.items() if key != "PSW"}
        self.shared.to_hub(
            SessionOpened(
                modem=hello.modem,
                generation=self.generation,
                at=self._opened_at,
                peer=self.peer,
                local=self._local,
                password=hello.password,
                default_password=hello.password == _VENDOR_PASSWORD,
                driver=hello.driver,
                model=hello.model,
                firmware=hello.firmware,
                sim=hello.sim,
                csq=hello.csq,
                encapsulated=hello.encapsulated,
                listens_at=hello.listens_at,
                woken_by=hello.woken_by,
                keys=keys,
            )
        )

    def _tell_pins(self, report: PinReport) -> None:
        self.shared.to_hub(
            PinsSeen(
                modem=self.modem.settings.modem,
                generation=self.generation,
                at=self.shared.unix_time(),
                asked=report.asked,
                pins=[(pin.number, pin.is_output, pin.is_high) for pin in report.pins],
            )
        )
