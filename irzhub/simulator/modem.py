"""One modem: dials in, says hello, relays its meter, tells its pins, keeps the link alive, dials again."""

import asyncio
import socket
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from irzhub.simulator.call import ModemCall
from irzhub.simulator.commands import CommandMishap, Misdeed
from irzhub.simulator.dialogue import Dialogue, Mishap
from irzhub.simulator.meters import EchoMeter, Meter
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.pins import Pins
from irzhub.simulator.reboot import apply_firmware, apply_settings
from irzhub.simulator.runtime import Runtime
from irzhub.simulator.standby import Standby
from irzhub.simulator.truth import PinChange
from irzhub.simulator.wire import HubAnswer

State = Literal["off", "dialling", "greeting", "online", "dialogue", "waiting", "standby"]

BIND_ADDRESS_NO_PORT: Final = 24
"""Linux: the port of a bound source address is chosen at connect, so that addresses share the port range."""
DIAL_TIMEOUT_S: Final = 20.0


@dataclass(slots=True)
class ModemCounts:
    """What one modem has met since it was switched on.

    `refusals`: the dial failed. `answers_refused`: the answer to the hello was wrong, `faults`: the hub broke the
    protocol later, `closed_early`: the hub closed before it answered. `early_bytes`: came less than 0.4 s
    after the answer, where the emulator would lose them.
    """

    dials: int = 0
    answered: int = 0
    refusals: int = 0
    answers_refused: int = 0
    closed_early: int = 0
    faults: int = 0
    early_bytes: int = 0
    keepalives: int = 0
    commands: int = 0
    dialogues: int = 0
    reports: int = 0
    rx_bytes: int = 0
    tx_bytes: int = 0


