"""A whole hub under test: its settings, its known modems, when it is ready; and the servers that it talks to."""

import asyncio
import contextlib
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.children import PYTHON, Child, child, free_port, wait_listening
from benchmarks.echo_side import IMEI_BASE, PASSWORD
from irzhub.fleet.passwords import pin_password
from irzhub.mqtt.mosquitto import build_configuration, find_mosquitto
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.modems import ModemRow, save_modem
from irzhub.storage.pins import PinRow, save_pins
from tests.mariadb import MariaDb

FIRST_PORT = 20_000
PORTS_EACH = 10_000
DATABASE = "irzhub_bench"
_PINS = 4


@dataclass
class HubRig:
    """One hub on loopback with `modems` polling ports; `changes` are added to its settings, section by section."""

    folder: Path
    modems: int
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    modem_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    mqtt_port: int = field(default_factory=free_port)
    _hub: Child | None = None

    @property
    def log(self) -> Path:
        """What the hub says."""
        return self.folder / "hub.log"

    @property
    def local_file(self) -> Path:
        """Its `hub.db`."""
        return self.folder / "data" / "hub.db"

    def place(self, number: int) -> tuple[str, int]:
        """Return address and polling port of the modem `number`: ten thousand ports on each loopback address."""
        return f"127.0.1.{1 + number // PORTS_EACH}", FIRST_PORT + number % PORTS_EACH

    def write_settings(self) -> None:
        """Write `irzhub.yaml`."""
        pools = [
            {"host": self.place(first)[0], "first": FIRST_PORT, "last": self.place(last)[1]}
            for first in range(0, self.modems, PORTS_EACH)
            for last in (min(first + PORTS_EACH, self.modems) - 1,)
        ]
        settings: dict[str, Any] = {
            "hub": {"data_dir": str(self.folder / "data"), "start_grace": "60s"},
            "relay": {"modems": {"host": "127.0.0.1", "port": self.modem_port}, "polling": {"pools": pools}},
            "mqtt": {"port": self.mqtt_port},
            "web": {"host": "127.0.0.1", "port": self.web_port},
        }
        for section, keys in self.changes.items():
            for key, value in keys.items():
                old = settings.setdefault(section, {}).get(key)
                settings[section][key] = {**old, **value} if isinstance(old, dict) else value
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "irzhub.yaml").write_text(yaml.safe_dump(settings))

    def know(self) -> None:
        """Write all modems into `hub.db` as a hub leaves them that knew them and was stopped in order."""
        self.write_settings()
        asyncio.run(self._know())

    async def _know(self) -> None:
        now = datetime.now(UTC)
        password = pin_password(PASSWORD)

        def save(connection: Connection) -> None:
            pins = []
            for number in range(self.modems):
                imei = str(IMEI_BASE + number)
                host, port = self.place(number)
                row = ModemRow(
                    modem=imei,
                    imei=imei,
                    channel=None,
                    driver="irz",
                    host=host,
                    port=port,
                    name=f"Meter {number}",
                    group="",
                    comment="",
                    password=password,
                    registered_at=now,
                )
                save_modem(connection, row)
                pins += [
                    PinRow(modem=imei, pin=pin, is_output=pin == _PINS, level="OFF", at=now)
                    for pin in range(1, _PINS + 1)
                ]
            save_pins(connection, pins)

        async with LocalStore(self.folder / "data") as store:
            await store.write(save)

    @contextlib.contextmanager
    def run(self, cpu: int | None = None) -> Iterator[Child]:
        """Run the hub, watched by `benchmarks.watched_hub`."""
        self.write_settings()
        command = [PYTHON, "-m", "benchmarks.watched_hub", str(self.folder)]
        with child(command, self.log, cpu, talks=True) as hub:
            self._hub = hub
            yield hub

    def parts(self) -> dict[str, str]:
        """Return the state of each part by `/readyz`; nothing while the web is not there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}/readyz", timeout=5) as answer:
                body = json.load(answer)
        except urllib.error.HTTPError as error:
            body = json.load(error)
        except (OSError, http.client.HTTPException):
            return {}
        return {name: part["state"] for name, part in body["parts"].items()}

    def wait_up(self, *parts: str, timeout_s: float = 120.0) -> float:
        """Wait until these parts are up; return when, by `time.perf_counter`.

        Raises:
            TimeoutError: they are not, or the hub ended; the text has the end of its log.
        """
        deadline = time.perf_counter() + timeout_s
        found: dict[str, str] = {}
        while time.perf_counter() < deadline:
            found = self.parts()
            if all(found.get(part) == "up" for part in parts):
                return time.perf_counter()
            if self._hub is not None and self._hub.process.poll() is not None:
                break
            time.sleep(0.02)  # noqa: TID251 - no loop runs here
        raise TimeoutError(f"expected {parts} up within {timeout_s} s, found {found}: {self.log.read_text()[-2000:]}")


def ask(hub: Child, **order: Any) -> dict[str, Any]:
    """Give an order to a child that talks; return its answer."""
    hub.tell(**order)
    return hub.hear(600)


@contextlib.contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """Run a Mosquitto as the hub runs its own; yield its port.

    Raises:
        RuntimeError: none is installed.
    """
    if (program := find_mosquitto()) is None:
        raise RuntimeError("no Mosquitto is installed: apt install mosquitto")
    port, data = free_port(), folder / "mosquitto"
    data.mkdir(parents=True)
    text = build_configuration(
        folder=str(data),
        port=port,
        host="127.0.0.1",
        password_file=None,
        user="root",
    )
    (data / "mosquitto.conf").write_text(text)
    with child([str(program), "-c", str(data / "mosquitto.conf")], folder / "mosquitto.log"):
        wait_listening(port)
        yield port


def outside_broker(port: int) -> dict[str, Any]:
    """Return the `mqtt` section for a broker on this port."""
    return {"broker": "external", "host": "127.0.0.1", "port": port}


class Database(MariaDb):
    """A MariaDB that ends with the benchmark, however that ends."""

    @contextlib.contextmanager
    def running(self) -> Iterator[Child]:
        """Install it and run it; the child can be stopped and continued by its id."""
        self.install()
        with child(self.command(), self.folder / "server.log") as server:
            deadline = time.monotonic() + 60
            while not self.answers():
                if time.monotonic() > deadline:
                    raise TimeoutError(f"MariaDB does not answer: {server.log.read_text()[-2000:]}")
                time.sleep(0.05)  # noqa: TID251 - no loop runs here
            self.query(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4")
            yield server
