"""What settings and firmware do to a modem once it has restarted with them (docs/protocol.md 2)."""

import hashlib
import re
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from irzhub.simulator.modem import SimulatedModem

_LINE: Final = re.compile(r"AT\$([A-Z0-9_]+)(?:=(.*))?", re.IGNORECASE | re.DOTALL)


def apply_settings(modem: "SimulatedModem", lines: list[str]) -> None:
    """Take on what the lines say. A modem that is told a wrong server address never comes back, as in life."""
    for line in lines:
        if (found := _LINE.fullmatch(line)) is None:
            continue
        name, value = found[1].upper(), found[2]
        if name == "ATM_RESET":
            modem.settings.clear()
            modem.is_lost = True
        elif value is not None:
            modem.settings[name] = value
            _obey(modem, name, value)


def apply_firmware(modem: "SimulatedModem", pages: list[bytes]) -> None:
    """Run the image that came: its build in the next hello tells which one."""
    digest = hashlib.sha256(b"".join(pages)).hexdigest()
    modem.options = replace(modem.options, build=f"{len(pages):03d}.{int(digest[:4], 16) % 1000:03d}")


def _obey(modem: "SimulatedModem", name: str, value: str) -> None:
    if name == "CLNT_IPP1":
        host, _, port = value.partition(",")
        _move(modem, host, int(port) if port.isascii() and port.isdigit() else 0)
    elif name == "CLNT_SET1":
        modem.is_lost |= value.startswith("0")
        modem.options = replace(modem.options, encapsulated=value.endswith(",1"))
    elif name == "IRZ_PWD":
        modem.options = replace(modem.options, password=value)
    elif name == "ATM_NEWPWD":
        modem.options = replace(modem.options, service_password=value)


def _move(modem: "SimulatedModem", host: str, port: int) -> None:
    """Dial another server from now on; one that is not on this machine is never tried, and is as good as none."""
    try:
        is_near = ip_address(host).is_loopback
    except ValueError:
        is_near = host == "localhost"
    modem.is_lost |= not is_near or not 0 < port < 65536
    if not modem.is_lost:
        modem.host, modem.port = host, port
