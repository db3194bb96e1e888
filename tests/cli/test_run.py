"""`irzhub run`: it starts, says where everything is, stops at once when told, and explains what is in the way."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Irzhub
from tests.mosquitto import free_port

WITHIN_S = 30.0


class Hub:
    """A hub in a process of its own, as `irzhub run` starts it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.web, self.modems, self.mqtt = free_port(), free_port(), free_port()
        settings = {
            "hub": {"language": "en"},
            "relay": {"modems": {"host": "127.0.0.1", "port": self.modems}},
            "mqtt": {"port": self.mqtt},
            "web": {"port": self.web},
        }
        folder.mkdir(exist_ok=True)
        (folder / "irzhub.yaml").write_text(json.dumps(settings))
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "irzhub", "run", "--config", str(folder), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={name: value for name, value in os.environ.items() if not name.startswith("IRZHUB")},
            )

    def wait_until_ready(self) -> None:
        """Return when `/readyz` says 200."""
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)  # noqa: TID251 - no loop runs here
        pytest.fail(f"not ready: {self.log.read_text()}")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    started = Hub(tmp_path / "config", "--log-format", "json")
    yield started
    if started.process.poll() is None:
        os.killpg(started.process.pid, signal.SIGKILL)
    started.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(hub: Hub, number: signal.Signals) -> None:
    hub.wait_until_ready()
    hub.process.send_signal(number)

    assert hub.process.wait(10) == 0
    lines = hub.log.read_text().splitlines()
    greeting = [line for line in lines if not line.startswith("{")]
    assert greeting[0].startswith("irzhub ")
    assert f"  modems dial            127.0.0.1:{hub.modems}" in greeting
    assert all(json.loads(line)["text"] for line in lines if line.startswith("{"))
    assert len(greeting) == 8, "everything but the greeting is a line of the log"
    assert greeting[7].startswith(f"  the first administrator http://127.0.0.1:{hub.web}/setup?secret=")
    assert sum("secret=" in line for line in lines) == 1, "the link is printed and logged nowhere"


def test_a_token_counts_at_once_beside_a_running_hub(hub: Hub, irzhub: Irzhub) -> None:
    hub.wait_until_ready()
    token = irzhub("token", "add", "scada", "--role", "viewer").out.split()[-1]
    request = urllib.request.Request(
        f"http://127.0.0.1:{hub.web}/api/v1/modems", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200


def test_the_bundle_of_a_running_hub_has_its_health(hub: Hub, irzhub: Irzhub, tmp_path: Path) -> None:
    hub.wait_until_ready()

    assert irzhub("diagnose", "bundle.zip").status == 0
    shown = subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", "bundle.zip", "out"], cwd=tmp_path, check=True, capture_output=True
    )
    assert shown.returncode == 0
    assert (tmp_path / "out" / "readyz.txt").read_text().startswith("200\n")
    assert "irzhub_build_info" in (tmp_path / "out" / "metrics.txt").read_text()


def test_a_second_hub_on_the_same_data_is_refused(hub: Hub, irzhub: Irzhub) -> None:
    hub.wait_until_ready()
    second = irzhub("run", "--config", "config", IRZHUB__WEB__PORT=str(free_port()))

    assert second.status == 1
    assert "another irzhub" in second.err
    assert "Traceback" not in second.out + second.err


def test_a_taken_port_is_named_with_its_setting(irzhub: Irzhub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = irzhub(
            "run",
            IRZHUB__WEB__PORT=str(port),
            IRZHUB__MQTT__PORT=str(free_port()),
            IRZHUB__RELAY__MODEMS__HOST="127.0.0.1",
            IRZHUB__RELAY__MODEMS__PORT=str(free_port()),
        )

    assert done.status == 1
    assert "web.port" in done.err
    assert str(port) in done.err
    assert "Traceback" not in done.out + done.err


def test_only_one_part_can_run_alone(irzhub: Irzhub) -> None:
    done = irzhub("run", "--only", "recorder")

    assert (done.status, done.out) == (2, "")
    assert "--only recorder: expected automation" in done.err
