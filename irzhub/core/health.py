"""Which part of the hub works, for `/readyz`, the status page and the log."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from irzhub.core.bus import Bus

_log = logging.getLogger(__name__)

PartState: TypeAlias = Literal["starting", "up", "degraded", "down"]
REQUIRED: Final = frozenset({"relay", "local_store"})
"""Without these the hub is not ready; all others away make it degraded, still ready (CONTRACT 3)."""


@dataclass(frozen=True, slots=True)
class PartHealth:
    """How one part is: `detail` says in words what is wrong or what it runs on."""

    part: str
    state: PartState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HealthChanged:
    """A part is in another state now."""

    health: PartHealth


@dataclass(slots=True)
class Health:
    """The present health of all parts; one log line when a part goes, one when it is back."""

    bus: Bus
    _parts: dict[str, PartHealth] = field(default_factory=dict)

    def set(self, part: str, state: PartState, detail: str = "") -> None:
        """Note how a part is; says so on the bus and in the log when its state differs from before."""
        old, new = self._parts.get(part), PartHealth(part, state, detail)
        self._parts[part] = new
        if old is None or old.state != state:
            level = logging.INFO if state in ("up", "starting") else logging.WARNING
            _log.log(level, "%s is %s%s", part, state, f": {detail}" if detail else "")
            self.bus.publish(HealthChanged(new))

    def forget(self, part: str) -> None:
        """A part is not wanted any more: it is shown no longer."""
        self._parts.pop(part, None)

    def get(self, part: str) -> PartHealth | None:
        """Return how a part is, None when it never said."""
        return self._parts.get(part)

    def is_starting(self, part: str) -> bool:
        """Say whether a part has begun to start and is not done: what can wait lets it have the processor."""
        return (found := self._parts.get(part)) is not None and found.state == "starting"

    @property
    def is_ready(self) -> bool:
        """Whether every required part works, if only for the most part."""
        return all(
            (found := self._parts.get(part)) is not None and found.state in ("up", "degraded") for part in REQUIRED
        )

    @property
    def is_degraded(self) -> bool:
        """Whether any part is not up."""
        return any(part.state in ("degraded", "down") for part in self._parts.values())

    def __iter__(self) -> Iterator[PartHealth]:
        return iter(tuple(self._parts.values()))
