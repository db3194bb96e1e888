"""The form of a new rule offers whom there is; where nobody is, it says what to do and takes no name out of the air."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.hub_process import HubProcess
from tests.page.browser import Language, Visitor
from tests.page.fleet_of import enter, operator
from tests.page.words import word

pytestmark = pytest.mark.timeout(180)

ADDRESS = {"addresses": [{"channel": "sms", "address": "+79211234567"}]}


async def open_form(page: Page, language: Language) -> Locator:
    """Press the button of a new rule; return the dialog."""
    await page.get_by_role("button", name=word(language, "automations.new")).first.click()
    return page.get_by_role("dialog")


async def test_where_nobody_is_yet_it_leads_to_the_contacts_and_offers_them_afterwards(
    hub: HubProcess, someone: Visitor
) -> None:
    page = someone.page
    await enter(hub, someone)
    await someone.open("/automations")
    form = await open_form(page, "ru")
    add = form.get_by_role("button", name=word("ru", "automations.add"))
    name = form.get_by_label(word("ru", "automations.name"), exact=True)

    await name.fill("Вода в подвале")
    await expect(form).to_contain_text("Сообщать пока некому.")
    await expect(form).not_to_contain_text("duty")
    await expect(add).to_be_disabled()
    async with page.expect_popup() as opened:
        await form.get_by_role("link", name=word("ru", "automations.addContact")).click()
    contacts = await opened.value
    await contacts.get_by_role("button", name=word("ru", "people.add.contact")).first.click()
    await contacts.get_by_label(word("ru", "people.name")).first.fill("anna")
    await contacts.get_by_label(word("ru", "people.title"), exact=True).fill("Громова А. С.")
    await contacts.get_by_label(word("ru", "people.address"), exact=True).fill("+79211234567")
    await contacts.get_by_role("button", name=word("ru", "common.save")).click()
    await expect(contacts.get_by_role("dialog")).to_have_count(0)
    await contacts.close()
    await page.bring_to_front()

    whom = form.get_by_label(word("ru", "automations.whom"))
    await expect(whom).to_have_value("anna")
    await expect(whom.locator("option:checked")).to_have_text("Громова А. С.")
    await expect(name).to_have_value("Вода в подвале")
    await add.click()
    await expect(page.locator("table tbody tr")).to_contain_text(["Вода в подвале"])
    async with operator(hub) as http, http.get("api/v1/automations_file") as answer:
        assert "target: anna" in (await answer.json())["text"]


async def test_rosters_come_first_and_ladders_may_be_chosen(hub: HubProcess, someone: Visitor) -> None:
    async with operator(hub) as http:
        for path, body in (
            ("contacts/anna", ADDRESS),
            ("rosters/shift", {"otherwise": ["anna"]}),
            ("ladders/night", {"steps": [{"targets": ["shift"]}]}),
        ):
            async with http.put(f"api/v1/{path}", json=body) as answer:
                assert answer.status == 201, await answer.text()
    await enter(hub, someone)
    await someone.open("/automations")
    form = await open_form(someone.page, "ru")
    whom = form.get_by_label(word("ru", "automations.whom"))

    await expect(whom).to_have_value("shift")
    assert await whom.locator("option").all_inner_texts() == ["shift", "anna", "night"]
    await whom.select_option("night")
    await expect(form.locator("pre")).to_contain_text("target: night")
