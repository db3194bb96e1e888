"""What really happened at the modems' pins, kept beside what the hub says of it."""

import json
from dataclasses import dataclass, field
from typing import IO

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
    """All changes in order, and the level of each input; written to `file` as JSON lines when there is one."""

    file: IO[str] | None = None
    changes: list[PinChange] = field(default_factory=list)
    levels: dict[tuple[str, int], Level] = field(default_factory=dict)

    def record(self, change: PinChange) -> None:
        """Keep one change."""
        self.levels[change.imei, change.pin] = change.level
        if self.file is None:
            self.changes.append(change)
            return
        line = {"t": change.t, "imei": change.imei, "pin": change.pin, "level": change.level, "sent": change.sent}
        # Whole lines reach the file at once, so that a reader beside us never meets half a change.
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
