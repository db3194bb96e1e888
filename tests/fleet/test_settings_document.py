"""docs/modem_settings.md is made from the catalogue."""

from pathlib import Path

import pytest

from irzhub.codec.irz.settings.catalogue import SETTINGS
from irzhub.fleet.settings_document import main, render_page
from tests.conftest import ROOT


def test_every_setting_is_on_the_page_with_its_marks() -> None:
    page = render_page()
    assert [setting.name for setting in SETTINGS if f"| `{setting.name}" not in page] == []
    assert "| `CLNT_IPP<1-5>` **!** | `host` (host, 1-255 letters), `port` (1-65535) |" in page


def test_the_page_in_the_tree_is_the_code_s() -> None:
    assert main(["--check", str(ROOT / "docs" / "modem_settings.md")]) == 0


def test_a_page_that_is_behind_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "modem_settings.md"
    assert main(["--check", str(page)]) == 1
    assert "run `make docs`" in capsys.readouterr().err
    assert main([str(page)]) == 0
    assert main(["--check", str(page)]) == 0
