"""The built page: its files are named from wherever it was asked for, and nothing beside them is given away."""

from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from irzhub.web.page import read_page, wants_page
from irzhub.web.problem import Problem

INDEX = '<meta name="irzhub-root" content="./" /><script src="./assets/index-1.js"></script>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "assets" / "index-1.js").write_text("start()")
    (tmp_path / "assets" / "index-1.js.gz").write_bytes(b"")
    (tmp_path / ".stamp").write_text("1")
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "root"), [("/", "./"), ("/alerts", "./"), ("/modems/1", "../"), ("/modems/1/events", "../../")]
)
def test_files_are_found_from_every_deep_link(folder: Path, asked: str, root: str) -> None:
    text = read_page(folder).html(make_mocked_request("GET", asked)).text

    assert text == INDEX.replace("./", root)


@pytest.mark.parametrize(("cookie", "said"), [({"Cookie": "irzhub=x"}, "maybe"), ({}, "none")], ids=str)
def test_the_page_says_whether_there_is_a_session_to_ask_for(folder: Path, cookie: dict[str, str], said: str) -> None:
    (folder / "index.html").write_text('<meta name="irzhub-session" content="maybe" />')

    text = read_page(folder).html(make_mocked_request("GET", "/", headers=cookie)).text

    assert text == f'<meta name="irzhub-session" content="{said}" />'


@pytest.mark.parametrize("name", [".stamp", "index.html", "../index.html", "index-1.js.gz", "index-2.js"])
def test_only_the_files_of_the_page_are_given(folder: Path, name: str) -> None:
    with pytest.raises(Problem, match="no such file"):
        read_page(folder).asset(name)


def test_a_file_is_kept_for_a_year(folder: Path) -> None:
    headers = read_page(folder).asset("index-1.js").headers

    assert (headers["Cache-Control"], headers["Content-Type"]) == (
        "public, max-age=31536000, immutable",
        "text/javascript",
    )


def test_without_a_built_page_there_is_none(tmp_path: Path) -> None:
    assert not read_page(tmp_path).is_built


@pytest.mark.parametrize(
    ("path", "accepted", "expected"),
    [
        ("/alerts", "text/html,application/xhtml+xml", True),
        ("/alerts", "*/*", False),
        ("/api/v1/nothing", "text/html", False),
        ("/assets/old.js", "text/html", False),
    ],
)
def test_only_browsers_that_go_somewhere_get_the_page(path: str, accepted: str, expected: bool) -> None:
    assert wants_page(make_mocked_request("GET", path, headers={"Accept": accepted})) is expected
