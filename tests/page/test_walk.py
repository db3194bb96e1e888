"""Every view in both languages, both themes, at a desk and on a phone: sound, and shutting nobody out.

A view is looked at by its address, then each of its tabs, then each dialog that one of its buttons opens.
"""

import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Error, Locator, expect

from tests.e2e.hub_process import HubProcess
from tests.page.axe import serious_faults
from tests.page.browser import DESKTOP, PHONE, PHOTOS, Language, Theme, Visitor, visitor
from tests.page.fleet_of import enter
from tests.page.furnished import MODEM, furnished_hub
from tests.page.words import word

Look = tuple[Language, Theme, tuple[int, int]]

LOOKS: Final[tuple[Look, ...]] = (
    ("ru", "light", DESKTOP),
    ("ru", "dark", PHONE),
    ("en", "dark", DESKTOP),
    ("en", "light", PHONE),
)
"""Each language, theme and screen, and each pair of them, in four walks."""
BESIDE_THE_NAVIGATION: Final = (
    f"/modems/{MODEM}",
    "/visits",
    "/maintenance",
    "/automations/rules",
    "/readings/programs",
    "/wall",
    "/nowhere/at/all",
)
KINDS: Final = ("reading_summary", "reconnects", "signal", "traffic", "inputs", "commands", "alerts")
"""Reports besides the one that is shown first."""
DIALOGS: Final[dict[str, Sequence[str]]] = {
    "/": ("fleet.columns.button", "fleet.filter.add", "fleet.view.add"),
    f"/modems/{MODEM}": ("modem.command.title", "modem.more"),
    "/alerts": ("alerts.silence", "alerts.escalate", "alerts.visit", "alerts.assign", "alerts.close", "alerts.take"),
    "/maintenance": ("alerts.windowPlan",),
    "/automations": ("automations.new",),
    "/sms": ("phone.send.sms", "phone.send.calls"),
    "/people?tab=contact": ("people.add.contact",),
    "/people?tab=team": ("people.add.team",),
    "/people?tab=roster": ("people.add.roster",),
    "/people?tab=ladder": ("people.add.ladder",),
    "/people?tab=calendar": ("people.add.calendar",),
    "/reports": ("reports.mail",),
    "/reports?tab=mail": ("reports.addSchedule",),
    "/settings?tab=users": ("settings.newUser",),
    "/settings?tab=tokens": ("settings.newToken",),
    "/settings?tab=organisations": ("settings.newOrganisation",),
    "/settings?tab=groups": ("settings.newGroup",),
    "/settings?tab=sites": ("settings.newSite",),
}
"""Buttons by the view on which they stand; each opens a dialog or a panel. On a phone some are not there."""
RARE: Final = ("modem.replace.title", "modem.firmware.title", "modem.kick.title", "modem.delete.title")
"""What the menu of a modem opens."""
_WIDER: Final = "document.documentElement.scrollWidth > window.innerWidth"
_CONTROLS: Final = "main.view :is(a, button, input, select, textarea)"
_CUT_OFF: Final = """(controls) => [...document.querySelectorAll(controls)].filter((each) => {
  const { left, right, width } = each.getBoundingClientRect()
  if (width < 4 || (right <= innerWidth + 1 && left >= -1)) return false
  for (let place = each.parentElement; place; place = place.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(place).overflowX)) return false
  return getComputedStyle(each).visibility === 'visible'
}).map((each) => `cut off: ${each.textContent?.trim() || each.outerHTML.slice(0, 100)}`)"""
_MODAL: Final = "[role=dialog][aria-modal=true]"
_SETTLED_MS: Final = 250
_OPENS_MS: Final = 5000


