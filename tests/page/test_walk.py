"""Every view in both languages, both themes, at a desk and on a phone: sound, and shutting nobody out."""

import os
import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser

from tests.e2e.hub_process import HubProcess
from tests.page.axe import serious_faults
from tests.page.browser import DESKTOP, PHONE, Language, Theme, Visitor, visitor
from tests.page.fleet_of import practise

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PHOTOGRAPHS: Final = os.environ.get("IRZHUB_PHOTOGRAPHS")
"""A folder for what is seen; none is kept without it."""
MODEM: Final = "990000000000000"
BESIDE_THE_NAVIGATION: Final = (f"/modems/{MODEM}", "/nowhere/at/all")
_SETTLED_MS: Final = 800
_WIDER: Final = "document.documentElement.scrollWidth > window.innerWidth"


async def test_every_view_is_sound(hub: HubProcess, browser: Browser, tmp_path: Path) -> None:
    await practise(hub)
    wrong: dict[str, Any] = {}
    for language, theme, size in looks():
        async with visitor(browser, f"http://127.0.0.1:{hub.web_port}", size, theme, language) as someone:
            await someone.open("/")
            await someone.sign_in()
            await someone.page.wait_for_selector("[role=grid] .body > .tr")
            for path in [*await views(someone), *BESIDE_THE_NAVIGATION]:
                look = f"{path} {language} {theme} {size[0]}"
                if faults := await look_at(someone, path):
                    wrong[look] = faults
                name = re.sub(r"\W+", "-", look).strip("-")
                await someone.photograph((Path(PHOTOGRAPHS) if PHOTOGRAPHS else tmp_path) / f"{name}.png")

    assert wrong == {}, "\n".join(f"{look}: {fault}" for look, faults in wrong.items() for fault in faults)


def looks() -> list[tuple[Language, Theme, tuple[int, int]]]:
    """Each language, theme and screen, and each pair of them, in four walks."""
    return [("ru", "light", DESKTOP), ("ru", "dark", PHONE), ("en", "dark", DESKTOP), ("en", "light", PHONE)]


async def views(someone: Visitor) -> list[str]:
    """The addresses of the navigation; on a phone the side column is there too, only not shown."""
    return [str(await link.get_attribute("href")) for link in await someone.page.locator(".side nav a").all()]


async def look_at(someone: Visitor, path: str) -> list[Any]:
    """Return what is wrong with a view."""
    before = len(someone.faults)
    await someone.open(path)
    await someone.page.wait_for_selector(".app main.view > *:visible")
    await someone.page.wait_for_timeout(_SETTLED_MS)
    faults: list[Any] = [*someone.faults[before:], *await serious_faults(someone.page)]
    if await someone.page.evaluate(_WIDER):
        faults.append("the page is wider than its window")
    return faults
