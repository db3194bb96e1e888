"""What somebody does about an alert is seen at once, and what would reach nobody is said before it is done."""

import pytest
from playwright.async_api import Browser, expect

from tests.page.browser import visitor
from tests.page.fleet_of import enter
from tests.page.furnished import furnished_hub
from tests.page.words import word

pytestmark = pytest.mark.timeout(180)

SEEN_MS = 10_000
"""Well below the half minute after which the page would have read the figure anew anyway."""


async def test_visits_are_counted_at_once_and_nobody_is_told_without_a_ladder(
    page_built: None, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with (
        furnished_hub(tmp_path_factory.mktemp("hub")) as (hub, made),
        visitor(browser, f"http://127.0.0.1:{hub.web_port}", language="en") as someone,
    ):
        page, alert = someone.page, made[-1]
        await enter(hub, someone)
        await someone.open(alert)
        visits = page.get_by_role("link", name="Visits:")
        await expect(visits).to_have_text("Visits: 1")

        await page.get_by_role("button", name=word("en", "alerts.visit"), exact=True).click()
        async with page.expect_popup() as sheet:
            await page.get_by_role("dialog").get_by_role("button", name=word("en", "alerts.visitAsk")).click()
        await (await sheet.value).close()
        await expect(visits).to_have_text("Visits: 2", timeout=SEEN_MS)

        await page.get_by_role("button", name=word("en", "alerts.escalate"), exact=True).click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("No escalation ladder climbs for this alert, so nobody would be told.")
        await expect(dialog.get_by_role("button", name=word("en", "alerts.escalate"))).to_be_disabled()
        await dialog.get_by_role("link", name=word("en", "alerts.asks.makeLadder")).click()
        await expect(page).to_have_url(f"{someone.root}/people?tab=ladder")
        assert someone.faults == []
