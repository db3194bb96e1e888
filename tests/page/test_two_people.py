"""Two people at one modem, and rights that are taken away meanwhile: the page says so and loses no typed text."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.hub_process import HubProcess
from tests.page.browser import Visitor, visitor
from tests.page.conftest import add_user
from tests.page.fleet_of import operator, practise

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

MODEM = "990000000000001"
CARD = f"/modems/{MODEM}?tab=card"
FORM = "form:has(textarea)"
COMMENT = f"{FORM} textarea"
TOLD_MS = 20_000


async def test_who_saves_second_hears_of_the_first_and_keeps_the_typed_text(
    hub: HubProcess, someone: Visitor, browser: Browser
) -> None:
    await practise(hub, 3)
    async with visitor(browser, someone.root) as other:
        await open_card(someone)
        await open_card(other)
        await someone.page.fill(COMMENT, "Ключ у вахтёра")
        await other.page.fill(COMMENT, "Ключ в сейфе")
        await save(other.page)
        await expect(other.page.locator(".toast").last).to_contain_text("Сохранено", timeout=TOLD_MS)

        await save(someone.page)

        told = someone.page.locator(f"{FORM} [role=alert]")
        await expect(told).to_contain_text("Другой человек успел раньше. У него: Ключ в сейфе.", timeout=TOLD_MS)
        await expect(someone.page.locator(COMMENT)).to_have_value("Ключ у вахтёра")
        await save(someone.page)
        await expect(told).to_have_count(0, timeout=TOLD_MS)
        assert await comment_of(hub) == "Ключ у вахтёра"
        assert other.faults == []


async def test_rights_that_are_taken_away_take_no_text(hub: HubProcess, browser: Browser) -> None:
    await practise(hub, 3)
    add_user(hub, "olga", "engineer")
    async with visitor(browser, f"http://127.0.0.1:{hub.web_port}") as someone:
        await open_card(someone, "olga")
        await someone.page.fill(COMMENT, "Ключ у вахтёра")
        async with operator(hub) as http:
            headers = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
            async with http.patch("api/v1/users/olga", json={"role": "viewer"}, headers=headers) as answer:
                assert answer.status == 200, await answer.text()

        await save(someone.page)

        await expect(someone.page.locator(FORM)).to_contain_text("прав", timeout=TOLD_MS)
        await expect(someone.page.locator(f"{FORM} button.p")).to_have_count(0)
        await expect(someone.page.locator(COMMENT)).to_have_value("Ключ у вахтёра")
        await expect(someone.page.locator(COMMENT)).to_be_disabled()
        assert await comment_of(hub) != "Ключ у вахтёра"
        assert someone.faults == []


async def open_card(someone: Visitor, name: str = "admin") -> None:
    """Sign in and open the modem's card."""
    await someone.open(CARD)
    await someone.sign_in(name)
    await expect(someone.page.locator(COMMENT)).to_be_enabled(timeout=TOLD_MS)
    # The card reads its version of the modem behind the stream's.
    await someone.page.wait_for_load_state("networkidle")


async def save(page: Page) -> None:
    """Press the card's button."""
    await page.locator(f"{FORM} button.p").click()


async def comment_of(hub: HubProcess) -> str:
    """Return what the hub keeps."""
    async with operator(hub) as http, http.get(f"api/v1/modems/{MODEM}") as answer:
        return str((await answer.json())["comment"])
