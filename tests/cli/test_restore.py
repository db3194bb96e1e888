"""`irzhub restore FILE`: from a hub that ran to a new one, as an operator does it."""

import signal
from pathlib import Path

from tests.cli.conftest import Irzhub
from tests.cli.test_run import Hub


def test_accounts_come_back_on_a_new_server(irzhub: Irzhub, tmp_path: Path) -> None:
    hub = Hub(tmp_path / "config")
    try:
        hub.wait_until_ready()
        irzhub("token", "add", "scada", "--role", "viewer")
        saved = irzhub("backup", "hub.zip")
        running = irzhub("restore", "hub.zip")
    finally:
        hub.process.send_signal(signal.SIGTERM)
        hub.process.wait(20)
    assert saved.status == 0, saved.err
    assert "hub.zip written: " in saved.out
    assert (running.status, "stop it before a restore" in running.err) == (1, True)

    restored = irzhub("restore", "hub.zip", "--config", "new")
    assert restored.status == 0, restored.err
    assert "note: event numbers go on from" in restored.out
    assert "scada" in irzhub("token", "list", "--config", "new").out

    again = irzhub("restore", "hub.zip", "--config", "new")
    assert (again.status, "not empty" in again.err) == (1, True)
    assert irzhub("restore", "hub.zip", "--config", "new", "--force").status == 0


def test_what_is_no_backup(irzhub: Irzhub, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("no zip")

    for file in ("x.zip", "none.zip"):
        done = irzhub("restore", file)
        assert done.status == 1, file
        assert done.err.startswith("irzhub: "), file
        assert "Traceback" not in done.err, file
