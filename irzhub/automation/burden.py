"""Counts what has to be kept before something may be forgotten; then says so, once."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Burden:
    """Begins with one thing to do: whoever made it. At zero `lifted` is called."""

    lifted: Callable[[], None]
    _count: int = 1

    def add(self) -> None:
        """One thing more has to be kept first."""
        self._count += 1

    def release(self) -> None:
        """One of them is kept."""
        self._count -= 1
        if self._count == 0:
            self.lifted()
