"""Copies for a syslog server: real sockets, a server that goes and comes back."""

import asyncio
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from irzhub.audit.syslog import SyslogCopies, open_link, syslog_line
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.tasks import Tasks
from irzhub.storage.audit import AuditRow

NOW = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)
ROW = AuditRow(ts=NOW, actor='ан"на]', action="edit_modem", source="10.0.0.1", seq=7, hash="ab")


def test_a_line_is_of_rfc_5424() -> None:
    line = syslog_line(ROW, "hub 1", 42).decode()

    head, _, text = line.partition(" \ufeff")
    assert head == (
        "<109>1 2026-11-21T18:57:03.120Z hub1 irzhub 42 edit_modem "
        '[audit@32473 seq="7" actor="ан\\"на\\]" action="edit_modem" result="ok" source="10.0.0.1"]'
    )
    assert json.loads(text) == ROW.to_json()


def test_a_refusal_is_a_warning_and_control_characters_are_gone() -> None:
    row = AuditRow(ts=NOW, actor="a\nb\x00", action="", result="refused")
    line = syslog_line(row, "", 1)

    assert line.startswith(b"<108>1 2026-11-21T18:57:03.120Z - irzhub 1 - [audit@32473 ")
    assert b"\n" not in line
    assert b"\x00" not in line


async def wait_for(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.02)


async def receive(wire: socket.socket) -> bytes:
    async with asyncio.timeout(5):
        return await asyncio.get_running_loop().sock_recv(wire, 65536)


async def test_udp_takes_one_datagram_each() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)
        copies, tasks = SyslogCopies(f"udp://127.0.0.1:{server.getsockname()[1]}", "hub", Health(Bus())), Tasks("test")
        tasks.spawn(copies.keep_sending(), "send")
        copies.add([ROW, ROW])

        first, second = await receive(server), await receive(server)
        await tasks.close()

    assert first == second
    assert first.startswith(b"<109>1 ")


async def test_a_unix_socket_is_taken_too(tmp_path: Path) -> None:
    path = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        server.setblocking(False)
        link = await open_link(f"unix://{path}")
        await link.send(b"hello")
        link.close()

        assert await receive(server) == b"hello"


class Server:
    """A syslog server on TCP, which counts octets."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._read, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                size = int(await reader.readuntil(b" "))
                self.lines.append(await reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def test_tcp_goes_on_when_the_server_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.audit.syslog._PAUSES_S", (0.05, 0.2))
    server, health, tasks = Server(), Health(Bus()), Tasks("test")
    await server.start()
    copies = SyslogCopies(f"tcp://127.0.0.1:{server.port}", "hub", health)
    tasks.spawn(copies.keep_sending(), "send")
    copies.add([ROW])
    await wait_for(lambda: len(server.lines) == 1)

    await server.stop()
    await asyncio.sleep(0.05)
    copies.add([ROW])
    await wait_for(lambda: getattr(health.get("syslog"), "state", "") == "degraded")
    await server.start()
    await wait_for(lambda: len(server.lines) == 2)

    assert getattr(health.get("syslog"), "state", "") == "up"
    await server.stop()
    await tasks.close()


async def test_a_server_that_is_away_for_long_costs_the_oldest_rows_only() -> None:
    copies = SyslogCopies("udp://127.0.0.1:9", "hub", Health(Bus()))

    for _ in range(101):
        copies.add([ROW] * 100)

    assert copies.lost == 100
