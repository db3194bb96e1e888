"""Writes docs/performance.md from the JSON of the benchmarks: `python -m benchmarks.report`."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.goals import GOALS
from benchmarks.machine import RESULTS, Table
from benchmarks.notes import NOTES

PAGE: Final = RESULTS.parent / "performance.md"
ORDER: Final = (
    "relay_roundtrip",
    "bulk",
    "polls_under_load",
    "fleet_memory",
    "cold_start",
    "storm",
    "gpi_to_mqtt",
    "gpi_to_sms",
    "automations",
    "events",
    "slow_database",
    "fifty_thousand",
    "fleet_api",
    "event_history",
    "page",
    "bulk_commands",
)
"""Every benchmark, in the order in which they are run and shown."""

_FLEETS: Final = {
    "fleet_memory": 9700,
    "cold_start": 9700,
    "storm": 9700,
    "polls_under_load": 9000,
    "fifty_thousand": 50_000,
    "fleet_api": 10_000,
    "page": 10_000,
    "bulk_commands": 5_000,
    "automations": 10_000,
}
"""Modems with which a goal is judged; with fewer its figure is shown without a verdict."""

_HEAD: Final = """# Performance

Every figure here was measured by a command of this project, and this page is made from their results by
`make bench`; nothing is typed in by hand. Ratios count: each is taken inside a round in which both sides ran, on the
same machine. Times depend on the machine and on what else it did; `load` tells how busy it was. All traffic is
loopback, so the kernel's part is in every figure and the network's in none.
"""


def load_results(folder: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """Return what was measured, by benchmark."""
    return {name: json.loads(file.read_text()) for name in ORDER if (file := folder / f"{name}.json").exists()}


def goal_table(results: dict[str, dict[str, Any]]) -> Table:
    """Return every goal with its figure and whether it is met."""
    table = Table("Goals", ["what", "goal", "measured", "", "command"])
    for goal in GOALS:
        figure = goal.find(results.get(goal.report, {}))
        shown = "not measured" if figure is None else f"{figure:.{2 if figure >= 0.1 else 4}f} {goal.unit}"
        verdict = "" if figure is None else "met" if goal.is_met(figure) else "**missed**"
        modems = results.get(goal.report, {}).get("modems", 0)
        if figure is not None and modems < _FLEETS.get(goal.report, 0):
            verdict = f"only {modems} modems"
        limit = f"{goal.sense} {goal.limit:g} {goal.unit}"
        table.rows.append([goal.text, limit, shown, verdict, f"`python -m benchmarks.{goal.report}`"])
    return table


def page(results: dict[str, dict[str, Any]]) -> str:
    """Return docs/performance.md."""
    parts = [_HEAD, goal_table(results).markdown().replace("### ", "## ", 1)]
    for name, result in results.items():
        facts = ", ".join(f"{key} {value}" for key, value in result["machine"].items())
        parts.append(f"## {name}\n\n`python -m benchmarks.{name}` ([results](benchmarks/{name}.json))\n")
        parts.append(f"{result['how']}\n\n{facts}.\n")
        parts += [Table(**table).markdown().replace("nan", "n/a") for table in result["tables"]]
        if name in NOTES:
            parts.append(f"### What was tried\n\n{NOTES[name].strip()}\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page, or with `--check` say whether it is the one that would be written."""
    text = page(load_results())
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text() != text:
            sys.exit(f"{PAGE.name} is not what its results say: run python -m benchmarks.report")
        return
    PAGE.write_text(text)
    print(goal_table(load_results()).markdown())


if __name__ == "__main__":
    main()
