"""From an open port to a modem that is ready: it answers, its SIM card is open, it reports what it is to report."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from .at import fields_of
from .link import ModemLink

SimState: TypeAlias = Literal["ready", "no_sim", "pin_wanted", "puk_wanted", "pin_refused", "sim_failed"]
_SIM_S: Final = 20.0
_LOOK_S: Final = 0.5
_RESET_S: Final = 15.0
_NO_SIM: Final = frozenset({10, 13, 15})
_BUSY: Final = 14
_LEAST_TRIES: Final = 2
_PLAIN: Final = re.compile(r"[\x20-\x7e]{1,60}", re.ASCII)


class Mute(Exception):
    """A modem that does not answer, whatever was tried."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a modem says of itself."""

    model: str | None
    imei: str | None
    iccid: str | None


@dataclass(frozen=True, slots=True)
class PinTry:
    """Guards the one try that a PIN gets: a wrong one costs a SIM card a third of its life.

    Args:
        pin: None: there is none. may_try: whether this PIN may be tried on that card; notes that it is tried now, so
            that no restart tries it again; raises `LocalStoreFailed` when that cannot be noted.
        succeeded: notes that the card is open, which gives it its tries back.
    """

    pin: str | None
    may_try: Callable[[str], Awaitable[bool]]
    succeeded: Callable[[], Awaitable[None]]


async def awaken(link: ModemLink) -> None:
    """Have the modem answer: AT a few times, then a reset of its radio part.

    Raises:
        Mute: it stays silent. Unplugged: the port is gone, which a reset does to many a USB modem.
    """
    link.leave_prompt()
    if await link.settle():
        return
    await reset(link)


async def reset(link: ModemLink) -> None:
    """Restart a modem that answers badly and wait until it is back.

    Raises:
        Mute: it does not come back. Unplugged: it left its port for the restart.
    """
    loop = asyncio.get_running_loop()
    link.write_blindly("AT+CFUN=1,1")
    until = loop.time() + _RESET_S
    while loop.time() < until:
        if await link.settle():
            return
    raise Mute("it does not answer, not even after a reset: switch its power off and on")


async def prepare(link: ModemLink) -> Identity:
    """Set how the modem talks; return what it is. What a make does not know is left out."""
    await link.run("ATE0")
    await link.run("AT+CMEE=1")
    power = await link.run("AT+CFUN?", prefix="+CFUN:")
    if power.lines and fields_of(power.lines[0].partition(":")[2])[:1] != ["1"]:
        await link.run("AT+CFUN=1", _RESET_S)  # somebody left it in flight mode
    return Identity(await _line(link, "AT+CGMM"), await _digits(link, "AT+CGSN", 14), await _iccid(link))


async def subscribe(link: ModemLink) -> None:
    """Have the modem report SMS, delivery, calls and registration; PDU mode, so that texts travel as hex.

    Raises:
        Mute: it has no PDU mode.
    """
    if not (await link.run("AT+CMGF=0")).is_ok:
        raise Mute("it has no PDU mode (AT+CMGF=0)")
    for command in ("AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,1", "AT+CNMI=2,1"):
        if (await link.run(command)).is_ok:
            break
    for storage in ("SM", "ME"):
        if (await link.run(f'AT+CPMS="{storage}","{storage}","{storage}"')).is_ok:
            break
    for command in ('AT+CSCS="GSM"', "AT+COPS=3,0", "AT+CSMS=0", "AT+CLIP=1", "AT+CREG=1"):
        await link.run(command)


async def open_sim(link: ModemLink, pin: PinTry, card: str) -> SimState:
    """Return how the SIM card `card` is; a PIN is tried once and never as the card's last try, a PUK never."""
    state = await sim_state(link)
    if state == "ready":
        await pin.succeeded()
    if state != "pin_wanted" or pin.pin is None:
        return state
    if await _tries_left(link) < _LEAST_TRIES or not await pin.may_try(card):
        return "pin_refused"
    if not (await link.run(f'AT+CPIN="{pin.pin}"', 15.0)).is_ok:
        return "pin_refused"
    state = await sim_state(link, is_unlocking=True)
    if state == "ready":
        await pin.succeeded()
    return state


