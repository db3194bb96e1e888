"""The whole path of a newcomer, as `make demo` begins it: from the printed link to a printed report.

Each step is photographed into `IRZHUB_PHOTOS`, so that somebody can look at what a newcomer sees.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.hub_process import HubProcess
from tests.page.browser import PASSWORD, PHOTOS, Visitor, visitor

pytestmark = pytest.mark.timeout(300)

MODEMS: Final = 50
CHOSEN: Final = "КНС-1108"
"""Takes commands, and is none of those that lose their links in the first minutes."""
OUTPUT: Final = "Выход 4"
SOON_MS: Final = 30_000
AN_INPUT_MS: Final = 150_000
"""Some input of the fleet changes every ten seconds, on average."""
_LINK: Final = re.compile(r"http://\S+/setup\?secret=\S+")


async def test_a_newcomer_finds_the_way(page_built: None, browser: Browser, tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub", options=("--practice", str(MODEMS)))
    async with hub, visitor(browser, f"http://127.0.0.1:{hub.web_port}") as someone:
        album = Album(someone, Path(PHOTOS or tmp_path))
        await open_the_link(hub, someone, album)
        await see_the_fleet(someone.page, album)
        await open_a_modem(someone.page, album)
        await switch_an_output(someone.page, album)
        await make_a_rule(someone.page, album)
        await get_an_alert(someone.page, album)
        await print_a_report(someone.page, album)
        assert someone.faults == []


class Album:
    """Photographs in their order."""

    def __init__(self, someone: Visitor, folder: Path) -> None:
        self._someone = someone
        self._folder = folder
        self._taken = 0

    async def take(self, name: str) -> None:
        """Photograph what is seen now."""
        self._taken += 1
        await self._someone.photograph(self._folder / f"newcomer-{self._taken:02}-{name}.png")


async def open_the_link(hub: HubProcess, someone: Visitor, album: Album) -> None:
    found = _LINK.search(hub.log)
    assert found is not None, hub.log
    page = someone.page
    await page.goto(found[0])
    await album.take("first-account")
    await page.fill("input[name=name]", "olga")
    await page.fill("input[name=password]", PASSWORD)
    await page.fill("input[name=again]", PASSWORD)
    await page.click("button")
    await page.wait_for_selector(".app")


async def see_the_fleet(page: Page, album: Album) -> None:
    await expect(page.locator("[data-count=on] .num")).to_have_text(re.compile(r"^(49|50)"), timeout=SOON_MS)
    await expect(page.locator("[role=grid] .c-name", has_text="Без имени")).to_have_count(0, timeout=SOON_MS)
    await album.take("fleet")


async def open_a_modem(page: Page, album: Album) -> None:
    await page.fill(".search input", CHOSEN)
    await page.locator("[role=grid] .c-name a", has_text=CHOSEN).click()
    await expect(page.locator("h1")).to_have_text(CHOSEN)
    await expect(page.get_by_role("group", name=OUTPUT)).to_be_visible(timeout=SOON_MS)
    await album.take("modem")


async def switch_an_output(page: Page, album: Album) -> None:
    switch = page.get_by_role("group", name=OUTPUT).get_by_role("button", name="Вкл")
    await switch.click()
    await album.take("output-asked")
    await page.get_by_role("dialog").get_by_role("button", name="Вкл").click()
    await expect(switch).to_have_attribute("aria-pressed", "true", timeout=SOON_MS)
    await album.take("output-switched")


async def make_a_rule(page: Page, album: Album) -> None:
    await page.get_by_role("link", name="Автоматизации").click()
    await page.get_by_role("button", name="Новое правило").first.click()
    await page.get_by_label("Что произошло").select_option(label="Вход в аварии")
    await album.take("rule-asked")
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="Завести контакт").click()
    await add_a_contact(await opened.value)
    await page.bring_to_front()
    await expect(page.get_by_label("Кому сообщить")).to_have_value("olga")
    await album.take("rule-with-somebody")
    await page.get_by_role("button", name="Добавить правило").click()
    await expect(page.locator("table tbody tr")).to_contain_text(["Вход в аварии"])
    await album.take("rules")


async def add_a_contact(page: Page) -> None:
    """Nobody is there to be told yet, so the form of the rule led here."""
    await page.get_by_role("button", name="Новый контакт").first.click()
    await page.get_by_label("Имя").first.fill("olga")
    await page.get_by_label("Адрес или номер", exact=True).fill("+79211234567")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.close()


async def get_an_alert(page: Page, album: Album) -> None:
    alarm = page.locator("a.alarm")
    await expect(alarm).to_be_visible(timeout=AN_INPUT_MS)
    await alarm.click()
    await expect(page.locator(".d h1")).to_be_visible()
    await album.take("alert")
    await page.locator(".d").get_by_role("button", name="Квитировать").click()
    await expect(page.locator(".toast").last).to_contain_text("квитирована")
    await expect(page.locator(".kv")).to_contain_text("olga")
    await album.take("alert-acknowledged")


async def print_a_report(page: Page, album: Album) -> None:
    await page.get_by_role("link", name="Отчёты").click()
    await expect(page.locator("table tbody tr").first).to_be_visible(timeout=SOON_MS)
    await album.take("report")
    async with page.expect_download() as printed:
        await page.get_by_role("link", name="PDF").click()
    file = await (await printed.value).path()
    assert file.read_bytes().startswith(b"%PDF")
