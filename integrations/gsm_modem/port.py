"""The one place that opens a serial port: a tty by a stable name, `socket://host:port` or `rfc2217://host:port`."""

import asyncio
import os
import re
from dataclasses import dataclass
from typing import Final, Protocol

import serialx

_URL: Final = re.compile(r"(socket|rfc2217)://[0-9A-Za-z_.:\[\]-]{1,253}:[0-9]{1,5}", re.ASCII)
_PATH: Final = re.compile(r"/[\x21-\x7e]{1,250}", re.ASCII)
_OPEN_S: Final = 10.0


class PortFailed(OSError):
    """The port cannot be opened, or it is gone; the text says which and why."""


class Writer(Protocol):
    """What is written to a port."""

    def write(self, data: bytes) -> None:
        """Hand bytes over; they leave soon."""

    def close(self) -> None:
        """Let the port go."""

    async def drain(self) -> None:
        """Wait until there is room for more."""


@dataclass(frozen=True, slots=True)
class Port:
    """An open port."""

    reader: asyncio.StreamReader
    writer: Writer


def check_port(text: str) -> str:
    """Return the name of a port as it may stand in the configuration.

    Raises:
        ValueError: it is neither a path nor an address.
    """
    if _URL.fullmatch(text) is None and _PATH.fullmatch(text) is None:
        raise ValueError("expected a path such as /dev/serial/by-id/..., socket://host:port or rfc2217://host:port")
    return text


async def open_port(name: str, baud: int) -> Port:
    """Open a port.

    Raises:
        PortFailed: it is not there, another program has it, or nobody answers at the address.
    """
    if name.startswith("/") and not await asyncio.to_thread(os.path.exists, name):
        raise PortFailed(f"{name} is not there: is the modem plugged in?")
    try:
        async with asyncio.timeout(_OPEN_S):
            reader, writer = await serialx.open_serial_connection(name, baudrate=baud)
    except TimeoutError:
        raise PortFailed(f"{name} did not open within {_OPEN_S:g} s") from None
    except (OSError, ValueError) as error:
        raise PortFailed(f"{name}: {error}") from error
    return Port(reader, writer)
