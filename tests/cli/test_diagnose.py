"""`irzhub diagnose FILE`."""

import json
import zipfile
from pathlib import Path

from irzhub.const import VERSION
from tests.cli.conftest import Irzhub

PARTS = {
    "versions.json",
    "machine.json",
    "settings.json",
    "counts.json",
    "files.json",
    "healthz.txt",
    "readyz.txt",
    "metrics.txt",
    "log.txt",
}


def test_a_bundle_without_secrets(irzhub: Irzhub, tmp_path: Path) -> None:
    token = irzhub("token", "add", "scada", "--role", "viewer").out.split()[-1]
    # Port 1 is nobody's: there is no hub to ask.
    done = irzhub(
        "diagnose", "bundle.zip", IRZHUB__MQTT__PASSWORD="hunter2", IRZHUB__MQTT__USERNAME="u", IRZHUB__WEB__PORT="1"
    )

    assert (done.status, done.err) == (0, "")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(texts) == PARTS
    assert json.loads(texts["versions.json"])["irzhub"] == VERSION
    assert json.loads(texts["versions.json"])["packages"]["aiohttp"]
    assert json.loads(texts["counts.json"])["tokens"] == 1
    assert "hub.db" in json.loads(texts["files.json"])["size_bytes"]
    assert texts["healthz.txt"].startswith("no answer: ")
    assert not any("hunter2" in text or token in text for text in texts.values())


def test_a_broken_configuration_is_in_the_bundle(irzhub: Irzhub, tmp_path: Path) -> None:
    done = irzhub("diagnose", "bundle.zip", IRZHUB__WEB__PORT="x")

    assert done.status == 0
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        assert "web.port: expected a whole number" in bundle.read("configuration.txt").decode()


def test_a_file_is_not_overwritten(irzhub: Irzhub, tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_text("mine")

    done = irzhub("diagnose", "bundle.zip")

    assert (done.status, done.err) == (1, "irzhub: bundle.zip is there already\n")
    assert (tmp_path / "bundle.zip").read_text() == "mine"
