"""The distribution's Chromium before a hub, and somebody who looks at the page and misses nothing that went wrong."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Dialog, Page, Request, async_playwright

Theme = Literal["light", "dark"]
Language = Literal["ru", "en"]

DESKTOP: Final = (1440, 900)
PHONE: Final = (390, 844)
PHOTOS: Final = os.environ.get("IRZHUB_PHOTOS")
"""A folder for what tests see; where it is not named, none of it is kept."""
PASSWORD: Final = "Vologda-2026-rain"
_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LOCALES: Final[dict[Language, str]] = {"ru": "ru-RU", "en": "en-GB"}
_CSP_WATCH: Final = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
"""
_SETTLED_MS: Final = 150


@dataclass
class Visitor:
    """One person before one browser window.

    `faults` holds all that must not happen: errors in the console, reports of the content security policy, script
    errors, requests to other machines, dialogs of the browser. `expected` says which of them a test provokes.
    """

    page: Page
    root: str
    faults: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)

    def watch(self) -> None:
        """Note what goes wrong from now on."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)

    async def open(self, path: str = "/") -> None:
        """Go to an address of the hub."""
        await self.page.goto(f"{self.root}{path}")

    async def sign_in(self, name: str = "admin", password: str = PASSWORD) -> None:
        """Fill in the form and wait for the frame."""
        await self.page.fill("input[name=name]", name)
        await self.page.fill("input[name=password]", password)
        await self.page.click("form button.p")
        await self.page.wait_for_selector(".app")

    async def photograph(self, file: Path) -> None:
        """Save what is seen, once nothing moves."""
        await self.page.wait_for_timeout(_SETTLED_MS)
        await self.page.screenshot(path=str(file))

    async def texts(self, selector: str) -> list[str]:
        """Return the texts of all such elements."""
        found = await self.page.locator(selector).all_inner_texts()
        return [" ".join(text.split()) for text in found]

    def expect(self, pattern: str) -> None:
        """Say that the test provokes such a fault."""
        self.expected.append(re.compile(pattern))

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself writes an error for each answer of 400 and above; the page shows those in words.
        is_error = message.type == "error" and not message.text.startswith("Failed to load resource")
        if is_error or (message.type == "warning" and "Vue" in message.text):
            self._note(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != urlsplit(self.root).netloc:
            self._note(f"request to {request.url}")

    async def _dialog(self, dialog: Dialog) -> None:
        self._note(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _note(self, fault: str) -> None:
        if not any(pattern.search(fault) for pattern in self.expected):
            self.faults.append(fault)


def find_chromium() -> str | None:
    """Return the program, None where there is none."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run the browser without a window."""
    program = find_chromium()
    assert program is not None, f"install Chromium: none of {', '.join(_PROGRAMS)} is here"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visitor(
    browser: Browser,
    root: str,
    size: tuple[int, int] = DESKTOP,
    theme: Theme = "light",
    language: Language = "ru",
    **options: Any,
) -> AsyncIterator[Visitor]:
    """Open a window of its own: nobody else's cookies, the screen, theme and language as said."""
    is_phone = size[0] < 700
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=theme,
        locale=_LOCALES[language],
        timezone_id="Europe/Moscow",
        has_touch=is_phone,
        is_mobile=is_phone,
        **options,
    )
    await context.add_init_script(_CSP_WATCH)
    try:
        someone = Visitor(await context.new_page(), root)
        someone.watch()
        yield someone
    finally:
        await context.close()
