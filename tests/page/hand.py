"""One hand with a mouse: what it presses is counted, and the time that a task takes is measured."""

import logging
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from playwright.async_api import Locator, Page

_log = logging.getLogger(__name__)

MOST_CLICKS: Final = 6
MOST_S: Final = 30.0


@dataclass
class Hand:
    """A task at the page, from the view where it begins to what it was for.

    As a context manager it says at the end whether the task was short enough: at most six clicks and half a minute,
    the answers of hub and modem included. Typing is no click.
    """

    page: Page
    task: str
    clicks: int = 0
    seconds: float = 0.0
    _since: float = field(default=0.0, repr=False)

    async def __aenter__(self) -> Self:
        self._since = time.monotonic()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.monotonic() - self._since
        if error is None:
            _log.info("%s: %d clicks, %.1f s", self.task, self.clicks, self.seconds)
            assert self.clicks <= MOST_CLICKS, f"{self.clicks} clicks, expected at most {MOST_CLICKS}"
            assert self.seconds <= MOST_S, f"{self.seconds:.1f} s, expected at most {MOST_S:.0f}"

    async def click(self, target: str | Locator) -> None:
        """Press something once it is there and still."""
        await (self.page.locator(target) if isinstance(target, str) else target).click()
        self.clicks += 1

    async def type(self, text: str) -> None:
        """Write where the focus is, as after a click or in a dialog that has just opened."""
        await self.page.keyboard.type(text)
