"""A modem that sleeps: what wakes it, where it dials then, and when it sleeps again (docs/protocol.md 2.3, 2.5)."""

import re
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal

from irzhub.simulator.options import ModemOptions

if TYPE_CHECKING:
    from irzhub.simulator.modem import SimulatedModem

_VISIT: Final = re.compile(r"IP([0-9A-Za-z.-]{1,100}):([0-9]{1,5})TIME([0-9]{1,3})IRZ(,ENC)?", re.ASCII)
_WAIT: Final = re.compile(r"wait (on|off)[0-5]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class WakeSms:
    """What a control SMS asks: sleep, dial where it is set up to, or dial `host:port` for `minutes` (0: on and on)."""

    asks: Literal["sleep", "dial", "visit"]
    host: str = ""
    port: int = 0
    minutes: int = 0
    encapsulated: bool = False


def read_sms(text: str, password: str) -> WakeSms | None:
    """Return what an SMS asks of a modem's sleep; None for one with another password or for something else."""
    word, _, asked = text.partition(" ")
    if word != password:
        return None
    if (found := _WAIT.fullmatch(asked)) is not None:
        return WakeSms("sleep" if found[1] == "on" else "dial")
    if (found := _VISIT.fullmatch(asked)) is None or not 0 < int(found[2]) < 65536 or int(found[3]) > 255:
        return None
    return WakeSms("visit", found[1], int(found[2]), int(found[3]), found[4] is not None)


class Standby:
    """The sleep of one modem. A modem that does not `sleep` from the start is here too: a command may send it.

    Attributes:
        woken_by: `CALL` or `SMS` since it was woken so, else empty. rings, texts: what has come by phone.
    """

    __slots__ = ("_heard_at", "_modem", "_visit", "_waking", "rings", "texts", "woken_by")

    def __init__(self, modem: "SimulatedModem") -> None:
        self._modem = modem
        self._visit: WakeSms | None = None
        self._waking = 0
        self._heard_at = 0.0
        self.woken_by = ""
        self.rings = 0
        self.texts: list[str] = []

    @property
    def place(self) -> tuple[str, int]:
        """Where it dials: to where an SMS called it, else to where it is set up to."""
        visit = self._visit
        return (visit.host, visit.port) if visit is not None else (self._modem.host, self._modem.port)

    def hello_options(self) -> ModemOptions:
        """Return the traits that the hello tells of, with the cause of the call where the modem names it."""
        options = self._modem.options
        if self._visit is not None:
            options = replace(options, encapsulated=self._visit.encapsulated)
        if self.woken_by and options.tells_cause:
            options = replace(options, extra=f"TIM={self.woken_by}")
        return options

    def ring(self) -> bool:
        """The phone rings; return whether it did: not of one that is switched off."""
        modem = self._modem
        if modem.state == "off":
            return False
        self.rings += 1
        if modem.state == "standby":
            if "call" in modem.options.wakes_on:
                self._wake("CALL")
        elif modem.options.call_toggles:
            self.sleep()
        return True

    def receive(self, text: str) -> bool:
        """An SMS comes; return whether it arrived. One with a wrong password, or of another matter, does nothing."""
        modem = self._modem
        if modem.state == "off":
            return False
        self.texts.append(text)
        asked = read_sms(text, modem.options.sms_password)
        if asked is None or "sms" not in modem.options.wakes_on:
            return True
        if asked.asks == "sleep":
            self.sleep()
        elif asked.asks == "visit" and not _is_near(asked.host):
            modem.last_fault = f"was called to {asked.host}, which is not on this machine"
        elif modem.state == "standby":
            self._visit = asked if asked.asks == "visit" else None
            self._wake("SMS")
        return True

    def sleep(self) -> None:
        """Hang up and dial no more until something wakes it."""
        self._waking += 1
        self._visit = None
        self.woken_by = ""
        self._modem.rest()

    def heard(self, now: float) -> None:
        """The meter was asked something: it stays awake for another while."""
        self._heard_at = now

    def came_online(self, now: float) -> None:
        """The call was answered: from here on it is awake, for so long as it is asked something or was called for."""
        self._heard_at = now
        self._waking += 1
        visit, awake_s = self._visit, self._modem.options.awake_s
        if visit is not None and visit.minutes:
            self._modem.runtime.wheel.after(60.0 * visit.minutes, partial(self._visit_over, self._waking))
        elif visit is None and awake_s is not None and self._modem.options.sleeps:
            self._modem.runtime.wheel.after(awake_s, partial(self._fall_asleep, self._waking, awake_s))

    def _wake(self, cause: str) -> None:
        self._waking += 1
        self.woken_by = cause
        pause_s = self._modem.runtime.between(self._modem.options.wake_s)
        self._modem.dial_after(pause_s)

    def _visit_over(self, waking: int) -> None:
        if waking == self._waking:
            self.sleep()

    def _fall_asleep(self, waking: int, awake_s: float) -> None:
        if waking != self._waking:
            return
        left_s = awake_s - (self._modem.runtime.clock.monotonic() - self._heard_at)
        if left_s <= 0.001:
            self.sleep()
        else:
            self._modem.runtime.wheel.after(left_s, partial(self._fall_asleep, waking, awake_s))


def _is_near(host: str) -> bool:
    """Say whether a host is this machine: a simulator dials nowhere else."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
