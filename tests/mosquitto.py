"""A real Mosquitto as a child process, with a folder and a port of its own, to start, stop, kill and stall.

    async with Mosquitto(tmp_path) as broker:
        ... broker.host, broker.port ...
        broker.kill()
        await broker.start()

It runs with the shipped configuration; `users`, `acl`, `tls`, `websocket_port` and `extra` vary it.
"""

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from irzhub.mqtt.mosquitto import build_configuration, find_mosquitto, password_line

PROGRAM = find_mosquitto()
needs_mosquitto = pytest.mark.skipif(PROGRAM is None, reason="no Mosquitto is installed (apt install mosquitto)")


def free_port() -> int:
    """Return a TCP port that nobody listens on now, outside the range from which connections take theirs."""
    while True:
        port = random.randrange(10_000, 20_000)  # not seeded: tests that run side by side must not agree
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("0.0.0.0", port))
            return port


@dataclass(frozen=True, slots=True)
class TlsPair:
    """PEM files of a server certificate that is its own authority."""

    certificate: Path
    key: Path


def make_certificate(folder: Path, name: str = "localhost", days: int = 2) -> TlsPair:
    """Return a fresh self-signed certificate for `name` and 127.0.0.1; a name of its own for each test."""
    pair = TlsPair(folder / f"{name}.crt", folder / f"{name}.key")
    address = ",IP:127.0.0.1" if name == "localhost" else ""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(pair.key), "-out", str(pair.certificate), "-days", str(days), "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name}{address}"]
    subprocess.run(command, check=True, capture_output=True)
    return pair


class Mosquitto:
    """One broker on 127.0.0.1. What it says is in `folder/mosquitto.log`."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        users: Mapping[str, str] | None = None,
        acl: str | None = None,
        tls: TlsPair | None = None,
        websocket_port: int | None = None,
        extra: Sequence[str] = (),
    ) -> None:
        self.host = "127.0.0.1"
        self.port = port or free_port()
        self.folder = folder / f"mosquitto-{self.port}"
        self._users = users
        self._acl = acl
        self._tls = tls
        self._websocket_port = websocket_port
        self._extra = extra
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Return the process id of the running broker."""
        assert self._process is not None, "the broker is not running"
        return self._process.pid

    @property
    def log(self) -> str:
        """Return what the broker has said."""
        return (self.folder / "mosquitto.log").read_text()

    async def start(self) -> None:
        """Start it and wait until it answers a CONNECT."""
        assert self._process is None, "the broker runs already"
        assert PROGRAM is not None
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(PROGRAM), "-c", str(self.folder / "mosquitto.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = asyncio.get_running_loop().time() + 10
        while not self._is_listening():
            if self._process.poll() is not None or asyncio.get_running_loop().time() > deadline:
                self.kill()
                raise AssertionError(f"mosquitto did not start:\n{self.log}")
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Stop it in good order: it writes what it holds."""
        await self._end(signal.SIGTERM)

    async def saved(self) -> None:
        """Wait until it has written what it holds now, sessions too: what is younger, a kill loses."""
        database, asked_at = self.folder / "mosquitto.db", time.time_ns()
        deadline = asyncio.get_running_loop().time() + 10
        while not database.exists() or database.stat().st_mtime_ns <= asked_at:
            assert asyncio.get_running_loop().time() < deadline, "mosquitto writes nothing"
            await asyncio.sleep(0.02)

    def kill(self) -> None:
        """Kill it at once, stalled or not."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(5)
            self._process = None

    async def restart(self, after_s: float = 0.0) -> None:
        """Kill it and start it again on the same folder and port."""
        self.kill()
        await asyncio.sleep(after_s)
        await self.start()

    def stall(self) -> None:
        """Stop it in mid-air: the kernel still takes connections and bytes, nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a stalled one go on."""
        os.kill(self.pid, signal.SIGCONT)

    def forget(self) -> None:
        """Throw away what it kept on disk; only while it is not running."""
        assert self._process is None
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "mosquitto.db").unlink()

    async def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        deadline = asyncio.get_running_loop().time() + 5
        while self._process.poll() is None and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        self.kill()

    def _is_listening(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 1):
            return True
        return False

    def _write_configuration(self) -> None:
        passwords = None
        if self._users is not None:
            passwords = self._private("passwords", "".join(password_line(*each) for each in self._users.items()))
        user = "root" if os.geteuid() == 0 else None
        text = build_configuration(
            folder=str(self.folder), port=self.port, host=self.host, password_file=passwords, user=user
        )
        if self._tls is not None:
            text += f"certfile {self._tls.certificate}\nkeyfile {self._tls.key}\n"
        if self._acl is not None:
            text += f"acl_file {self._private('acl', self._acl)}\n"
        if self._websocket_port is not None:
            text += f"listener {self._websocket_port} {self.host}\nprotocol websockets\n"
        (self.folder / "mosquitto.conf").write_text(text + "".join(f"{line}\n" for line in self._extra))

    def _private(self, name: str, text: str) -> str:
        path = self.folder / name
        path.touch(0o600)
        path.write_text(text)
        return str(path)
