"""Settings as SMS, ready to be sent (`docs/protocol.md` 2.1 and 2.3).

People forget the space behind the password, mix up 0 and 1, or apply before the last one has come. So the texts
are made here: everything is stored (`0`) and only the last one applies (`1`), which restarts the modem.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from irzhub.codec.irz.settings.lines import SettingLine

SMS_LIMIT: Final = 160
VENDOR_PASSWORD: Final = "5492"  # noqa: S105 - the factory's, for modems that nobody has changed

_DOUBLE: Final = frozenset("^{}\\[~]|")  # two places each in the GSM alphabet
_WORD: Final = re.compile(r"[!-+\--_a-~]{1,64}", re.ASCII)  # printable, no space, no comma, no back-tick
_PASSWORD: Final = re.compile(r"[!-+\--_a-~]{4,6}", re.ASCII)


def sms_length(text: str) -> int:
    """Return how many of the 160 places of one SMS a text takes in the GSM alphabet.

    Raises:
        ValueError: it has a letter that this alphabet does not have.
    """
    if not text.isascii() or not text.isprintable() or "`" in text:
        raise ValueError("expected letters that an SMS of 160 can carry: printable ASCII without the back-tick")
    return len(text) + sum(letter in _DOUBLE for letter in text)


def build_settings_sms(lines: Iterable[SettingLine], password: str, *, packed: bool = False) -> list[str]:
    """Return the texts that set these lines, the applying one last.

    Args:
        lines: what to set, in this order.
        password: the modem's service password, 4-6 letters.
        packed: several commands in one text, which firmware 2.1 and later can; wrong ones are skipped by the modem.

    Raises:
        ValueError: a line is too long for one SMS, or has letters that it cannot carry; values are not repeated.
    """
    _check(password, _PASSWORD, "a password of 4-6 printable letters without space and comma")
    groups: list[list[SettingLine]] = []
    for line in lines:
        if _length([line], password, line) > SMS_LIMIT:
            raise ValueError(f"{line.name}: expected at most {SMS_LIMIT} letters in one SMS")
        fits = packed and groups and _length([*groups[-1], line], password, line) <= SMS_LIMIT
        if fits and ";" not in line.text and ";" not in groups[-1][-1].text:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_joined(group, password, "1" if group is groups[-1] else "0") for group in groups]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPoint:
    """What a SIM card needs to reach the network; stored by the modem for good. `sim`: 1 or 2."""

    sim: int = 1
    apn: str
    user: str = ""
    password: str = ""


def build_first_sms(
    address: str,
    port: int,
    *,
    password: str = VENDOR_PASSWORD,
    minutes: int = 0,
    encapsulated: bool = True,
    interface: int | None = None,
    access_point: AccessPoint | None = None,
) -> str:
    """Return the one SMS that brings a new modem here: `5492 IP203.0.113.5:5009TIME0IRZ,ENC`.

    The connection lasts for `minutes`, 0 means until the modem restarts; so the settings are to be sent next.

    Args:
        address: IPv4, as the modem sees the hub.
        port: where modems dial in.
        password: as it is in the modem now.
        minutes: see above.
        encapsulated: without it there are neither commands nor inputs.
        interface: 0 is RS485, 1 is RS232, None leaves it.
        access_point: of a SIM card that needs one.

    Raises:
        ValueError: something does not fit; the text says what.
    """
    _check(password, _PASSWORD, "a password of 4-6 printable letters without space and comma")
    host = IPv4Address(address)
    if not 0 < port < 65536 or not 0 <= minutes <= 255 or interface not in (None, 0, 1):
        raise ValueError("expected a port from 1 to 65535, 0 to 255 minutes and interface 0 or 1")
    parts = [f"{password} IP{host}:{port}TIME{minutes}IRZ"]
    if encapsulated:
        parts.append("ENC")
    if interface is not None:
        parts.append(f"INTF{interface}")
    if access_point is not None:
        parts += _access(access_point)
    text = ",".join(parts)
    if sms_length(text) > SMS_LIMIT:
        raise ValueError(f"expected at most {SMS_LIMIT} letters, got {sms_length(text)}: shorten the access point")
    return text


def _access(point: AccessPoint) -> list[str]:
    if point.sim not in (1, 2):
        raise ValueError(f"expected SIM 1 or 2, got {point.sim}")
    given = (("APN", point.apn), ("LOG", point.user), ("PASS", point.password))
    for key, value in given:
        if value:
            _check(value, _WORD, f"printable letters without space and comma as {key}")
    return [f"{key}{point.sim}={value}" for key, value in given if value]


def _joined(group: list[SettingLine], password: str, digit: str) -> str:
    return f"{password} {digit}" + ";".join(line.text for line in group)


def _length(group: list[SettingLine], password: str, line: SettingLine) -> int:
    try:
        return sms_length(_joined(group, password, "0"))
    except ValueError as error:
        raise ValueError(f"{line.name}: {error}") from None


def _check(text: str, pattern: "re.Pattern[str]", expected: str) -> None:
    if not pattern.fullmatch(text):
        raise ValueError(f"expected {expected}")
