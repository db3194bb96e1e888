"""What really happened at the modems' pins, kept beside what the hub says of it."""

import json
from dataclasses import dataclass, field

from irzhub.core.events import Level


@dataclass(frozen=True, slots=True)
class PinChange:
    """One change of one input: `sent` says that a report of it was written to a living connection.

    `t` is Unix time. A change that was not sent can only be inferred by the hub later.
    """

    t: float
    imei: str
    pin: int
    level: Level
    sent: bool


@dataclass(slots=True)
class TruthLog:
    """All changes in order, and the newest level of each input that ever changed.

    With `keeps_lines` each change is also a line of JSON for `take_lines`, and not kept in `changes`.
    """

    keeps_lines: bool = False
    changes: list[PinChange] = field(default_factory=list)
    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    count: int = 0
    _lines: list[str] = field(default_factory=list)

    def record(self, change: PinChange) -> None:
        """Keep one change."""
        self.levels[change.imei, change.pin] = change.level
        self.count += 1
        if not self.keeps_lines:
            self.changes.append(change)
            return
        line = {"t": change.t, "imei": change.imei, "pin": change.pin, "level": change.level, "sent": change.sent}
        self._lines.append(json.dumps(line) + "\n")

    def take_lines(self) -> str:
        """Return and forget the lines since the last call."""
        lines, self._lines = self._lines, []
        return "".join(lines)
