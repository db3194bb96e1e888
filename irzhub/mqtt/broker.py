"""The embedded broker: a child process that dies with the hub and is started again when it dies alone."""

import asyncio
import hashlib
import json
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from irzhub.config.settings import MqttSettings
from irzhub.core.child import Child
from irzhub.core.exceptions import StartError
from irzhub.core.handover import Handover
from irzhub.core.health import Health
from irzhub.core.tasks import Tasks
from irzhub.mqtt.address import check_credentials, port_problem, reachable_host
from irzhub.mqtt.mosquitto import build_configuration, find_mosquitto, password_line, write_private

_log = logging.getLogger(__name__)

PART: Final = "broker"
_FOLDER: Final = "broker"
_DATABASE: Final = "mosquitto.db"
_GUARD: Final = "irzhub.core.child_guard"
_FALLBACK: Final = "irzhub.mqtt.amqtt_child"
FALLBACK_DETAIL: Final = (
    "amqtt, for trial: MQTT 3.1.1, about 1,500 messages a second; install Mosquitto for a fleet (apt install mosquitto)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerTiming:
    """Seconds: how long a busy port is tried, a start or stop may take, and the wait after a death."""

    port_s: float = 5.0
    start_s: float = 15.0
    stop_s: float = 3.0
    restart_first_s: float = 0.5
    restart_longest_s: float = 30.0


class EmbeddedBroker:
    """Mosquitto when it is installed, else amqtt, as a child with its files in `data_dir/broker`.

    Entering starts it and waits until it takes connections. The part `broker` of `Health` says which one
    it is and whether it runs.

    Raises (on entering):
        StartError: the port is taken, or the broker does not start; says which line to change.
    """

    def __init__(
        self,
        settings: MqttSettings,
        data_dir: Path,
        health: Health,
        *,
        find: Callable[[], Path | None] = find_mosquitto,
        timing: BrokerTiming = BrokerTiming(),
        handover: Handover | None = None,
    ) -> None:
        self._handover = handover
        self._settings = settings
        self._folder = data_dir / _FOLDER
        self._health = health
        self._find = find
        self._mosquitto: Path | None = None
        self._timing = timing
        self._tasks = Tasks("broker")
        self._child: asyncio.subprocess.Process | Child | None = None
        self._ear = -1
        self._said: deque[str] = deque(maxlen=5)
        self._keeping: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._is_left = False

    @property
    def kind(self) -> str:
        """Return `mosquitto` or `amqtt`."""
        return "amqtt" if self._mosquitto is None else "mosquitto"

    @property
    def pid(self) -> int | None:
        """Return the process id of the child, None while there is none."""
        return None if self._child is None else self._child.pid

    async def __aenter__(self) -> Self:
        check_credentials(self._settings)
        self._mosquitto = await asyncio.to_thread(self._find)
        self._health.set(PART, "starting", self.kind)
        if await self._take_over():
            self._keeping = self._tasks.spawn(self._keep(), "keep")
            return self
        await self._wait_for_port()
        await asyncio.to_thread(self._write_files)
        try:
            await self._start()
        except BaseException:
            await self._stop_child()
            await self._tasks.close()
            raise
        self._keeping = self._tasks.spawn(self._keep(), "keep")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_stopping = True
        if not self._is_left:
            await self._stop_child()
        elif isinstance(self._child, Child):
            self._child.unwatch()
        await self._tasks.close()

    @property
    def is_inherited(self) -> bool:
        """Whether it was there before this program, and has all that it was ever told."""
        return isinstance(self._child, Child)

    def leave(self, handover: Handover) -> None:
        """Leave the running broker to the next hub; closing this one does not end it."""
        if self._child is not None and self._child.returncode is None and self._ear >= 0:
            self._is_left = True
            note = {"pid": self._child.pid, "ear": handover.keep(self._ear), "settings": self._fingerprint()}
            handover.leave(PART, note)

    async def _take_over(self) -> bool:
        """Go on with the broker that the hub before left; say whether there is one that fits."""
        note = None if self._handover is None else self._handover.take(PART)
        if note is None or self._handover is None:
            return False
        self._child = child = Child(note["pid"])
        self._ear = self._handover.claim_file(note["ear"])
        try:
            child.watch()
        except OSError as error:
            _log.warning("the broker of the hub before is not there any more: %s", error)
            os.close(self._ear)
            return False
        self._tasks.spawn(self._listen(), "log")
        if note["settings"] != self._fingerprint():
            _log.info("the broker starts anew with its new settings")
            await self._stop_child()
            return False
        self._report_up()
        return True

    def _fingerprint(self) -> str:
        """Return what tells one set of the broker's settings from another, and no password."""
        settings = self._settings
        text = repr((self.kind, settings.host, settings.port, settings.username, settings.password))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    async def _wait_for_port(self) -> None:
        """Wait until the port is free: a killed hub's broker may need a moment to write and die."""
        host, port = self._settings.host, self._settings.port
        deadline = asyncio.get_running_loop().time() + self._timing.port_s
        while (problem := await asyncio.to_thread(port_problem, host, port)) is not None:
            if asyncio.get_running_loop().time() >= deadline:
                raise StartError(
                    f"the broker cannot listen on {host}:{port}: {problem}; set mqtt.port in irzhub.yaml to a free "
                    f"port, or mqtt.broker: external to use the broker that runs there"
                )
            await asyncio.sleep(0.1)

    def _write_files(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        settings, passwords = self._settings, self._folder / "passwords"
        if settings.username is not None:
            write_private(passwords, password_line(settings.username, settings.password or ""))
        else:
            passwords.unlink(missing_ok=True)
        self._write_configuration()

    def _write_configuration(self) -> None:
        settings = self._settings
        text = build_configuration(
            folder=str(self._folder),
            port=settings.port,
            host=settings.host,
            password_file=None if settings.username is None else str(self._folder / "passwords"),
            # As root, Mosquitto would become `mosquitto` and could not write our folder.
            user="root" if hasattr(os, "geteuid") and os.geteuid() == 0 else None,
        )
        (self._folder / "mosquitto.conf").write_text(text)

    async def _start(self) -> None:
        """Start the child; once more without its database when it cannot read that.

        Raises:
            StartError: it ended, or does not listen in time.
        """
        try:
            await self._start_child()
        except StartError:
            if not await asyncio.to_thread(self._set_aside_bad_database):
                raise
            await self._start_child()

    async def _start_child(self) -> None:
        command, first_words = self._command()
        self._said.clear()
        self._ear, mouth = os.pipe()
        try:
            self._child = child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", _GUARD, str(os.getpid()), *command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=mouth,
                start_new_session=True,  # Ctrl-C is for the hub, which stops its broker last
            )
        finally:
            os.close(mouth)
        assert child.stdin is not None
        child.stdin.write(first_words)
        child.stdin.close()
        listening = self._tasks.spawn(self._listen(), "log")
        deadline = asyncio.get_running_loop().time() + self._timing.start_s
        while not await self._takes_connections():
            if child.returncode is not None:
                await asyncio.wait((listening,), timeout=1.0)
                raise StartError(f"the broker ({self.kind}) ended at its start: {self._last_words(child.returncode)}")
            if asyncio.get_running_loop().time() >= deadline:
                raise StartError(f"the broker ({self.kind}) does not listen after {self._timing.start_s:g} s")
            await asyncio.sleep(0.05)
        self._report_up()

    def _report_up(self) -> None:
        detail = FALLBACK_DETAIL if self._mosquitto is None else f"mosquitto on port {self._settings.port}"
        if self._mosquitto is None:
            _log.warning("the embedded broker is %s", detail)
        self._health.set(PART, "up", detail)

    def _command(self) -> tuple[list[str], bytes]:
        """Return the command line and what goes to standard input; a password stands in neither's `ps` line."""
        if self._mosquitto is not None:
            return [str(self._mosquitto), "-c", str(self._folder / "mosquitto.conf")], b""
        settings = self._settings
        first_words = {
            "host": settings.host,
            "port": settings.port,
            "username": settings.username,
            "password": settings.password,
            "store": str(self._folder / "retained.db"),
        }
        return [sys.executable, "-m", _FALLBACK], json.dumps(first_words).encode() + b"\n"

    async def _takes_connections(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(reachable_host(self._settings.host), self._settings.port)
        except OSError:
            return False
        writer.close()
        return True

    async def _listen(self) -> None:
        """Take what the child says, so that it never blocks on a full pipe; the last lines explain its death."""
        ear, loop, reader = self._ear, asyncio.get_running_loop(), asyncio.StreamReader()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ear, "rb"))
        try:
            await self._hear(reader)
        finally:
            transport.close()
            if self._ear == ear:
                self._ear = -1

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await reader.readline()
            except ValueError:
                continue  # longer than the reader's limit: dropped
            if not line:
                return
            text = line.decode(errors="replace").strip()[:300]
            self._said.append(text)
            _log.debug("%s: %s", self.kind, text)

    async def _keep(self) -> None:
        """Start the child again whenever it dies, later and later while it dies at once."""
        loop = asyncio.get_running_loop()
        wait_s = self._timing.restart_first_s
        while self._child is not None:
            began = loop.time()
            status = await self._child.wait()
            if self._is_stopping:
                return
            self._health.set(PART, "down", f"{self.kind} ended: {self._last_words(status)}")
            if loop.time() - began > self._timing.restart_longest_s:
                wait_s = self._timing.restart_first_s
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, self._timing.restart_longest_s)
            try:
                await self._start()
            except (StartError, OSError) as error:
                self._health.set(PART, "down", str(error))
                await self._stop_child(keep=True)

    def _set_aside_bad_database(self) -> bool:
        """Move away a database that Mosquitto cannot read; the hub publishes everything retained again anyway."""
        database = self._folder / _DATABASE
        if not database.exists() or not any(
            "database" in line.lower() or "restor" in line.lower() for line in self._said
        ):
            return False
        aside = database.with_suffix(".db.unreadable")
        database.replace(aside)
        _log.error("mosquitto cannot read %s; moved it to %s", database, aside)
        return True

    async def _stop_child(self, *, keep: bool = False) -> None:
        child = self._child
        if child is None:
            return
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(child.wait(), self._timing.stop_s)
            except TimeoutError:
                child.kill()
                await child.wait()
        if not keep:
            self._child = None

    def _last_words(self, status: int) -> str:
        how = f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        return "; ".join([how, *list(self._said)[-2:]])
