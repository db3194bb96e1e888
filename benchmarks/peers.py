"""Other relays, to measure beside: each carries TCP from one loopback port to one target."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.children import PYTHON

HAPROXY: Final = "haproxy"
STREAMS: Final = "asyncio streams"
_PLACES: Final = "/usr/sbin:/usr/local/sbin:/usr/bin:/bin"
_NGINX_MODULES: Final = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")

_HAPROXY: Final = """
global
  nbthread 1
  maxconn 8000
defaults
  mode tcp
  timeout connect 5s
  timeout client 10m
  timeout server 10m
frontend in
  bind 127.0.0.1:{port}
  default_backend out
backend out
  server target 127.0.0.1:{target}
"""
_NGINX: Final = """
{load}
daemon off;
master_process off;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/nginx.error.log;
events {{ worker_connections 9000; }}
stream {{
  server {{ listen 127.0.0.1:{port}; proxy_pass 127.0.0.1:{target}; proxy_timeout 10m; tcp_nodelay on; }}
}}
"""

Command = Callable[[str, Path, int, int], list[str]]


@dataclass(frozen=True)
class Peer:
    """A program that relays.

    Args:
        program: its name on the machine; None: it comes with us.
        package: what to install for it.
        limit: connections at once that it is measured with.
        has_cpu: whether its processor time can be read; not of one that forks for each connection.
    """

    name: str
    program: str | None
    package: str
    command: Command
    limit: int = 1_000_000
    has_cpu: bool = True

    def missing(self) -> str:
        """Say what to install; empty when the program is here."""
        if self.program is None or _find(self.program):
            return "" if self.program != "nginx" or _stream_module() is not None else f"apt install {self.package}"
        return f"apt install {self.package}"

    def start(self, folder: Path, port: int, target: int) -> list[str]:
        """Write its configuration into `folder`; return the command that relays `port` to `target`."""
        return self.command(_find(self.program or "") or "", folder, port, target)


def _find(program: str) -> str | None:
    return shutil.which(program) or shutil.which(program, path=_PLACES)


def _stream_module() -> str | None:
    files = (Path(folder) / "ngx_stream_module.so" for folder in _NGINX_MODULES)
    return next((f"load_module {file};" for file in files if file.exists()), None)


def _haproxy(program: str, folder: Path, port: int, target: int) -> list[str]:
    config = folder / f"haproxy-{port}.cfg"
    config.write_text(_HAPROXY.format(port=port, target=target))
    return [program, "-db", "-f", str(config)]


def _nginx(program: str, folder: Path, port: int, target: int) -> list[str]:
    config = folder / f"nginx-{port}.conf"
    config.write_text(_NGINX.format(load=_stream_module(), folder=folder, port=port, target=target))
    return [program, "-p", str(folder), "-c", str(config)]


def _socat(program: str, folder: Path, port: int, target: int) -> list[str]:  # noqa: ARG001 - it has no file
    listen = f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,backlog=1000,nodelay"
    return [program, listen, f"TCP:127.0.0.1:{target},nodelay"]


def _streams(program: str, folder: Path, port: int, target: int) -> list[str]:  # noqa: ARG001 - it has no file
    return [PYTHON, "-m", "benchmarks.streams_relay", str(port), str(target)]


PEERS: Final = (
    Peer(HAPROXY, "haproxy", "haproxy", _haproxy),
    Peer("nginx stream", "nginx", "libnginx-mod-stream", _nginx),
    Peer("socat", "socat", "socat", _socat, limit=100, has_cpu=False),
    Peer(STREAMS, None, "", _streams),
)


def installed() -> tuple[list[Peer], list[str]]:
    """Return the peers that can run here, and a line for each that cannot."""
    lacking = {peer.name: peer.missing() for peer in PEERS}
    return (
        [peer for peer in PEERS if not lacking[peer.name]],
        [f"{name} is not installed, it is left out: {advice}" for name, advice in lacking.items() if advice],
    )
