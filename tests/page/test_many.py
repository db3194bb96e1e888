"""What is done to many modems at once from the table: settings as a job, visit requests on one paper."""

import pytest
from playwright.async_api import expect

from tests.e2e.hub_process import HubProcess
from tests.page.browser import Visitor
from tests.page.fleet_of import practise

ROWS = "[role=grid] .body > .tr"
DIALOG = "[role=dialog]"


@pytest.mark.long
async def test_chosen_modems_get_settings_and_visits(hub: HubProcess, someone: Visitor) -> None:
    await practise(hub, 6)
    page = someone.page
    await someone.open("/")
    await someone.sign_in()
    await page.wait_for_selector(ROWS)
    await page.locator("[role=grid]").focus()
    for key in ("j", "x", "j", "x"):
        await page.keyboard.press(key)
    await expect(page.locator(".bulk b")).to_have_text("Выбрано 2")

    await page.click(".bulk >> text=Настройки")
    send = page.locator(f"{DIALOG} footer .btn.p")
    await page.fill(f"{DIALOG} textarea", "AT$NOTHING=1")
    await expect(page.locator(f"{DIALOG} li.bad, {DIALOG} .bad li")).to_have_text(
        "строка 1: NOTHING: такой настройки нет"
    )
    await expect(send).to_be_disabled()
    await page.fill(f"{DIALOG} textarea", "AT$WDT_INTV=60")
    await expect(page.locator(f"{DIALOG} pre")).to_have_text("AT$WDT_INTV=60")
    await send.click()
    await expect(page.locator(".toast")).to_be_visible()

    await page.click(".bulk >> text=Заявка на выезд")
    await page.locator(f"{DIALOG} textarea").first.fill("проверить антенну")
    await send.click()
    await expect(page.locator(f"{DIALOG} h2")).to_have_text("Составлены 2 заявки")
    async with page.context.expect_page() as opened:
        await page.click(f"{DIALOG} >> text=Печать")
    paper = await opened.value
    await expect(paper.locator("section")).to_have_count(2)
    await expect(paper.locator("section").first).to_contain_text("проверить антенну")

    await someone.open("/jobs")
    await expect(page.locator("tbody tr").first).to_contain_text("2 модема")
