"""The health check of the image; tests/docker/test_image.py asks a living hub."""

from pathlib import Path

import pytest

from irzhub.cli.healthcheck import main


def test_no_hub_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("IRZHUB_CONFIG", str(tmp_path))
    monkeypatch.setenv("IRZHUB__WEB__PORT", "1")

    assert main() == 1
    assert "refused" in capsys.readouterr().err


def test_a_broken_configuration_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("IRZHUB__WEB__PORT", "x")

    assert main() == 1
    assert "web.port: expected a whole number" in capsys.readouterr().err
