from pathlib import Path

import pytest

from irzhub.web.api_page import main, render_page
from irzhub.web.permissions import ROUTES


def test_every_operation_stands_on_the_page() -> None:
    page = render_page()

    assert all(f"`{method} {path}`" in page for method, path in ROUTES)
    assert "$" not in page.replace("$TOKEN", "").replace("$H", "").replace("$U", "")


def test_a_page_that_is_behind_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "api.md"
    assert main(["--check", str(file)]) == 1
    assert "make docs" in capsys.readouterr().err
    assert main([str(file)]) == 0
    assert main(["--check", str(file)]) == 0
