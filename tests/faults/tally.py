"""What a run has tried, counted while it tries it: `docs/reliability_counts.json` is made of this."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

COUNTS_FILE = os.environ.get("IRZHUB_FAULT_COUNTS")
"""Where a run writes its counts; nowhere if it is not set."""


class Tally:
    """Counts of one test, of one process: faults by kind, seeds, changes, events, polls."""

    def __init__(self) -> None:
        self.faults: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.seeds: list[int] = []

    def fault(self, kind: str, times: int = 1) -> None:
        """Something was harmed."""
        self.faults[kind] += times

    def saw(self, what: str, times: int) -> None:
        """So many of these were checked."""
        self.seen[what] += times

    def take(self) -> dict[str, Any]:
        """Return all of it and begin anew."""
        taken = {"faults": dict(self.faults), "seen": dict(self.seen), "seeds": list(self.seeds)}
        self.__init__()  # type: ignore[misc]
        return taken


TALLY = Tally()


def summed(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of what `take` returned, and how many seeds there were."""
    faults, seen, seeds = Counter[str](), Counter[str](), set[int]()
    for part in parts:
        faults.update(part["faults"])
        seen.update(part["seen"])
        seeds.update(part["seeds"])
    return {
        "faults": dict(sorted(faults.items())),
        "faults_in_all": faults.total(),
        **dict(sorted(seen.items())),
        "seeds": len(seeds),
    }


def write_counts(path: Path, section: str, counts: Mapping[str, Any]) -> None:
    """Replace one section of a file of counts."""
    found = json.loads(path.read_text()) if path.exists() else {}
    found[section] = dict(counts)
    path.write_text(json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
