"""`irzhub upgrade`: put the installed version and settings in the place of the hub that runs."""

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail, load

_LOOK_S: Final = 0.05
_ANSWER_S: Final = 10.0
_WHOLE_S: Final = 180.0


def upgrade(
    config: ConfigDir = CONFIG_DIR,
    is_rehearsal: Annotated[bool, typer.Option("--rehearse", hidden=True)] = False,
) -> None:
    """Replace the running hub by the installed version, with the present settings, without ending a session.

    The new version is tried first; if it cannot start, nothing changes. With relay workers modems and polls notice
    nothing; with `relay.workers: 0` the hub says goodbye, and modems dial in again. Waits until the new hub is ready.
    """
    settings = load(config)
    if is_rehearsal:
        import irzhub.bootstrap  # noqa: F401 - all that the hub is made of can be loaded
        from irzhub.upgrade import rehearse

        typer.echo(json.dumps(asdict(rehearse(settings))))
        return
    data_dir = settings.hub.data_dir
    pid = _running_hub(data_dir)
    from irzhub.upgrade import ENDS, PROGRESS_FILE, Step, read_steps

    (data_dir / PROGRESS_FILE).unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR2)

    def steps() -> Iterator[Step]:
        seen, give_up_at = 0, time.monotonic() + _ANSWER_S
        while time.monotonic() < give_up_at:
            for step in list(read_steps(data_dir))[seen:]:
                seen += 1
                give_up_at = time.monotonic() + _WHOLE_S
                yield step
            if not _lives(pid):
                raise fail("the hub has ended; its log says why, and a service manager starts it again")
            time.sleep(_LOOK_S)  # noqa: TID251 - a command by itself, no loop
        raise fail("the hub does not answer")

    for step in steps():
        typer.echo(step.text, err=step.name in ("refused", "failed"))
        if step.name in ENDS:
            raise typer.Exit(0 if step.name == "ready" else 1)


def _running_hub(data_dir: Path) -> int:
    """Return the process id of the hub of a folder; one that would not understand the signal is not meant."""
    from irzhub.storage.lock import DataDirLock

    lock = DataDirLock(data_dir)
    if not data_dir.exists() or lock.try_acquire():
        lock.release()
        raise fail(f"no hub runs on {data_dir}: start it")
    text = (data_dir / "hub.lock").read_text("ascii").strip()
    try:
        pid = int(text)
        status = Path(f"/proc/{pid}/status").read_text()
    except (ValueError, OSError) as error:
        raise fail(f"the hub of {data_dir} cannot be found: is it this machine's, and may this user see it?") from error
    caught = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:")), 0)
    if not caught & 1 << (signal.SIGUSR2 - 1):
        raise fail(f"the hub {pid} is starting, or of a version that cannot be replaced while it runs: restart it")
    return pid


def _lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
