"""The first administrator: from the link that the hub prints to the page, in the page's own look."""

import re
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.e2e.hub_process import HubProcess
from tests.page.axe import serious_faults
from tests.page.browser import PASSWORD, PHONE, visitor

_LINK = re.compile(r"http://\S+/setup\?secret=\S+")
_WIDER = "document.documentElement.scrollWidth > window.innerWidth"


async def test_the_printed_link_leads_to_the_page_once(page_built: None, browser: Browser, tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "hub") as hub:
        found = _LINK.search(hub.log)
        assert found is not None, hub.log
        root = f"http://127.0.0.1:{hub.web_port}"
        path = found[0].removeprefix(root)
        async with visitor(browser, root, PHONE, "dark", "en") as someone:
            page = someone.page
            await someone.open(path)
            await expect(page.locator("h1")).to_have_text("The first administrator")
            assert await serious_faults(page) == []
            assert not await page.evaluate(_WIDER)

            await page.fill("input[name=name]", "olga")
            await page.fill("input[name=password]", PASSWORD)
            await page.fill("input[name=again]", f"{PASSWORD}?")
            await page.click("button")
            await expect(page.locator("[role=alert]")).to_have_text("The two passwords differ.")
            await expect(page.locator("input[name=name]")).to_have_value("olga")

            await page.fill("input[name=password]", PASSWORD)
            await page.fill("input[name=again]", PASSWORD)
            await page.click("button")
            await expect(page.locator(".first h2")).to_have_text("No modems yet", timeout=15_000)

            await someone.open(path)
            await expect(page.locator("section p")).to_contain_text("This link was used")
            assert someone.faults == []
