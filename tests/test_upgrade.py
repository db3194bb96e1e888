"""Before a hub is replaced: does the new version start, and what becomes of the modems."""

import asyncio
import dataclasses
import json
import logging
import socket
import sys
from pathlib import Path

import pytest

from irzhub import upgrade
from irzhub.config.settings import HubSettings, MqttSettings, RelayConfig, Settings, WebSettings
from irzhub.core.exceptions import StartError, UpgradeRefused
from irzhub.upgrade import Progress, Rehearsed, check_ports, read_steps, rehearse, try_version
from tests.mosquitto import free_port


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a hub whose ports are free."""
    return Settings(
        hub=HubSettings(data_dir=tmp_path), mqtt=MqttSettings(port=free_port()), web=WebSettings(port=free_port())
    )


def says(rehearsed: Rehearsed) -> list[str]:
    """A program that says so."""
    return [sys.executable, "-c", f"print({json.dumps(dataclasses.asdict(rehearsed))!r})"]


async def test_a_version_that_starts_says_what_it_is(settings: Settings) -> None:
    this = await asyncio.to_thread(rehearse, settings)
    assert await try_version(says(this), settings) == this
    assert this.why_modems_redial(settings) is None


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit('irzhub.yaml, line 1: unknown key')", "does not start: irzhub.yaml, line 1: unknown key"),
        ("raise SystemExit(3)", "exit status 3"),
        ("print('{}')", "cannot be replaced into a running hub"),
        ("pass", "cannot be replaced into a running hub"),
    ],
)
async def test_one_that_does_not_is_refused(program: str, why: str, settings: Settings) -> None:
    with pytest.raises(UpgradeRefused, match=why):
        await try_version([sys.executable, "-c", program], settings)


async def test_another_folder_or_name_is_another_hub(settings: Settings) -> None:
    other = dataclasses.replace(await asyncio.to_thread(rehearse, settings), hub_id="other")
    with pytest.raises(UpgradeRefused, match=r"hub\.id is another now"):
        await try_version(says(other), settings)


def test_modems_dial_in_again_when_the_workers_cannot_be_kept(settings: Settings) -> None:
    running = dataclasses.replace(settings, relay=RelayConfig(workers=2))
    same = dataclasses.replace(rehearse(settings), workers=2)
    assert same.why_modems_redial(running) is None
    assert dataclasses.replace(same, workers="auto").why_modems_redial(running) is None
    assert "3 instead of 2" in str(dataclasses.replace(same, workers=3).why_modems_redial(running))
    assert "in another way" in str(dataclasses.replace(same, schema="x").why_modems_redial(running))


def test_ports_that_are_new_must_be_free_and_the_hubs_own_may_be_busy(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        new = dataclasses.replace(settings, web=WebSettings(port=port))
        with pytest.raises(UpgradeRefused, match=f"web.port {port} on 127.0.0.1 cannot be opened"):
            check_ports(settings, new)
        check_ports(new, new)


def test_data_of_a_newer_version_is_no_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path) -> None:
        raise StartError("a newer irzhub wrote it")

    monkeypatch.setattr(upgrade, "check_schema", refuse)
    with pytest.raises(StartError, match="newer"):
        rehearse(settings)


def test_steps_are_read_as_they_were_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    progress = Progress(tmp_path)
    assert list(read_steps(tmp_path)) == []
    with caplog.at_level(logging.INFO):
        progress.say("checking", "the installed version is tried")
        progress.say("refused", "it does not start")
    with (tmp_path / upgrade.PROGRESS_FILE).open("a") as file:
        file.write('{"at": 1')  # half a line
    assert list(read_steps(tmp_path)) == progress.steps
    assert [record.levelname for record in caplog.records] == ["INFO", "ERROR"]
