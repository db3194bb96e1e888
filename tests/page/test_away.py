"""What the page says when the hub is away, and when the session ends: nothing old is shown as live, nothing is lost."""

import pytest
from playwright.async_api import expect

from tests.e2e.hub_process import HubProcess
from tests.page.browser import Visitor
from tests.page.fleet_of import operator, practise

ROWS = "[role=grid] .body > .tr"
AWAY_MS = 20_000
SIGNED_OUT_MS = 75_000
"""The stream is looked at once a minute; any request tells it at once."""

pytestmark = pytest.mark.long


async def test_a_hub_that_is_away_is_told_and_its_return_too(hub: HubProcess, someone: Visitor) -> None:
    await practise(hub)
    page = someone.page
    await someone.open("/")
    await someone.sign_in()
    await page.wait_for_selector(ROWS)
    await page.locator("[role=grid]").focus()
    for key in ("j", "j", "j", "x"):
        await page.keyboard.press(key)
    chosen = await someone.texts(f"{ROWS}[aria-selected=true] .c-imei")
    someone.expect("WebSocket connection to")

    hub.kill()

    await expect(page.locator(".alarm.away")).to_contain_text("Хаб не отвечает", timeout=AWAY_MS)
    await expect(page.locator(".foot .away")).to_contain_text("Что сейчас с модемами, неизвестно")
    await expect(page.locator(".bulk .btn.p")).to_be_disabled()
    before = await someone.texts(f"{ROWS} .c-age")
    await page.wait_for_timeout(2500)
    assert await someone.texts(f"{ROWS} .c-age") == before, "ages stand still"

    await hub.start()

    await expect(page.locator(".alarm.away")).to_have_count(0, timeout=AWAY_MS)
    await expect(page.locator(".bulk .btn.p")).to_be_enabled()
    assert await someone.texts(f"{ROWS}[aria-selected=true] .c-imei") == chosen


async def test_a_session_that_ended_leaves_the_page_as_it_was(hub: HubProcess, someone: Visitor) -> None:
    await practise(hub)
    page = someone.page
    await someone.open("/?q=110")
    await someone.sign_in()
    await page.wait_for_selector(ROWS)
    await page.click(".flt > .pop button")
    await page.fill(".panel input[type=number]", "-77")
    async with operator(hub) as http, http.get("api/v1/sign_ins") as answer:
        for each in (await answer.json())["items"]:
            if not each["current"]:
                await http.delete(f"api/v1/sign_ins/{each['id']}")

    dialog = page.locator("[role=dialog]", has_text="Сеанс закончился")
    await expect(dialog).to_be_visible(timeout=SIGNED_OUT_MS)
    await expect(dialog.locator("input[name=name]")).to_have_value("admin")
    await dialog.locator("input[name=password]").fill("Vologda-2026-rain")
    await dialog.locator("button.p").click()
    await expect(dialog).to_have_count(0)
    await expect(page.locator(".panel input[type=number]")).to_have_value("-77")
    await page.click("text=Применить")
    await expect(page.locator(".chip")).to_contain_text("−77")
    assert "q=110" in page.url
    await page.locator("[role=grid]").focus()
    for key in ("j", "t"):
        await page.keyboard.press(key)
    await expect(page.locator(".toast").last).to_contain_text("Порт отвечает")
