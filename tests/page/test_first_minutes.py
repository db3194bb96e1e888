"""The page in a real browser before a real hub: from signing in to a living fleet."""

import re

from playwright.async_api import expect

from tests.page.browser import Visitor

ROWS = "[role=grid] .body > .tr"


async def test_somebody_signs_in_starts_a_practice_fleet_and_sees_it_live(someone: Visitor) -> None:
    page = someone.page
    await someone.open("/?q=1101")
    await page.fill("input[name=name]", "admin")
    await page.fill("input[name=password]", "wrong password")
    await page.click("form button.p")
    await expect(page.locator("form [role=alert]")).to_contain_text("Имя или пароль не подходят.")

    await someone.sign_in()
    assert page.url.endswith("/?q=1101"), "the link is kept through the sign-in"
    await expect(page.locator(".first h2")).to_have_text("Модемов пока нет")
    await expect(page.locator(".first .block .mono")).to_contain_text("5492 IP127.0.0.1:")

    await page.click("text=Запустить учебный парк")
    await page.wait_for_selector(ROWS, timeout=30_000)
    assert [text.split()[1:4] for text in await someone.texts(ROWS)] == [["связи", "РП-1101", "990000000000001"]]

    await page.fill(".search input", "")
    await expect(page.locator("[data-count=on] .num")).to_have_text("60", timeout=30_000)
    await page.locator(f"{ROWS} .c-cause").nth(1).click()
    await expect(page.locator(ROWS).nth(1)).to_have_class(re.compile(r"\bcur\b"))
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.locator("[role=grid]").focus()
    for key in ("j", "j", "x"):
        await page.keyboard.press(key)
    await expect(page.locator(".bulk b")).to_have_text("Выбрано 1")
    await page.keyboard.press("t")
    await expect(page.locator(".toast")).to_contain_text("Порт отвечает: 127.0.0.1:")

    await page.click("[data-count=standby]")
    await expect(page).to_have_url(re.compile(r"[?&]state=standby"))
    await expect(page.locator(".none h2")).to_have_text("Под отбор не подходит ни один модем")
    await page.click("text=Снять «состояние»")
    await expect(page.locator(ROWS).first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
