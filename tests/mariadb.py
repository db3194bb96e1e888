"""A real MariaDB as a child process: started, killed, stopped, continued, by the pid that we hold.

`mariadb` is one server for the whole session (of each xdist worker), for tests that only use it;
`own_mariadb` is a server for one test alone, for tests that harm it. Import them into a `conftest.py`.
"""

import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pymysql
import pytest

_INSTALL = shutil.which("mariadb-install-db")
_SERVER = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")
_SIZES = ("--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M")
_START_WITHIN_S = 60.0


class MariaDb:
    """One server with a data folder and a port of its own; user root without password, loopback only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def install(self) -> None:
        """Make the data folder. Takes a second or two."""
        assert _INSTALL is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "install.log").open("wb") as log:
            subprocess.run(
                [
                    _INSTALL,
                    "--no-defaults",
                    f"--datadir={self.folder / 'data'}",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--user=root",
                    *_SIZES,
                ],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                check=True,
            )

    def command(self) -> list[str]:
        """Return the command that runs the server."""
        assert _SERVER is not None
        return [
            _SERVER,
            "--no-defaults",
            "--user=root",
            f"--datadir={self.folder / 'data'}",
            f"--socket={self.folder / 's'}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            f"--pid-file={self.folder / 'pid'}",
            *_SIZES,
        ]

    def start(self) -> None:
        """Start the server and wait until it answers a query."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_WITHIN_S
        while not self.answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"MariaDB did not start: {(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.05)  # noqa: TID251

    def answers(self) -> bool:
        """Whether a query is answered within a second; a TCP connect alone proves nothing."""
        try:
            self.query("SELECT 1", timeout_s=1)
        except pymysql.err.Error:
            return False
        return True

    def query(self, sql: str, database: str | None = None, timeout_s: float = 10) -> list[tuple[object, ...]]:
        """Run one statement as root on a connection of its own."""
        connection = pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user="root",
            database=database,
            connect_timeout=int(timeout_s),
            read_timeout=timeout_s,
            autocommit=True,
            charset="utf8mb4",
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def url(self, database: str) -> str:
        """Return the `database.url` of a database here, which need not exist."""
        return f"mysql://root@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Return the URL of a database name that nobody has used."""
        return self.url(f"t_{secrets.token_hex(6)}")

    def kill(self) -> None:
        """SIGKILL, as the kernel does when memory is short."""
        self._signal(signal.SIGKILL)
        self._wait()

    def pause(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the server in order, or by force after a while."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._wait()

    def restart(self) -> None:
        """End the server in order and start it again on the same port and data."""
        self.stop()
        self.start()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def mariadb_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder fresh from the installer, to be copied."""
    if _INSTALL is None or _SERVER is None:
        pytest.skip("MariaDB is not installed: apt-get install --no-install-recommends mariadb-server")
    template = MariaDb(tmp_path_factory.mktemp("mariadb-template"))
    template.install()
    return template.folder


@pytest.fixture(scope="session")
def mariadb(mariadb_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A server for the whole session; each test takes a `new_database()` in it."""
    yield from _running(mariadb_template, tmp_path_factory.mktemp("mariadb"))


@pytest.fixture
def own_mariadb(mariadb_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A server that the test may kill, stop and start again."""
    yield from _running(mariadb_template, tmp_path_factory.mktemp("mariadb-own"))


@pytest.fixture(scope="session", params=["sqlite", "mariadb"])
def new_history(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Return what names a fresh history database, once in SQLite and once in MariaDB."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///history-{secrets.token_hex(6)}.db"
    server: MariaDb = request.getfixturevalue("mariadb")
    return server.new_database


@pytest.fixture
def history_url(new_history: Callable[[], str]) -> str:
    """The URL of a fresh history database, once in SQLite and once in MariaDB."""
    return new_history()


def _running(template: Path, folder: Path) -> Iterator[MariaDb]:
    shutil.copytree(template / "data", folder / "data")
    server = MariaDb(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
