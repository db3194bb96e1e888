"""What the example knows: a module of its own, without the hub, so that it can be tested alone."""

from collections import Counter


class Tally:
    """How often each modem did it."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, modem: str) -> None:
        """Count one event of a modem."""
        self._counts[modem] += 1

    def shown(self) -> str:
        """Return the count for people."""
        return f"{self._counts.total()} events of {len(self._counts)} modems"