async def _tries_left(link: ModemLink) -> int:
    """Return how often the card may be asked yet, where the modem can tell; a fresh card's three where it cannot."""
    result = await link.run("AT+CPINR", prefix="+CPINR:")
    told = next((fields_of(line.partition(":")[2]) for line in result.lines if "SIM PIN" in line), [])
    return int(told[1]) if len(told) > 1 and re.fullmatch(r"[0-9]", told[1], re.ASCII) else 3


async def sim_state(link: ModemLink, *, is_unlocking: bool = False) -> SimState:
    """Return how the SIM card is, as soon as the modem has read it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _SIM_S
    while True:
        result = await link.run("AT+CPIN?", prefix="+CPIN:")
        word = next((line.partition(":")[2].strip(' "') for line in result.lines), "")
        is_waiting = result.code == _BUSY or (is_unlocking and word == "SIM PIN")
        if not is_waiting or loop.time() > until:
            break
        await asyncio.sleep(_LOOK_S)
    if word == "READY":
        return "ready"
    if word.startswith("SIM PUK"):
        return "puk_wanted"
    if word == "SIM PIN":
        return "pin_wanted"
    return "no_sim" if result.code in _NO_SIM else "sim_failed"


async def _line(link: ModemLink, command: str) -> str | None:
    result = await link.run(command)
    line = result.lines[0].partition(":")[2].strip() or result.lines[0] if result.is_ok and result.lines else ""
    return line.strip('" ') if _PLAIN.fullmatch(line) else None


async def _digits(link: ModemLink, command: str, least: int) -> str | None:
    line = await _line(link, command)
    found = re.search(rf"[0-9]{{{least},20}}", line or "", re.ASCII)
    return None if found is None else found[0]


async def _iccid(link: ModemLink) -> str | None:
    for command in ("AT+CCID", "AT+ICCID"):
        if (found := await _digits(link, command, 18)) is not None:
            return found
    return None


REGISTRATION: Final = {
    "0": "none",
    "1": "home",
    "2": "searching",
    "3": "denied",
    "5": "roaming",
    "6": "home",
    "7": "roaming",
}
"""By the number that `+CREG` and `+CEREG` tell; 6 and 7 are for SMS only (3GPP TS 27.007 7.2)."""
REGISTERED: Final = frozenset({"home", "roaming"})


async def ask_network(link: ModemLink) -> tuple[str | None, str | None, int | None]:
    """Return registration, operator and CSQ; None for what the modem does not say."""
    registration = await _registration(link, "AT+CREG?", "+CREG:")
    if registration not in REGISTERED:  # a modem that has LTE alone tells it in a command of its own
        in_lte = await _registration(link, "AT+CEREG?", "+CEREG:")
        registration = in_lte if in_lte in REGISTERED else registration
    operator = await link.run("AT+COPS?", 15.0, prefix="+COPS:")
    named = next((fields_of(line.partition(":")[2])[2:3] for line in operator.lines), [])
    signal = await link.run("AT+CSQ", prefix="+CSQ:")
    level = next((fields_of(line.partition(":")[2])[:1] for line in signal.lines), [])
    csq = int(level[0]) if level and re.fullmatch(r"[0-9]{1,2}", level[0], re.ASCII) else 99
    return (
        registration,
        named[0][:40] if named and named[0] else None,
        csq if csq <= 31 else None,
    )


async def _registration(link: ModemLink, command: str, prefix: str) -> str | None:
    told = await link.run(command, prefix=prefix)
    stat = next((fields_of(line.partition(":")[2])[1:2] for line in told.lines), [])
    return REGISTRATION.get(stat[0]) if stat else None
