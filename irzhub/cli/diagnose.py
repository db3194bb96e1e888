"""`irzhub diagnose FILE`: what support needs to know, and nothing that it must not."""

import importlib.metadata
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from irzhub.cli.ask import ask_hub
from irzhub.cli.masking import mask_settings
from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail, load
from irzhub.config.settings import Settings
from irzhub.const import NAME, VERSION
from irzhub.core.clock import SystemClock, format_time
from irzhub.core.exceptions import ConfigError, IrzhubError

_LOG_LINES: Final = 2000
_KERNEL: Final = (
    "net/core/somaxconn",
    "net/ipv4/ip_local_port_range",
    "net/ipv4/ip_local_reserved_ports",
    "net/ipv4/tcp_rmem",
    "net/ipv4/tcp_wmem",
    "fs/file-nr",
)


def diagnose(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip file to write.")], config: ConfigDir = CONFIG_DIR
) -> None:
    """Write a bundle for support: versions, settings, counts, health and log, without any secret.

    Works beside a running hub and without one; a part that cannot be had says why.
    """
    try:
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in _parts(config):
                bundle.writestr(name, text)
                typer.echo(f"  {name}")
    except FileExistsError as error:
        raise fail(f"{file} is there already") from error
    except OSError as error:
        raise fail(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"{file} written; look into it before you send it")


def _parts(config: Path) -> Iterator[tuple[str, str]]:
    yield "versions.json", _json(_versions)
    yield "machine.json", _json(_machine)
    try:
        settings = load(config)
    except ConfigError as error:
        yield "configuration.txt", f"{error}\n"
        return
    yield "settings.json", _json(lambda: mask_settings(settings))
    yield "counts.json", _json(lambda: _counts(settings))
    yield "files.json", _json(lambda: _files(settings))
    for path in ("healthz", "readyz", "metrics"):
        yield f"{path}.txt", _answer(settings, path)
    yield "log.txt", _last_log_lines()


def _json(collect: Callable[[], Any]) -> str:
    try:
        found = collect()
    except (OSError, IrzhubError) as error:
        found = {"error": f"{type(error).__name__}: {error}"}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _versions() -> dict[str, Any]:
    needed = importlib.metadata.requires(NAME) or []
    names = sorted({each.split(";")[0].split("[")[0].split("<")[0].split(">")[0].split("=")[0] for each in needed})
    programs = {
        name: shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") for name in ("mosquitto", "mariadbd")
    }
    return {
        "made_at": format_time(SystemClock().now()),
        NAME: VERSION,
        "python": sys.version,
        "packages": {name: _version(name) for name in names},
        "programs": programs,
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _machine() -> dict[str, Any]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return {
        "system": platform.platform(),
        "distribution": platform.freedesktop_os_release().get("PRETTY_NAME")
        if Path("/etc/os-release").exists()
        else None,
        "cpus": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "descriptors": {"soft": soft, "hard": hard},
        "kernel": {name: _kernel_setting(name) for name in _KERNEL},
    }


def _kernel_setting(name: str) -> str | None:
    try:
        return Path("/proc/sys", name).read_text("ascii").strip()
    except OSError:
        return None


def _counts(settings: Settings) -> dict[str, int]:
    from irzhub.storage import local

    if not (settings.hub.data_dir / "hub.db").exists():
        return {}
    with local.open_beside(settings.hub.data_dir) as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return {
            str(name): int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608
            for name in sorted(names)
        }


def _files(settings: Settings) -> dict[str, Any]:
    folder = settings.hub.data_dir
    usage = shutil.disk_usage(folder if folder.exists() else folder.parent if folder.parent.exists() else Path("/"))
    sizes = {str(each.relative_to(folder)): each.stat().st_size for each in sorted(folder.rglob("*")) if each.is_file()}
    return {"free_bytes": usage.free, "total_bytes": usage.total, "size_bytes": sizes}


def _answer(settings: Settings, path: str) -> str:
    try:
        status, text = ask_hub(settings.web, path)
    except OSError as error:
        return f"no answer: {error}\n"
    return f"{status}\n{text}\n"


def _last_log_lines() -> str:
    program = shutil.which("journalctl")
    if program is None:
        return "there is no systemd journal here; the hub logs to its standard output\n"
    command = [program, "--unit", NAME, "--lines", str(_LOG_LINES), "--no-pager", "--output", "short-iso"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the journal did not answer: {error}\n"
    return done.stdout.decode(errors="replace")