class SimulatedModem:
    """A modem with its meter. `start` switches it on; it dials for ever until `stop`.

    Use it from one loop. As a context manager it starts, waits until it is online and stops at the end.

    Args:
        host, port: where the hub listens. imei: 14 to 17 digits. meter: an `EchoMeter` when None.
        source: local address to dial from. runtime: shared by a fleet, its own when None.

    Attributes:
        lines: of the last settings dialogue. settings: what it has taken on, by name.
        mishaps: what goes wrong in the dialogues to come, one each, from the first on.
        command_mishaps: what goes wrong with the commands to come, each once, the first that fits.
        firmware: the pages that came last, also those of an upload that was interrupted.
        is_lost: it was told an address at which nobody is, and never dials again.
        standby: its sleep, and its phone.
    """

    __slots__ = (
        "_call",
        "_changed",
        "_dialling",
        "_owns_runtime",
        "_source",
        "_wanted",
        "answer_line",
        "command_mishaps",
        "counts",
        "firmware",
        "host",
        "imei",
        "is_lost",
        "last_fault",
        "lines",
        "meter",
        "mishaps",
        "options",
        "pins",
        "port",
        "runtime",
        "settings",
        "standby",
        "state",
        "was_asked_for_pins",
    )

    def __init__(
        self,
        host: str,
        port: int,
        imei: str,
        options: ModemOptions | None = None,
        *,
        meter: Meter | None = None,
        source: str | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.imei = imei
        self.options = options or ModemOptions()
        self.meter: Meter = meter or EchoMeter(imei)
        self.runtime = runtime or Runtime()
        self.pins = Pins(self.options.outputs)
        self.counts = ModemCounts()
        self.state: State = "off"
        self.last_fault = ""
        self.answer_line = b""
        self.lines: list[str] = []
        self.settings: dict[str, str] = {}
        self.mishaps: list[Mishap] = []
        self.command_mishaps: list[CommandMishap] = []
        self.firmware: list[bytes] = []
        self.is_lost = False
        self.was_asked_for_pins = False
        self.standby = Standby(self)
        self._source = source
        self._owns_runtime = runtime is None
        self._wanted = False
        self._dialling = 0
        self._call: ModemCall | None = None
        self._changed: asyncio.Event | None = None

    async def __aenter__(self) -> "SimulatedModem":
        self.start()
        await self.wait_for("online")
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    @property
    def is_online(self) -> bool:
        """Whether the hub has answered the hello of the present call."""
        return self.state == "online"

    def start(self) -> None:
        """Switch on: dial now, and again after each close; one that sleeps waits until something wakes it."""
        self._wanted = True
        if self.options.sleeps and self.state == "off":
            self._set_state("standby")
        elif self._call is None and self.state in ("off", "standby", "waiting"):
            self._dial_soon(0.0)

    def switch_off(self) -> None:
        """Close the call and dial no more."""
        self._wanted = False
        self._dialling += 1
        if self._call is not None:
            self._call.close()
        else:
            self._set_state("off")

    async def stop(self) -> None:
        """Switch off, and wait until the socket is gone."""
        self.switch_off()
        for _ in range(100):
            if self._call is None:
                break
            await asyncio.sleep(0.01)
        else:
            self.drop()
        if self._owns_runtime:
            await self.runtime.close()

    async def wait_for(self, state: State, timeout_s: float = 10.0) -> None:
        """Wait until the modem is in `state`.

        Raises:
            TimeoutError: it is not within `timeout_s`; the text says where it is and why.
        """
        deadline = asyncio.get_running_loop().time() + timeout_s
        while self.state != state:
            if self._changed is None:
                self._changed = asyncio.Event()
            self._changed.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._changed.wait(), max(left, 0.0))
            except TimeoutError:
                raise TimeoutError(
                    f"modem {self.imei}: expected {state} within {timeout_s} s, it is {self.state}"
                    f" after {self.counts}; last fault: {self.last_fault or 'none'}"
                ) from None

    # What happens to it

    def drop(self, redial_s: float | None = None) -> None:
        """Lose the link with a reset; dial again after `redial_s`, by default after the usual pause."""
        if self._call is not None:
            self._call.redial_s = redial_s
            self._call.abort()

    def hang_up(self) -> None:
        """Close the call in order; dials again after the usual pause."""
        if self._call is not None:
            self._call.close()

    def vanish(self, redial_s: float | None = None) -> ModemCall | None:
        """Leave the socket open but dead, as a lost GPRS link does, and dial anew; return the dead call."""
        call, self._call = self._call, None
        if call is not None:
            call.play_dead()
            self._ended(redial_s)
        return call

    def freeze(self) -> None:
        """Say nothing more and read nothing more on this call, which stays open."""
        if self._call is not None:
            self._call.play_dead()

    def wake(self) -> None:
        """End standby, as a switch at the modem does."""
        if self.state == "standby":
            self.dial_after(0.0)

    def dial_after(self, pause_s: float) -> None:
        """Dial after a pause, and again after each close."""
        self._set_state("waiting")
        self._dial_soon(pause_s)

    def rest(self) -> None:
        """Close the call, and dial no more until something ends the standby."""
        self._dialling += 1
        if self._call is not None:
            self._call.wants_standby = True
            self._call.close()
        elif self._wanted:
            self._set_state("standby")

    def set_pin(self, pin: int, is_high: bool) -> bool:
        """Change the level at an input and report it; return whether the report was written to a living call."""
        if not self.pins.set(pin, is_high):
            return False
        sent = (
            self._call is not None
            and self.options.reports
            and not self.pins.is_output(pin)
            and self._call.report_pins()
        )
        self.counts.reports += sent
        now = self.runtime.clock.now().timestamp()
        self.runtime.truth.record(PinChange(now, self.imei, pin, "ON" if is_high else "OFF", sent))
        return sent

    def toggle_pin(self, pin: int) -> bool:
        """Change an input to its other level; see `set_pin`."""
        return self.set_pin(pin, not self.pins.is_high(pin))

    def send_meter_bytes(self, data: bytes) -> None:
        """Let the meter speak unasked; lost when there is no link."""
        if self._call is not None:
            self._call.send_data(data)

    def send_wire_bytes(self, data: bytes) -> None:
        """Write bytes to the socket as they are, to play a modem that breaks the rules."""
        if self._call is not None:
            self._call.write(data)

    # What its call tells it

    def call_made(self, call: ModemCall) -> bool:
        """Take the new call; False when it is not wanted any more."""
        if not self._wanted or self._call is not None:
            return False
        self._call = call
        self._set_state("greeting")
        return True

    def call_answered(self, call: ModemCall, line: bytes, state: Literal["online", "dialogue"]) -> None:
        """The hub's answer was right: normal work, or the dialogue of settings or firmware."""
        if call is self._call:
            self.counts.answered += 1
            self.answer_line = line
            self.standby.came_online(self.runtime.clock.monotonic())
            self._set_state(state)

    def take_command_mishap(self, body: bytes) -> Misdeed | None:
        """Return what goes wrong with this command, None for nothing; each mishap happens once."""
        for number, mishap in enumerate(self.command_mishaps):
            if body.startswith(mishap.begins):
                return self.command_mishaps.pop(number).misdeed
        return None

    def change_sim(self) -> None:
        """Dial with the other SIM card from now on; the network gives another ICCID."""
        other = 1 - self.options.sim
        self.options = replace(self.options, sim=other, iccid=f"{self.options.iccid[:18]}{other}F")

    def begin_dialogue(self, answer: HubAnswer) -> Dialogue:
        """Return the dialogue that the hub wants; an interrupted firmware goes on only in a modem that can do that."""
        mishap = self.mishaps.pop(0) if self.mishaps else None
        self.counts.dialogues += 1
        if answer.mode == "FRM" and not self.options.resumes_firmware:
            self.firmware = []
        return Dialogue(answer, mishap, self.firmware)

    def reboot(self, dialogue: Dialogue) -> float:
        """Take on what a dialogue brought; return the pause until the modem dials again."""
        if dialogue.is_firmware:
            apply_firmware(self, self.firmware)
            self.firmware = list(self.firmware)
        else:
            apply_settings(self, dialogue.lines)
        return self.runtime.between(self.options.reboot_s)

    def call_lost(self, call: ModemCall) -> None:
        """The call is over, whoever ended it."""
        if call is self._call:
            self._call = None
            self._ended(call.redial_s, call.wants_standby)

    # Dialling

    def _ended(self, redial_s: float | None, wants_standby: bool = False) -> None:
        if wants_standby:
            self._set_state("standby")
        elif not self._wanted or self.is_lost or (redial_s is None and self.options.reconnect_s is None):
            self._set_state("off")
        else:
            self._set_state("waiting")
            pause = redial_s if redial_s is not None else self.runtime.between(self.options.reconnect_s or (0.0, 0.0))
            self._dial_soon(pause)

    def _dial_soon(self, pause_s: float) -> None:
        self._dialling += 1
        if pause_s > 0:
            self.runtime.wheel.after(pause_s, partial(self._dial_now, self._dialling))
        else:
            self._dial_now(self._dialling)

    def _dial_now(self, dialling: int) -> None:
        if self._wanted and dialling == self._dialling:
            self._set_state("dialling")
            self.counts.dials += 1
            _ = self.runtime.tasks.spawn(self._dial(dialling), self.imei)

    async def _dial(self, dialling: int) -> None:
        loop = asyncio.get_running_loop()
        host, port = self.standby.place
        try:
            async with asyncio.timeout(DIAL_TIMEOUT_S):
                if self._source is None:
                    await loop.create_connection(lambda: ModemCall(self), host, port)
                else:
                    bound = await self._connect_from(self._source, host, port)
                    await loop.create_connection(lambda: ModemCall(self), sock=bound)
        except OSError as error:  # TimeoutError is one
            self.counts.refusals += 1
            self.last_fault = f"dial to {host}:{port} failed: {error!r}"
            if dialling == self._dialling:
                self._ended(None)

    async def _connect_from(self, source: str, host: str, port: int) -> socket.socket:
        bound = socket.socket()
        try:
            bound.setblocking(False)
            bound.setsockopt(socket.IPPROTO_IP, BIND_ADDRESS_NO_PORT, 1)
            bound.bind((source, 0))
            await asyncio.get_running_loop().sock_connect(bound, (host, port))
        except BaseException:
            bound.close()
            raise
        return bound

    def _set_state(self, state: State) -> None:
        self.state = state
        if self._changed is not None:
            self._changed.set()
