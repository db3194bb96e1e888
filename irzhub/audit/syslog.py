"""Copies of the audit for a syslog server: RFC 5424 over UDP (RFC 5426), TCP (RFC 6587) or a unix socket.

Nobody waits for it: rows queue in bounded memory, and the oldest go when the server is away for too long.
"""

import asyncio
import json
import logging
import os
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from irzhub.core.clock import format_time
from irzhub.core.health import Health
from irzhub.storage.audit import AuditRow

_log = logging.getLogger(__name__)

PART: Final = "syslog"
_QUEUED: Final = 10_000
_WITHIN_S: Final = 5.0
_PAUSES_S: Final = (1.0, 30.0)
_DATAGRAM: Final = 8192
_LOG_AUDIT: Final = 13
"""Facility "log audit" of RFC 5424."""
_NOTICE: Final = 5
_WARNING: Final = 4


def syslog_line(row: AuditRow, host: str, process: int) -> bytes:
    """Return one row as an RFC 5424 message: structured data for machines, the whole row as JSON behind it."""
    priority = _LOG_AUDIT * 8 + (_NOTICE if row.result == "ok" else _WARNING)
    facts = {"seq": row.seq, "actor": row.actor, "action": row.action, "result": row.result, "source": row.source}
    data = " ".join(f'{name}="{_escaped(str(value))}"' for name, value in facts.items())
    head = f"<{priority}>1 {format_time(row.ts)} {_token(host, 255)} irzhub {process} {_token(row.action, 32)}"
    text = json.dumps(row.to_json(), ensure_ascii=False, separators=(",", ":"))
    return f"{head} [audit@32473 {data}] \ufeff{text}".encode("utf-8", "replace")


class Link(Protocol):
    """An open way to the server."""

    async def send(self, line: bytes) -> None:
        """Hand one message over.

        Raises:
            OSError: the way is broken.
        """

    def close(self) -> None:
        """Close it."""


class SyslogCopies:
    """Sends each row to `url`, in order; a broken way is opened anew with growing pauses."""

    def __init__(self, url: str, host: str, health: Health) -> None:
        self._url = url
        self._host = host
        self._health = health
        self._queue: deque[AuditRow] = deque(maxlen=_QUEUED)
        self._wake = asyncio.Event()
        self.lost = 0

    def add(self, rows: Sequence[AuditRow]) -> None:
        """Queue rows; never blocks."""
        self.lost += max(0, len(self._queue) + len(rows) - _QUEUED)
        self._queue.extend(rows)
        self._wake.set()

    async def keep_sending(self) -> None:
        """Send for ever."""
        pause_s = _PAUSES_S[0]
        while True:
            try:
                async with asyncio.timeout(_WITHIN_S):
                    link = await open_link(self._url)
                self._health.set(PART, "up", self._url)
                pause_s = _PAUSES_S[0]
                await self._drain(link)
            except (OSError, TimeoutError) as error:
                cause = str(error) or "no answer"
                self._health.set(PART, "degraded", f"{self._url}: {cause}; {self.lost} rows lost")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _PAUSES_S[1])

    async def _drain(self, link: Link) -> None:
        try:
            while True:
                while self._queue:
                    row = self._queue[0]
                    async with asyncio.timeout(_WITHIN_S):
                        await link.send(syslog_line(row, self._host, os.getpid()))
                    if self._queue and self._queue[0] is row:  # else it went for want of room meanwhile
                        self._queue.popleft()
                self._wake.clear()
                await self._wake.wait()
        finally:
            link.close()


async def open_link(url: str) -> Link:
    """Open the way that a URL names.

    Raises:
        OSError: nobody is there, or no such host.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return _open_unix(parts.path)
    host, port = parts.hostname or "", parts.port or 514
    if parts.scheme == "tcp":
        reader, writer = await asyncio.open_connection(host, port)
        return _Stream(reader, writer)
    family, kind, protocol, _, address = (
        await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    )[0]
    return _Datagrams(_connected(socket.socket(family, kind, protocol), address))


@dataclass(slots=True)
class _Datagrams:
    """UDP, or a unix socket of datagrams: one message each, cut where it is too long for one."""

    wire: socket.socket

    async def send(self, line: bytes) -> None:
        while True:
            try:
                self.wire.send(line[:_DATAGRAM])
            except BlockingIOError:
                await asyncio.sleep(0.05)
            else:
                return

    def close(self) -> None:
        self.wire.close()


@dataclass(slots=True)
class _Stream:
    """TCP with octet counting (RFC 6587 3.4.1). A server says nothing, so what can be read is its end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, line: bytes) -> None:
        if self.reader.at_eof():
            raise ConnectionResetError("the server closed the connection")
        self.writer.write(b"%d %s" % (len(line), line))
        await self.writer.drain()

    def close(self) -> None:
        self.writer.close()


def _open_unix(path: str) -> Link:
    return _Datagrams(_connected(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), path))


def _connected(wire: socket.socket, address: object) -> socket.socket:
    try:
        wire.setblocking(False)
        wire.connect(address)  # type: ignore[arg-type]  # a path or what getaddrinfo gave
    except OSError:
        wire.close()
        raise
    return wire


def _escaped(text: str) -> str:
    # RFC 5424 6.3.3; control characters would break servers that read lines.
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def _token(text: str, longest: int) -> str:
    return "".join(char for char in text if "!" <= char <= "~")[:longest] or "-"
