"""docs/topics.md is made from the code."""

from pathlib import Path

import pytest

from irzhub.core.event_json import EVENT_TYPES
from irzhub.mqtt.document import main, render_page
from tests.conftest import ROOT


def test_every_event_and_topic_is_on_the_page() -> None:
    page = render_page()

    assert [name for name in EVENT_TYPES if f"| `{name}` |" not in page] == []
    assert "`irzhub/modem/<modem>/gpo/<n>/set`" in page
    assert "868441036775234`" not in page
    assert "$" not in page.replace("$SYS", "")


def test_the_page_in_the_tree_is_the_code_s() -> None:
    assert main(["--check", str(ROOT / "docs" / "topics.md")]) == 0


def test_a_page_that_is_behind_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "topics.md"
    assert main(["--check", str(page)]) == 1
    assert main([str(page)]) == 0
    assert main(["--check", str(page)]) == 0
    page.write_text(page.read_text() + "x")
    assert main(["--check", str(page)]) == 1
    assert capsys.readouterr().err.endswith("is behind the code: run `make docs`\n")
