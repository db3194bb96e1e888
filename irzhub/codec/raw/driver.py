"""Modems of any make that send a registration packet with their id and are transparent behind it.

The id is `[0-9A-Za-z-]{1,32}` and must not look like an IMEI, so that it cannot take the place of an iRZ modem
(`docs/contract.md` 1). Such modems get no answer and take no commands; a heartbeat, if they have one, is
taken out of the stream as the keepalive of raw iRZ modems is (`docs/protocol.md` 1.4).
"""

import re
from typing import Final

from irzhub.codec.driver import Connection, Hello, HelloReader, Match
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.raw.connection import RawConnection
from irzhub.codec.raw.pattern import Packet, Pattern

DRIVER_NAME: Final = "raw"
#: After this silence an id with nothing behind it is whole.
ID_SILENCE_S: Final = 0.7

_LIKE_IMEI: Final = re.compile(rb"[0-9]{14,17}")


class RawHelloReader:
    """Collects bytes until they are one registration packet."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._buffer = b""
        self._packet: Packet | None = None

    @property
    def silence_s(self) -> float | None:
        """0.7 s while an id that nothing ends may be whole; else None."""
        is_open = self._packet is None and not self._pattern.behind
        return ID_SILENCE_S if is_open and len(self._buffer) > len(self._pattern.before) else None

    @property
    def leftover(self) -> bytes:
        """What came behind the packet; empty before it is whole."""
        return self._buffer[self._packet.end :] if self._packet is not None else b""

    def receive_data(self, data: bytes) -> Hello | None:
        """Take bytes in any cut; return the hello once the packet is whole.

        Raises:
            RemoteProtocolError: this cannot become a registration packet, or its id looks like an IMEI.
            LocalProtocolError: it was whole before; what follows belongs to the connection.
        """
        if self._packet is not None:
            raise LocalProtocolError("the hello is whole; give what follows it to the connection")
        self._buffer += data
        return self._take(self._pattern.find(self._buffer))

    def receive_silence(self) -> Hello | None:
        """Return the hello if its id may end here."""
        if self.silence_s is None:
            return self._hello() if self._packet is not None else None
        return self._take(Packet(self._buffer[len(self._pattern.before) :], len(self._buffer)))

    def _take(self, packet: Packet | None) -> Hello | None:
        if packet is None:
            if not self._pattern.may_become(self._buffer):
                raise RemoteProtocolError(f"expected a registration packet, got {self._buffer[:40]!r}")
            return None
        if _LIKE_IMEI.fullmatch(packet.modem):
            raise RemoteProtocolError(f"expected an id that is no IMEI, got {packet.modem!r}")
        self._packet = packet
        return self._hello()

    def _hello(self) -> Hello:
        assert self._packet is not None  # asked for only behind a whole packet
        modem = self._packet.modem.decode("ascii")
        return Hello(driver=DRIVER_NAME, modem=modem, imei=modem)


class RawDriver:
    """Modems that begin with the configured packet.

    Args:
        pattern: the packet. heartbeat: bytes that say that the modem is alive; empty when it has none.
    """

    def __init__(self, pattern: Pattern, heartbeat: bytes = b"") -> None:
        self._pattern = pattern
        self._heartbeat = heartbeat

    @property
    def name(self) -> str:
        """`raw`."""
        return DRIVER_NAME

    def detect(self, first_bytes: bytes) -> Match:
        """Say whether these bytes begin a packet: sure once what stands before the id, or all of it, is there."""
        if self._pattern.find(first_bytes) is not None:
            return Match.YES
        if not self._pattern.may_become(first_bytes):
            return Match.NO
        is_sure = self._pattern.before and first_bytes.startswith(self._pattern.before)
        return Match.YES if is_sure else Match.MAYBE

    def read_hello(self) -> HelloReader:
        """Return a new reader for one socket."""
        return RawHelloReader(self._pattern)

    def connect(self, hello: Hello) -> Connection:  # noqa: ARG002 - every session of a raw modem is alike
        """Return the connection for a session."""
        return RawConnection(self._heartbeat)

    @property
    def default_keepalive_timeout_s(self) -> float | None:
        """None: how often a make sends its heartbeat is not known before it is learned."""
        return None
