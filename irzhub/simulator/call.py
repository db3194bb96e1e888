"""One call of a modem: a TCP connection from hello to close."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from irzhub.simulator.commands import Deed, answer_command, pin_report, refusal
from irzhub.simulator.dialogue import Answer, Dialogue
from irzhub.simulator.options import build_hello
from irzhub.simulator.wire import (
    COMMAND,
    DATA,
    HEARTBEAT,
    KEEPALIVE,
    FrameSplitter,
    HubFault,
    build_frame,
    parse_answer,
)

if TYPE_CHECKING:
    from irzhub.simulator.modem import SimulatedModem

EARLY_S: Final = 0.4
PIECE_GAP_S: Final = 0.1


class ModemCall(asyncio.Protocol):
    """The modem's end of one connection. It tells the modem when it is made, answered and lost.

    `redial_s` overrides the pause before the next call, `wants_standby` says that there is none.
    """

    __slots__ = (
        "_answered_at",
        "_dialogue",
        "_is_dead",
        "_modem",
        "_splitter",
        "_spoke_at",
        "_transport",
        "redial_s",
        "wants_standby",
    )

    def __init__(self, modem: "SimulatedModem") -> None:
        self._modem = modem
        self._transport: asyncio.Transport | None = None
        self._splitter: FrameSplitter | None = None
        self._dialogue: Dialogue | None = None
        self._answered_at: float | None = None
        self._spoke_at = 0.0
        self._is_dead = False
        self.redial_s: float | None = None
        self.wants_standby = False

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop has its own classes
        if not self._modem.call_made(self):
            self._transport.abort()
            return
        options = self._modem.standby.hello_options()
        self._write_pieces(build_hello(self._modem.imei, options), options.hello_pieces)
        if options.encapsulated:
            self._modem.runtime.wheel.after(options.unanswered_s, self._give_up)

    def data_received(self, data: bytes) -> None:
        if self._is_dead:
            return
        try:
            if self._answered_at is None:
                self._take_answer(data)
            else:
                self._take(data, self._answered_at)
        except HubFault as fault:
            self._fail(fault)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        if self._answered_at is None and not self._is_dead:
            self._modem.counts.closed_early += 1
        self._is_dead = True
        self._transport = None
        self._modem.call_lost(self)

    # What the modem does with it

    def close(self) -> None:
        """Close in order: what was written still goes out."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once; the hub sees a reset or an end."""
        if self._transport is not None:
            self._transport.abort()

    def play_dead(self) -> None:
        """Neither read nor write any more; the socket stays open until `abort`."""
        self._is_dead = True
        if self._transport is not None:
            self._transport.pause_reading()

    @property
    def is_open(self) -> bool:
        """Whether the socket is still there."""
        return self._transport is not None

    def write(self, data: bytes) -> bool:
        """Write bytes to the hub; False when nothing can be written any more."""
        if self._is_dead or self._transport is None or self._transport.is_closing():
            return False
        self._spoke_at = self._modem.runtime.clock.monotonic()
        self._modem.counts.tx_bytes += len(data)
        self._transport.write(data)
        return True

    def report_pins(self) -> bool:
        """Tell all pins unasked; False when this call cannot carry it."""
        modem = self._modem
        if self._answered_at is None or self._splitter is None or self._dialogue is not None:
            return False
        return self.write(pin_report(modem.pins, modem.options))

    def send_data(self, data: bytes) -> None:
        """Send the meter's bytes, in frames when the modem works with encapsulation."""
        if self._answered_at is None or self._dialogue is not None:
            return
        if self._splitter is None:
            self.write(data)
            return
        size = self._modem.options.data_size
        for start in range(0, len(data), size):
            self.write(build_frame(DATA, data[start : start + size]))

    # From the hub

    def _take_answer(self, data: bytes) -> None:
        answer = parse_answer(data)
        modem = self._modem
        self._answered_at = modem.runtime.clock.monotonic()
        # Settings and firmware are taken on the first connection only; others stay in data mode.
        if answer.mode != "DAT" and modem.options.channel in (None, 1):
            self._splitter = FrameSplitter()
            self._dialogue = modem.begin_dialogue(answer)
            modem.call_answered(self, data, "dialogue")
            self._reply(self._dialogue.begin(answer, modem.options.service_password), self._dialogue)
            return
        if modem.standby.hello_options().encapsulated:
            self._splitter = FrameSplitter()
        modem.call_answered(self, data, "online")
        if modem.options.keepalive_s is not None:
            modem.runtime.wheel.after(modem.options.keepalive_s, self._keep_alive)

    def _take(self, data: bytes, answered_at: float) -> None:
        modem = self._modem
        now = modem.runtime.clock.monotonic()
        modem.counts.rx_bytes += len(data)
        if now - answered_at < EARLY_S:
            modem.counts.early_bytes += len(data)
        if self._splitter is None:
            self._ask_meter(data, now)
            return
        frames = self._splitter.receive(data)
        if self._dialogue is not None and len(frames) > 1:
            raise HubFault(f"expected one line in one read, got {len(frames)}")  # the emulator loses the second
        for kind, payload in frames:
            if self._dialogue is not None:
                self._reply(self._dialogue.receive(kind, payload), self._dialogue)
            elif kind == DATA:
                self._ask_meter(payload, now)
            elif kind == COMMAND:
                self._obey(payload)
            else:
                raise HubFault(f"expected a frame of kind 01 or 0C in data mode, got {kind:02X}")

    def _ask_meter(self, data: bytes, now: float) -> None:
        self._modem.standby.heard(now)
        for delay_s, answer in self._modem.meter.receive(data, now):
            if delay_s > 0:
                self._modem.runtime.wheel.after(delay_s, partial(self.send_data, answer))
            else:
                self.send_data(answer)

    def _obey(self, payload: bytes) -> None:
        modem = self._modem
        modem.counts.commands += 1
        delay_s = modem.runtime.between(modem.options.command_delay_s)
        if delay_s > 0:
            modem.runtime.wheel.after(delay_s, partial(self._answer_command, payload))
        else:
            self._answer_command(payload)

    def _answer_command(self, payload: bytes) -> None:
        modem = self._modem
        misdeed = modem.take_command_mishap(payload[1:])
        if misdeed == "cut_before":
            self.abort()
            return
        if misdeed == "refuse":
            self.write(refusal())
            return
        try:
            reply = answer_command(payload, modem.pins, modem.options)
        except HubFault as fault:
            self._fail(fault)
            return
        if reply.frame is not None and misdeed is None:
            was_written = self.write(reply.frame)
            modem.was_asked_for_pins |= was_written and reply.tells_pins
        elif reply.frame is not None and misdeed == "cut_amid":
            self.write(reply.frame[: len(reply.frame) // 2])
        if misdeed in ("cut_amid", "cut_after"):
            self.abort()
        elif reply.deed != "none" and misdeed is None:
            self._leave(reply.deed)

    def _leave(self, deed: Deed) -> None:
        """Hang up because a command says so: for standby, with the other SIM, or to start anew."""
        self.wants_standby = deed == "standby"
        if deed == "change_sim":
            self._modem.change_sim()
        elif deed == "reboot":
            self.redial_s = self._modem.runtime.between(self._modem.options.reboot_s)
        self.close()

    def _reply(self, answer: Answer, dialogue: Dialogue) -> None:
        if answer.frame is not None:
            self.write(answer.frame)
        self._modem.lines = dialogue.lines
        if answer.deed == "freeze":
            self.play_dead()
        elif answer.deed == "abort":
            self.abort()
        elif answer.deed != "none":
            if answer.deed == "reboot":
                self.redial_s = self._modem.reboot(dialogue)
            self.close()

    # Timers

    def _keep_alive(self) -> None:
        modem = self._modem
        interval = modem.options.keepalive_s
        if interval is None or self._is_dead or self._transport is None:
            return
        quiet_s = modem.runtime.clock.monotonic() - self._spoke_at
        if quiet_s < interval * 0.99:
            modem.runtime.wheel.after(interval - quiet_s, self._keep_alive)
            return
        heartbeat = HEARTBEAT if self._splitter is None else build_frame(KEEPALIVE, HEARTBEAT)
        self._write_pieces(heartbeat, modem.options.keepalive_pieces)
        modem.counts.keepalives += 1
        modem.runtime.wheel.after(interval, self._keep_alive)

    def _give_up(self) -> None:
        if self._answered_at is None and not self._is_dead:
            self._modem.last_fault = "nobody answered the hello"
            self.close()

    def _fail(self, fault: HubFault) -> None:
        modem = self._modem
        modem.last_fault = str(fault)
        if self._answered_at is None:
            modem.counts.answers_refused += 1
        else:
            modem.counts.faults += 1
        self.abort()

    def _write_pieces(self, data: bytes, pieces: int) -> None:
        size = -(-len(data) // pieces)
        self.write(data[:size])
        for number, start in enumerate(range(size, len(data), size), start=1):
            piece = data[start : start + size]
            self._modem.runtime.wheel.after(number * PIECE_GAP_S, partial(self.write, piece))