@dataclass
class Walk:
    """One walk through the page; `wrong` holds what was found, by view and look."""

    someone: Visitor
    look: Look
    wrong: dict[str, list[Any]] = field(default_factory=dict)
    looked_at: int = 0

    async def see(self, path: str) -> None:
        """Look at a view by its address."""
        await self.someone.open(path)
        await self.someone.page.wait_for_selector(".app main.view > *:visible, .wallp")
        await self.judge(path)

    async def see_tabs(self, path: str) -> None:
        """Look at what is behind each tab of the view that is open."""
        tabs = self.someone.page.locator("main.view [role=tab]")
        for number in range(await tabs.count()):
            tab = tabs.nth(number)
            if await tab.is_visible() and await tab.get_attribute("aria-selected") != "true":
                await tab.click()
                await self.judge(f"{path} [{await tab.inner_text()}]")

    async def see_dialog(self, path: str, key: str) -> None:
        """Look at what a button opens, and close it again by Escape."""
        page, name = self.someone.page, word(self.look[0], key)
        button = page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}")).locator("visible=true").first
        if await button.count() == 0 and self.look[2] == PHONE:
            return
        try:
            await button.click(timeout=_OPENS_MS)
            await self.see_open(page.locator("[role=dialog]").last, f"{path} ({name})")
        except Error as error:
            self.wrong[f"{path} ({name}) {' '.join(map(str, self.look))}"] = [error.message]
            await self.see(path)

    async def see_open(self, dialog: Locator, name: str) -> None:
        """Look at an open dialog or panel; Escape closes it."""
        await dialog.wait_for(timeout=_OPENS_MS)
        await self.judge(name)
        await self.someone.page.keyboard.press("Escape")
        await dialog.wait_for(state="detached", timeout=_OPENS_MS)

    async def judge(self, place: str) -> None:
        """Note what is wrong with what is seen."""
        page, before = self.someone.page, len(self.someone.faults)
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        await page.wait_for_timeout(_SETTLED_MS)
        faults: list[Any] = [*self.someone.faults[before:], *await serious_faults(page)]
        if await page.evaluate(_WIDER):
            faults.append("the page is wider than its window")
        faults += await page.evaluate(_CUT_OFF, _CONTROLS)
        language, theme, size = self.look
        name = f"{place} {language} {theme} {size[0]}"
        if faults:
            self.wrong[name] = faults
        self.looked_at += 1
        if PHOTOS:
            await self.someone.photograph(Path(PHOTOS) / f"{re.sub(r'[^0-9A-Za-zА-яё]+', '-', name).strip('-')}.png")


@contextlib.asynccontextmanager
async def walk(browser: Browser, hub: HubProcess, look: Look) -> AsyncIterator[Walk]:
    """Somebody who is signed in, before one kind of screen."""
    language, theme, size = look
    async with visitor(browser, f"http://127.0.0.1:{hub.web_port}", size, theme, language) as someone:
        await enter(hub, someone)
        await someone.open("/nowhere")
        await someone.page.wait_for_selector(".side nav a", state="attached")
        yield Walk(someone, look)


@pytest.mark.timeout(300)
async def test_each_view_is_sound(page_built: None, browser: Browser, tmp_path: Path) -> None:
    """Each view once; the next one in another language, theme and size."""
    wrong: dict[str, list[Any]] = {}
    async with furnished_hub(tmp_path / "hub") as (hub, made):
        for number, look in enumerate(LOOKS):
            async with walk(browser, hub, look) as seen:
                places = [*await views(seen.someone), *made, *BESIDE_THE_NAVIGATION]
                for path in places[number :: len(LOOKS)]:
                    await seen.see(path)
                wrong |= seen.wrong
                assert seen.looked_at >= len(places) // len(LOOKS)

    assert wrong == {}, told(wrong)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{look[2][0]}")
async def test_everything_is_sound(page_built: None, browser: Browser, tmp_path: Path, look: Look) -> None:
    """All views, all tabs, all kinds of reports and the dialogs, in one look."""
    async with (
        furnished_hub(tmp_path / "hub") as (hub, made),
        walk(browser, hub, look) as seen,
    ):
        for path in [*await views(seen.someone), *made, *BESIDE_THE_NAVIGATION]:
            await seen.see(path)
            await seen.see_tabs(path)
        for kind in KINDS:
            await seen.see(f"/reports?kind={kind}")
        for path, keys in DIALOGS.items():
            await seen.see(path)
            for key in keys:
                await seen.see_dialog(path, key)
        assert seen.wrong == {}, told(seen.wrong)
        await see_rare(seen)
        assert seen.wrong == {}, told(seen.wrong)


async def see_rare(seen: Walk) -> None:
    """Look at the dialogs behind a modem's menu, and at the sheet of keys."""
    page, language = seen.someone.page, seen.look[0]
    await seen.see(f"/modems/{MODEM}")
    for key in RARE:
        await page.get_by_role("button", name=word(language, "modem.more"), exact=True).click()
        await page.locator(".panel").get_by_role("button", name=word(language, key)).click()
        await seen.see_open(page.locator(_MODAL), f"/modems ({word(language, key)})")
    if seen.look[2] == DESKTOP:
        await page.keyboard.press("Shift+Slash")
        await seen.see_open(page.locator(_MODAL), "keys")


async def views(someone: Visitor) -> list[str]:
    """The addresses of the navigation; on a phone the side column is there too, only not shown."""
    return [str(await link.get_attribute("href")) for link in await someone.page.locator(".side nav a").all()]


def told(wrong: dict[str, list[Any]]) -> str:
    """Return the findings as lines."""
    return "\n".join(f"{look}: {fault}" for look, faults in wrong.items() for fault in faults)
