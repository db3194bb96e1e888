"""Accessibility of what is shown now, by axe-core as the page's own tools install it."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.page.build import ROOT

_SOURCE: Final = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RUN: Final = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter((each) => ['serious', 'critical'].includes(each.impact))
  .map(({ id, help, nodes }) => ({ id, help, places: nodes.slice(0, 5).map((node) => node.html.slice(0, 200)) }))
"""


async def serious_faults(page: Page) -> list[dict[str, Any]]:
    """Return what keeps people from using the page: the rule, what it asks, and up to five places."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_source())
    found: list[dict[str, Any]] = await page.evaluate(_RUN)
    return found


@lru_cache(maxsize=1)
def _source() -> str:
    return Path(_SOURCE).read_text("utf-8")
