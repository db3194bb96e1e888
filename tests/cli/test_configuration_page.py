"""The page about configuration: what is in the tree is what the schemas say now."""

from pathlib import Path

import pytest

from irzhub.cli.configuration_page import main, shipped
from irzhub.loader import find_integrations
from tests.conftest import ROOT


def test_the_page_in_the_tree_is_the_schemas_own() -> None:
    assert main(["--check", str(ROOT / "docs" / "configuration.md")]) == 0


def test_every_shipped_integration_is_on_the_page() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")

    assert set(shipped()) == set(find_integrations(Path("/nonexistent")))
    assert [name for name in shipped() if f"## `integrations.{name}`" not in page] == []


def test_a_page_that_is_behind_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "configuration.md"
    assert main(["--check", str(page)]) == 1

    assert main([str(page)]) == 0
    assert main(["--check", str(page)]) == 0
    page.write_text(page.read_text().replace("5009", "5010"))
    assert main(["--check", str(page)]) == 1
    assert capsys.readouterr().err.endswith("is behind the schema: run `make docs`\n")
