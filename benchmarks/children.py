"""Child processes of a benchmark: pinned, measured from /proc, ended by their id."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PYTHON = sys.executable
_END_WITHIN_S = 60


@dataclass
class Child:
    """A running child; `log` is where it writes, `says` what it prints when it was asked to talk."""

    process: "subprocess.Popen[str]"
    log: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def hear(self, timeout_s: float = 120.0) -> dict[str, Any]:
        """Return the next line of JSON that the child prints.

        Raises:
            RuntimeError: it ended instead, or said nothing; the text has the end of its log.
        """
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), True)
        alarm = time.monotonic() + timeout_s
        while time.monotonic() < alarm:
            line = self.process.stdout.readline()
            if line.startswith("{"):
                said: dict[str, Any] = json.loads(line)
                return said
            if not line:
                break
        raise RuntimeError(f"child {self.process.args!r} said nothing: {self.log.read_text()[-2000:]}")

    def tell(self, **words: Any) -> None:
        """Write one line of JSON to the child."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()


@contextlib.contextmanager
def child(command: list[str], log: Path, cpu: int | None = None, talks: bool = False) -> Iterator[Child]:
    """Run a command until the block ends; pinned to `cpu`, with pipes when it `talks`."""
    # The kernel ends the child with this process, however that ends.
    pinned = ["setpriv", "--pdeathsig", "TERM", *([] if cpu is None else ["taskset", "-c", str(cpu)]), *command]
    # Installed packages are compiled; without that each start of a hub would compile for seconds.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("a") as file:
        process = subprocess.Popen(
            pinned,
            env=environment,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else file,
            stderr=file,
            text=True,
            start_new_session=True,
        )
        try:
            yield Child(process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_END_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def hub_command(folder: Path, modem_port: int, first_port: int, ports: int, workers: int = 0) -> list[str]:
    """Write the settings of a hub under test into `folder`; return the command that runs it."""
    settings = {
        "hub": {"data_dir": str(folder / "data"), "start_grace": "1s"},
        "relay": {
            "workers": workers,
            "modems": {"host": "127.0.0.1", "port": modem_port},
            "polling": {"pools": [{"host": "127.0.0.1", "first": first_port, "last": first_port + ports - 1}]},
        },
        "mqtt": {"port": free_port()},
        "web": {"host": "127.0.0.1", "port": free_port()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "irzhub.yaml").write_text(yaml.safe_dump(settings))
    return [PYTHON, "-m", "irzhub", "run", "--config", str(folder), "--log-level", "warning"]


def relay_command(modem_port: int, first_port: int, known: int = 0) -> list[str]:
    """Return the command that runs the relay alone; `known` modems are put before any dials in."""
    return [PYTHON, "-m", "benchmarks.relay_alone", str(modem_port), str(first_port), str(known)]


def wait_listening(port: int, timeout_s: float = 60.0) -> float:
    """Wait until a loopback port accepts; return the seconds it took.

    Raises:
        TimeoutError: it does not.
    """
    started = time.monotonic()
    while time.monotonic() - started < timeout_s:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return time.monotonic() - started
        time.sleep(0.02)  # noqa: TID251 - no loop runs here
    raise TimeoutError(f"nobody listens on 127.0.0.1:{port} after {timeout_s} s")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on, below those that outgoing connections take meanwhile."""
    while True:
        port = random.randint(10_000, 19_999)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*"):
            with contextlib.suppress(OSError):
                found += [int(word) for word in (task / "children").read_text().split()]
    return found


def hub_cpu_seconds(pid: int) -> float:
    """Return the processor time of a hub and its workers, but not of the broker that it runs."""
    own = Path(f"/proc/{pid}/exe").readlink()
    return sum(cpu_seconds(each) for each in family(pid) if Path(f"/proc/{each}/exe").readlink() == own)


def cpu_seconds(pid: int) -> float:
    """Return the processor time of all threads of a process so far, from their schedstat (in nanoseconds)."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def hub_pss_bytes(pid: int) -> int:
    """Return the memory of a hub and its workers, but not of the broker that it runs."""
    own = Path(f"/proc/{pid}/exe").readlink()
    return sum(pss_bytes(each) for each in family(pid) if Path(f"/proc/{each}/exe").readlink() == own)


def pss_bytes(pid: int) -> int:
    """Return the proportional set size of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no Pss of process {pid}")
