"""What the hub tells Mosquitto, and that Mosquitto takes it."""

import subprocess
from pathlib import Path

import pytest

from irzhub.mqtt.mosquitto import (
    DURABLE,
    build_configuration,
    find_mosquitto,
    password_line,
    write_private,
)
from tests.conftest import ROOT
from tests.mosquitto import needs_mosquitto


def test_the_configuration_is_durable() -> None:
    text = build_configuration(folder="/data", port=1883, host="127.0.0.1", password_file=None, user=None)
    lines = text.splitlines()

    assert list(DURABLE) == [
        "persistence true",
        "autosave_on_changes false",
        "autosave_interval 1",
        "max_queued_messages 0",
        "max_inflight_messages 1000",
    ]
    assert lines[:5] == list(DURABLE)
    assert "listener 1883 127.0.0.1" in lines
    assert "allow_anonymous true" in lines


def test_the_shipped_file_says_the_same() -> None:
    own = build_configuration(
        folder="/mosquitto/data", port=1883, host=None, password_file="/mosquitto/config/passwords", user=None
    )
    shipped = (ROOT / "docker" / "mosquitto.conf").read_text()
    told = {line for line in shipped.splitlines() if line and not line.startswith("#")}

    assert told == {line for line in own.splitlines() if not line.startswith("log_")}


@needs_mosquitto
def test_a_password_line_is_what_mosquitto_itself_writes(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch(0o600)
    made = subprocess.run(["mosquitto_passwd", "-b", str(theirs), "hub", "тайна:1"], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("no mosquitto_passwd here")
    shape = [len(part) for part in theirs.read_text().strip().split("$")]

    assert [len(part) for part in password_line("hub", "тайна:1").strip().split("$")] == shape
    assert password_line("hub", "x") != password_line("hub", "x"), "each has a salt of its own"


def test_a_private_file_is_private_also_when_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")

    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600


@needs_mosquitto
def test_mosquitto_is_found_where_debian_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_mosquitto() is not None
