"""A hub takes the place of the one that runs, in the same process (docs/operations.md, Update).

1. The new version is tried in a process of its own: does it start with the present configuration?
2. The relay's workers are told to keep what they have to tell; what they told before is on the disk.
3. Every part leaves its note, and closes all but what it left.
4. `execv`: the process is now the new version, with the same number, children and open sockets.
5. The new hub hears from the workers what lives and what has happened.

Up to the second step the hub that runs goes on when anything is in the way. Each step stands in
`data_dir/upgrade.log`, which `irzhub upgrade` shows.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from irzhub.config.settings import Settings
from irzhub.const import VERSION
from irzhub.core.exceptions import UpgradeRefused
from irzhub.core.handover import Handover
from irzhub.mqtt.address import port_problem
from irzhub.mqtt.part import EMBEDDED
from irzhub.relay.worker_messages import schema_digest
from irzhub.storage.local import check_schema

_log = logging.getLogger(__name__)

PROGRESS_FILE: Final = "upgrade.log"
PART: Final = "upgrade"
SIGNALS: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2})
"""Held back while nobody is there to take them; the new hub gets them."""
ENDS: Final = frozenset({"ready", "refused", "failed"})
_REHEARSAL_S: Final = 120.0
_LAST_WORDS: Final = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the progress: Unix time, one of a few words, and the whole in words."""

    at: float
    name: str
    text: str


@dataclass(slots=True)
class Progress:
    """Writes the steps of an upgrade where `irzhub upgrade` reads them, and to the log."""

    data_dir: Path
    steps: list[Step] = field(default_factory=list)

    def say(self, name: str, text: str) -> None:
        """Note one step."""
        _log.log(logging.INFO if name not in ("refused", "failed") else logging.ERROR, "upgrade: %s", text)
        step = Step(time.time(), name, text)
        self.steps.append(step)
        try:
            with (self.data_dir / PROGRESS_FILE).open("a") as file:
                file.write(json.dumps(asdict(step), ensure_ascii=False) + "\n")
        except OSError as error:
            _log.warning("the progress of the upgrade cannot be written: %s", error)


def read_steps(data_dir: Path) -> Iterator[Step]:
    """Yield the steps of the upgrade so far; a line that is not whole yet is left for the next time."""
    try:
        lines = (data_dir / PROGRESS_FILE).read_text().splitlines(keepends=True)
    except OSError:
        return
    for line in lines:
        if line.endswith("\n"):
            yield Step(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the new version says of itself when it is tried."""

    version: str
    schema: str
    data_dir: str
    hub_id: str
    workers: int | str

    def why_modems_redial(self, running: Settings) -> str | None:
        """Say why the sessions of the hub that runs cannot go on, None when they can."""
        if self.schema != schema_digest():
            return f"version {self.version} speaks to its workers in another way"
        if self.workers not in (running.relay.workers, "auto"):
            return f"relay.workers is to be {self.workers} instead of {running.relay.workers}"
        return None


def rehearse(settings: Settings) -> Rehearsed:
    """Return what there is to know of this version; the new one runs this in a process of its own.

    Raises:
        StartError: a newer irzhub wrote the data.
    """
    check_schema(settings.hub.data_dir)
    return Rehearsed(
        VERSION, schema_digest(), str(settings.hub.data_dir.absolute()), settings.hub.id, settings.relay.workers
    )


async def try_version(command: Sequence[str], running: Settings) -> Rehearsed:
    """Run `command`, which prints a `Rehearsed` as JSON.

    Raises:
        UpgradeRefused: it does not start, and why.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_REHEARSAL_S):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise UpgradeRefused(f"the new version does not start within {_REHEARSAL_S:g} s") from None
    if process.returncode != 0:
        words = " ".join(err.decode(errors="replace").split())[-_LAST_WORDS:]
        raise UpgradeRefused(f"the new version does not start: {words or f'exit status {process.returncode}'}")
    try:
        rehearsed = Rehearsed(**json.loads(out.splitlines()[-1]))
    except (ValueError, TypeError, IndexError) as error:
        raise UpgradeRefused(f"the new version cannot be replaced into a running hub: {error}") from error
    if rehearsed.data_dir != str(running.hub.data_dir.absolute()) or rehearsed.hub_id != running.hub.id:
        raise UpgradeRefused("hub.data_dir or hub.id is another now: stop this hub and start the new one")
    return rehearsed


def check_ports(running: Settings, new: Settings) -> None:
    """See that the ports that only the new settings name are free.

    Raises:
        UpgradeRefused: one of them is not.
    """
    before = {port for _, _, port in _ports(running)}
    for key, host, port in _ports(new):
        if port not in before and (problem := port_problem(host, port)) is not None:
            raise UpgradeRefused(f"{key} {port} on {host} cannot be opened: {problem}")


def _ports(settings: Settings) -> Iterator[tuple[str, str, int]]:
    modems, web, mqtt = settings.relay.modems, settings.web, settings.mqtt
    yield "relay.modems.port", modems.host, modems.port
    yield "web.port", web.host, web.port
    if mqtt.broker == EMBEDDED:
        yield "mqtt.port", mqtt.host, mqtt.port


def rehearsal_command(config: Path) -> list[str]:
    """Return the command that runs the version which is installed now, as this one was started."""
    program = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv[1:])]
    return [*program, "upgrade", "--rehearse", "--config", str(config)]


def hold_signals() -> None:
    """Keep the signals for the next hub."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def take_signals() -> None:
    """Take the signals that came while there was no hub; the handlers are there."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def replace_program(handover: Handover) -> NoReturn:
    """Become the version that is installed now.

    Raises:
        OSError: its interpreter cannot be run.
    """
    handover.pack(os.environ)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the same command as before, no shell is involved


def note_for_successor(began: float, *, is_kept: bool) -> dict[str, Any]:
    """Return what the new hub must know to tell the end of the upgrade; `began` is monotonic."""
    return {"version": VERSION, "began": began, "gone": time.monotonic(), "is_kept": is_kept}


def say_ready(progress: Progress, note: dict[str, Any], modems: int) -> None:
    """Tell how it went, from the note of the hub before."""
    now = time.monotonic()
    gap_s, whole_s = now - note["gone"], now - note["began"]
    version = VERSION if note["version"] == VERSION else f"{note['version']} -> {VERSION}"
    kept = f"{modems} modems stayed connected" if note["is_kept"] else "modems dial in again"
    progress.say("ready", f"{version}, {kept}; no hub for {gap_s:.2f} s, {whole_s:.2f} s in all")
