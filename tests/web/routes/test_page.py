"""The page over HTTP: deep links for browsers, 404 for programs, the status page where nothing was built."""

from pathlib import Path

import pytest

from irzhub.web.page import PAGE, Page, read_page
from tests.web.conftest import Hub

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def built(hub: Hub, tmp_path: Path) -> Page:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<script src="./assets/a-1.js"></script>')
    (folder / "assets" / "a-1.js").write_text("start()")
    page, made = hub.app[PAGE], read_page(folder)
    page.index, page.assets = made.index, made.assets
    return page


@pytest.mark.usefixtures("built")
async def test_a_deep_link_is_the_page_for_a_browser(hub: Hub) -> None:
    reply = await hub.get("/modems/868441036775234", token=None, headers=BROWSER)

    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")
    assert reply.text == '<script src="../assets/a-1.js"></script>'
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("built")
async def test_programs_and_wrong_addresses_of_the_interface_get_404(hub: Hub) -> None:
    for path, accepted in (("/modems/1", "*/*"), ("/api/v1/nothing", "text/html"), ("/assets/b-2.js", "text/html")):
        reply = await hub.get(path, token=None, headers={"Accept": accepted})
        assert (path, reply.status, reply.headers["Content-Type"]) == (path, 404, "application/problem+json")


@pytest.mark.usefixtures("built")
async def test_a_file_comes_with_its_media_type(hub: Hub) -> None:
    reply = await hub.get("/assets/a-1.js", token=None)

    assert (reply.status, reply.text, reply.headers["Content-Type"]) == (200, "start()", "text/javascript")


async def test_a_hub_without_a_page_shows_its_status(hub: Hub) -> None:
    hub.app[PAGE].index = ""

    assert "irzhub main</title>" in (await hub.get("/", token=None)).text
    assert (await hub.get("/alerts", token=None, headers=BROWSER)).status == 404
