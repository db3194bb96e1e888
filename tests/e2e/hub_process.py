"""The product as its users start it: `irzhub run` as a child process with a folder and ports of its own."""

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import yaml

START_S = 180.0
"""Given up after so long; a start takes a second or two, and a minute on a machine that is very busy."""


_taken: set[int] = set()


def fixed_port() -> int:
    """Return a free port below the ephemeral ones, so that no outgoing connection can take it meanwhile."""
    while True:
        port = random.randint(28_000, 32_700)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                if port not in _taken:
                    _taken.add(port)
                    return port


def free_range(count: int) -> tuple[int, int]:
    """Return the ends of a range of polling ports, another one for each hub more likely than not.

    Tests that run side by side begin far from each other.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 4
    base = 10_000 + 3_000 * worker + random.randrange(3_000 // 50) * 50
    return base, base + count - 1


@dataclass
class HubProcess:
    """One hub on loopback; its settings are files in `folder`, what it says is in `folder/hub.log`.

    Args:
        changes: sections of irzhub.yaml that are added to, or replace, those for loopback and free ports.
        prefix: a command that runs the hub in its own place, such as `prlimit` or `env` with their options.
        options: of `irzhub run`, besides the folder.
        program: what `irzhub` is; of the checkout unless an installed one is named.
    """

    folder: Path
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    modem_port: int = field(default_factory=fixed_port)
    web_port: int = field(default_factory=fixed_port)
    mqtt_port: int = field(default_factory=fixed_port)
    ports: tuple[int, int] = field(default_factory=lambda: free_range(6000))
    prefix: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    program: tuple[str, ...] = (sys.executable, "-m", "irzhub")
    _process: subprocess.Popen[bytes] | None = None
    _token: str | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        """The process id of the running hub."""
        assert self._process is not None, "the hub does not run"
        return self._process.pid

    @property
    def log(self) -> str:
        """What the hub has said so far."""
        return (self.folder / "hub.log").read_text()

    @property
    def rss(self) -> int:
        """Resident memory in bytes."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def command(self, *arguments: str, within_s: float = 60) -> "subprocess.CompletedProcess[str]":
        """Run `irzhub` with the same configuration and return how it ended."""
        return subprocess.run(
            [*self.program, *arguments, "--config", str(self.folder)],
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )

    async def start(self, wait_ready: bool = True) -> None:
        """Start the hub and wait until it is ready."""
        assert self._process is None, "the hub runs already"
        self.write_settings()
        with (self.folder / "hub.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.prefix, *self.program, "run", "--config", str(self.folder), *self.options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait_ready:
            try:
                await self.wait_ready()
            except BaseException:
                self.kill()
                raise

    async def wait_ready(self, within_s: float = START_S) -> None:
        """Wait until `/readyz` says yes."""
        async with asyncio.timeout(within_s):
            while True:
                assert self._process is not None
                assert self._process.poll() is None, f"the hub ended:\n{self.log}"
                with contextlib.suppress(OSError):
                    if await asyncio.to_thread(self._status, "/readyz") == 200:
                        return
                await asyncio.sleep(0.05)

    async def stop(self) -> int | None:
        """Stop it in order; return its exit status."""
        if self._process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
        try:
            return await asyncio.to_thread(self._process.wait, 15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._process = None

    def kill(self) -> None:
        """Kill it as a power cut of the process would: SIGKILL."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    async def get(self, path: str) -> Any:
        """Return what REST says, as an administrator."""
        if self._token is None:
            done = await asyncio.to_thread(self.command, "token", "add", "test", "--role", "admin")
            assert done.returncode == 0, done.stderr
            self._token = done.stdout.split()[-1]
        return json.loads(await asyncio.to_thread(self._read, path, self._token))

    async def modems(self) -> dict[str, dict[str, Any]]:
        """Return all modems by IMEI as REST shows them."""
        found: dict[str, dict[str, Any]] = {}
        path = "/api/v1/modems"
        while True:
            page = await self.get(path)
            found.update({each["modem"]: each for each in page["items"]})
            if not page.get("next"):
                return found
            path = f"/api/v1/modems?cursor={page['next']}"

    def keep_token_of(self, other: "HubProcess") -> None:
        """Use the token of a hub whose accounts were restored here."""
        self._token = other._token

    def forget_token(self) -> None:
        """Take a new token next time: the store is another one."""
        self._token = None

    def _status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def _read(self, path: str, token: str) -> bytes:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web_port}{path}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body: bytes = answer.read()
            return body

    def write_settings(self) -> None:
        """Write irzhub.yaml without starting."""
        first, last = self.ports
        settings: dict[str, dict[str, Any]] = {
            "hub": {"start_grace": "20s"},
            "relay": {
                "modems": {"host": "127.0.0.1", "port": self.modem_port},
                "polling": {"pools": [{"host": "127.0.0.1", "first": first, "last": last}]},
            },
            "mqtt": {"port": self.mqtt_port},
            "web": {"port": self.web_port},
        }
        for section, keys in self.changes.items():
            for key, value in keys.items():
                old = settings.setdefault(section, {}).get(key)
                settings[section][key] = {**old, **value} if isinstance(old, dict) else value
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "irzhub.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
