"""What a session tells the hub of itself, as messages."""

import errno
import re
from typing import TYPE_CHECKING, Final

from irzhub.codec.driver import Hello, PinReport
from irzhub.relay.messages import PinsSeen, SessionClosed, SessionOpened

if TYPE_CHECKING:
    from irzhub.relay.session import ModemSession

VENDOR_PASSWORD: Final = "5492"  # noqa: S105 - the one that everybody knows; it is warned of
_PASSWORD: Final = re.compile(rb"PSW=[^,\r\n]*")
_DEAD_LINK: Final = frozenset({errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN})


def opened(session: "ModemSession", hello: Hello) -> SessionOpened:
    """Return the message that a session began with `hello`; the password stands in its own field only."""
    return SessionOpened(
        modem=hello.modem,
        generation=session.generation,
        at=session.opened_at,
        peer=session.peer,
        local=session.local,
        password=hello.password,
        default_password=hello.password == VENDOR_PASSWORD,
        driver=hello.driver,
        model=hello.model,
        firmware=hello.firmware,
        sim=hello.sim,
        csq=hello.csq,
        encapsulated=hello.encapsulated,
        listens_at=hello.listens_at,
        woken_by=hello.woken_by,
        keys={key: value for key, value in hello.keys.items() if key != "PSW"},
    )


def closed(session: "ModemSession", reason: str, detail: str) -> SessionClosed:
    """Return the message that a session has just ended."""
    shared = session.shared
    return SessionClosed(
        modem=session.modem.settings.modem,
        generation=session.generation,
        at=shared.unix_time(),
        reason=reason,
        detail=detail,
        lasted_s=round(shared.monotonic() - session.opened, 3),
        rx_bytes=session.rx_bytes,
        tx_bytes=session.tx_bytes,
        last_byte_at=shared.unix_time(session.life.last_byte),
    )


def pins(session: "ModemSession", report: PinReport) -> PinsSeen:
    """Return the message with all pins of a report."""
    return PinsSeen(
        modem=session.modem.settings.modem,
        generation=session.generation,
        at=session.shared.unix_time(),
        asked=report.asked,
        pins=[(pin.number, pin.is_output, pin.is_high) for pin in report.pins],
    )


def mask_password(data: bytes) -> bytes:
    """Return bytes of the wire without the password that a hello in them gives."""
    return _PASSWORD.sub(b"PSW=****", data) if b"PSW" in data else data


def why_lost(error: Exception | None) -> tuple[str, str]:
    """Return the reason of CONTRACT 2, and in words, for a connection that the loop says is lost."""
    if error is None:
        return "closed", "the connection was closed"
    if isinstance(error, OSError) and error.errno in _DEAD_LINK:
        return "keepalive_lost", f"the link is dead: {error.strerror or error}"
    return "reset", f"the connection was reset: {error}"
