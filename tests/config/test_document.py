"""docs/configuration.md is made from the schema."""

from pathlib import Path

import pytest

from irzhub.config.document import main, render_page
from irzhub.config.schema_map import all_keys
from tests.conftest import ROOT


def test_every_key_is_on_the_page() -> None:
    page = render_page()

    assert [key.path for key in all_keys() if f"`{key.path[-1]}" not in page and f".{key.path[-1]}`" not in page] == []
    assert "| `password` 🔒 | `null` | a text, or null | his password | его пароль |" in page
    assert "| `first` |" not in page
    assert "| `pools[].first` | `20000` |" in page


def test_the_page_in_the_tree_is_the_schema_s() -> None:
    assert main(["--check", str(ROOT / "docs" / "configuration.md")]) == 0


def test_a_page_that_is_behind_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "configuration.md"
    assert main(["--check", str(page)]) == 1

    assert main([str(page)]) == 0
    assert main(["--check", str(page)]) == 0
    page.write_text(page.read_text().replace("5009", "5010"))
    assert main(["--check", str(page)]) == 1
    assert capsys.readouterr().err.endswith("is behind the schema: run `make docs`\n")
