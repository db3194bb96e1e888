"""One modem on one connection: the place where wire events become messages (ARCHITECTURE 4).

The session owns the socket's transport, lets the codec read and build the bytes, gives the meter's bytes
to the channel and everything else to the hub. Nothing here waits: what has to happen later is on the wheel.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, Final, cast

from irzhub.codec.driver import Answer, Connection, Data, FreshHello, Hello, Keepalive, PinReport, WireEvent
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.relay import session_reports
from irzhub.relay.conflict import Farewell, ended_before
from irzhub.relay.counted_link import CountedLink
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.keepalive import Liveness
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.passwords import is_right
from irzhub.relay.pipe import SMALL, MeterEnd
from irzhub.relay.questions import Questions
from irzhub.relay.silence import SilenceTimer

_log = logging.getLogger(__name__)
_CLOSING_S: Final = 2.0
"""How long a closed session may take to send what it still has before its socket is cut."""
_NEVER: Final = float("inf")


class ModemSession(CountedLink):
    """One session of a modem, from its answered hello to its end; its channel's `ModemLink`.

    Made for a socket whose hello was read and judged; `connection_made` displaces the session before it.
    """

    __slots__ = (
        "_dialled",
        "_early",
        "_is_ended",
        "_is_stuck",
        "_quiet_until",
        "_silence",
        "_transport",
        "_wire",
        "generation",
        "local",
        "opened",
        "opened_at",
        "peer",
        "questions",
        "tick",
    )

    def __init__(self, modem: Modem, shared: Shared, wire: Connection, dialled: DialledIn) -> None:
        life = Liveness(modem.interval, dialled.driver.default_keepalive_timeout_s, dialled.accepted)
        super().__init__(modem, shared, life)
        self.peer = dialled.peer
        self.generation = 0
        self.tick = 0
        self._dialled: DialledIn | None = dialled
        self._wire = wire
        self._transport: asyncio.Transport | None = None
        self.questions: Questions | None = None
        self.opened = 0.0
        self.opened_at = 0.0
        self._quiet_until = 0.0
        self._early: bytearray | None = None
        self._silence: SilenceTimer | None = None
        self.local = dialled.local
        self._is_stuck = False
        self._is_ended = False

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
        pipe = self.pipe
        if pipe is not None and len(data) <= SMALL and pipe.answer(data):
            return
        if not self._is_ended:
            self.modem.line.close_pipe()
            self.life.last_byte = self.shared.monotonic()
            self._guarded(self._digest, self._wire.receive_data, data)

    def eof_received(self) -> bool:
        """The modem hung up; the transport closes itself after what it still has to write."""
        self.end("closed", "the modem closed the connection")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        self.end(*session_reports.why_lost(exc))
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
        self.passed(0, len(payload))
        if self._early is not None:
            self._early += payload
        else:
            self._transport.write(self._wire.send_data(payload))

    def pause_reading(self) -> None:
        """Read no more until `resume_reading`; meanwhile the modem cannot become silent."""
        if not (self.life.is_paused or self._transport is None or self._is_ended):
            self.life.pause(self.shared.monotonic())
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on; the time of the pause does not count as silence."""
        if self.life.is_paused and self._transport is not None and not self._is_ended:
            now = self.shared.monotonic()
            self.life.resume(now)
            self._transport.resume_reading()
            self._plan(now)

    @property
    def meter_end(self) -> MeterEnd | None:
        """How plain data passes to and from the modem, None when it cannot do so just now."""
        plain, is_own_turn = self._wire.plain, self.questions is not None and self.questions.is_owed_a_turn
        if plain is None or is_own_turn or self._early is not None or self._is_ended or self._transport is None:
            return None
        return MeterEnd(plain.read, plain.build, self._transport.write)

    @property
    def is_write_paused(self) -> bool:
        """Whether the modem does not take bytes now; so too in the half second after the hello's answer."""
        return self._is_stuck or self._early is not None

    # The hub's side.

    def settings_changed(self) -> None:
        """The modem's settings are others now; the session goes on with them."""
        now = self.shared.monotonic()
        if self.questions is not None:
            self.questions.settings_changed(now)
        self._plan(now)

    def displace(self, newer: "ModemSession") -> None:
        """Give way to a newer session of the same modem and see whether anybody is left here."""
        transport = self._transport
        assert transport is not None
        if (how := ended_before(transport)) is not None:
            self.end(how, "the modem hung up before it dialled in again")
            return
        self.end("replaced", f"replaced by a newer session from {newer.peer}", watched=True)
        self._transport = None
        Farewell(transport, self.shared, self.modem, self.peer, newer.peer).begin(self.shared.monotonic())

    def end(self, reason: str, detail: str, *, watched: bool = False) -> None:
        """End the session, once: tell channel, questions and hub, and close the socket.

        Args:
            reason: one of CONTRACT 2.
            detail: the cause in plain words.
            watched: the socket stays open, somebody else closes it.
        """
        if self._is_ended:
            return
        if self._silence is not None and self._silence.is_running:
            self._silence.stop()
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
            silence = now - max(self.life.last_byte, self.shared.wheel.awake_since)
            self.end("keepalive_lost", f"no byte from the modem for {silence:.0f} s")
            return
        if self.questions is not None and self._early is None:
            self.questions.pump(now)
        if not self._is_ended:
            self._plan(now)

    def questions_due(self, now: float) -> None:
        """There may be something to ask now: let the questions see, as soon as the line is open."""
        if not self._is_ended and self.questions is not None and self._early is None:
            self.questions.pump(now)
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
        if (former := self.modem.session) is not None:
            former.displace(self)
        self._begin(dialled.hello)
        self.shared.handshake.observe(self.opened - dialled.accepted)
        if dialled.leftover:
            self.data_received(dialled.leftover)

    def _begin(self, hello: Hello) -> None:
        now = self.shared.monotonic()
        self.modem.generation += 1
        self.generation = self.modem.generation
        self.modem.session = self
        self.opened = self.life.last_byte = now
        self.opened_at = self.shared.unix_time()
        self.rx_bytes = self.tx_bytes = 0
        self.shared.sessions += 1
        self.shared.connects.add()
        answer = self._wire.answer(self.shared.local_time(self.modem.settings.clock_zone))
        if answer:
            self.write_frame(answer)
            self._early = bytearray()
            self._quiet_until = now + self.shared.settings.command_gap_s
        if self._wire.takes_commands:
            self.questions = Questions(self, self._wire)
            self.questions.begin(now)
        self.shared.to_hub(session_reports.opened(self, hello))
        if not self._is_ended:  # the hub may have taken the modem away in answer to that
            self.modem.line.attach(self)
            self._plan(now)

    def _pass_on(self, payload: bytes) -> None:
        self.passed(len(payload), 0)
        if self.questions is not None and self.questions.is_owed_a_turn:
            self.questions.take_turn(self.life.last_byte)
        self.modem.line.modem_data(payload)

    def _take(self, event: WireEvent) -> None:
        self.heard()
        now = self.life.last_byte
        if isinstance(event, Keepalive):
            self.life.keepalive(self.rx_bytes + self.tx_bytes)
            return
        self.life.other_word()
        if isinstance(event, PinReport):
            self.shared.to_hub(session_reports.pins(self, event))
            if self.questions is not None:
                self.questions.reported(event, now)
        elif isinstance(event, Answer) and self.questions is not None:
            self.questions.answered(event, now)
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
        elif hello.encapsulated == (self.questions is not None):
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
        if self._wire.silence_s is not None:
            self._hold()

    def _hold(self) -> None:
        if self._silence is None:
            self._silence = SilenceTimer(self._wire, self.shared.monotonic, lambda: self.life.last_byte, self._let_go)
        self._silence.start()

    def _let_go(self) -> None:
        if not self._is_ended:
            self._guarded(self._digest, self._wire.receive_silence)

    def _let_go_last(self) -> None:
        # The modem is gone and nothing can complete what was held back: so it is the meter's.
        try:
            for event in self._wire.receive_silence():
                if type(event) is Data:
                    self._pass_on(event.payload)
        except RemoteProtocolError as error:
            _log.debug("the rest of modem %s means nothing: %s", self.modem.settings.modem, error)

    def _record(self, direction: str, data: bytes) -> None:
        """Keep in the flight recorder what is not the meter's; the channel keeps that."""
        self.settle()
        now, modem = self.shared.monotonic(), self.modem.settings.modem
        self.shared.rings.append(modem, direction, session_reports.mask_password(data), now)

    def _open_line(self) -> None:
        early, self._early = self._early, None
        if early and self._transport is not None:
            self._transport.write(self._wire.send_data(bytes(early)))
        if not self._is_stuck:
            self.modem.line.modem_writable(True)

    def _lost_at(self) -> float:
        self.settle()
        fixed_s, floor_s = self.modem.settings.keepalive_timeout_s, self.shared.settings.keepalive_floor_s
        return self.life.lost_at(fixed_s, floor_s, self.shared.wheel.awake_since)

    def _plan(self, now: float) -> None:
        when = self._lost_at()
        if self._early is not None:
            when = min(when, self._quiet_until)
        elif self.questions is not None:
            when = min(when, max(self.questions.next_due, now))
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
        if self.questions is not None:
            self.questions.end(hung_up=hung_up)
            self.questions = None
        shared.tell_traffic((modem,))
        modem.session = None
        shared.sessions -= 1
        shared.disconnects.add(1, reason)
        shared.to_hub(session_reports.closed(self, reason, detail))
