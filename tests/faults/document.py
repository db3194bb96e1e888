"""Puts the counts of the last runs into docs/reliability.md: `python -m tests.faults.document`.

The counts themselves are `docs/reliability_counts.json`, which `make faults`, `make kills` and `make soak` write;
the numbers of the corpora are counted here. `--check` says whether the page is up to date.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from tests.corpora import read_cases
from tests.faults.bite import RESULTS
from tests.faults.protections import FAULTS, PROTECTIONS

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGE: Final = DOCS / "reliability.md"
COUNTS: Final = DOCS / "reliability_counts.json"
BEGIN: Final = "<!-- counts: made by tests/faults/document.py -->"
END: Final = "<!-- end of counts -->"
CORPORA: Final = ("hello", "frames", "mqtt", "relay", "config", "automations", "sms", "mail", "outbound")


def table(counts: dict[str, Any]) -> str:
    """Return the counts as Markdown."""
    seen = json.loads(RESULTS.read_text())
    cases = {target: len(read_cases(target)) for target in CORPORA}
    lines = [
        "| what | how much |",
        "|---|---|",
        f"| kinds of faults, each with a test | {len(FAULTS)} |",
        f"| protections of which it was seen that a test fails without them | {len(seen)} of {len(PROTECTIONS)} |",
        f"| bad inputs written by hand, as files | {sum(cases.values())}: "
        + ", ".join(f"{target} {count}" for target, count in cases.items())
        + " |",
    ]
    for section, title in (("faults", "`make faults`"), ("kills", "`make kills`"), ("soak", "`make soak`")):
        if (found := counts.get(section)) is not None:
            lines += _rows(title, found)
    return "\n".join(lines)


def _rows(title: str, found: dict[str, Any]) -> list[str]:
    what = f"{title}, {found['date']}"
    kinds = ", ".join(f"{kind} {times}" for kind, times in found["faults"].items())
    rows = [
        f"| {what}: faults | {found['faults_in_all']}: {kinds} |",
        f"| {what}: seeds | {found['seeds']}" + (f" ({found['seed']})" if "seed" in found else "") + " |",
        f"| {what}: changes of inputs | {found.get('changes', 0)}, {found.get('had_to_arrive', 0)} had to arrive |",
        f"| {what}: lost, out of order | {found.get('lost', 0)}, {found.get('out_of_order', 0)} |",
        f"| {what}: repeats, each with the id of the first | {found.get('repeats', 0)} |",
        f"| {what}: polls, none with another's answer | {found.get('polls', 0)} |",
    ]
    if "ready_s" in found:
        clock, load = found["ready_s"], found["load_average"][1]
        rows.append(
            f"| {what}: seen to be ready after a kill of the hub | median {clock['median']} s, "
            f"worst {clock['worst']} s, {clock['within_5']} of {clock['times']} within 5 s, at a load of {load} |"
        )
    return rows


def with_counts(page: str, counts: dict[str, Any]) -> str:
    """Return the page with these counts in it."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(counts)}\n{END}{after}"


def main() -> int:
    """Write the page, or look at it; return the exit status."""
    page = PAGE.read_text()
    wanted = with_counts(page, json.loads(COUNTS.read_text()))
    if "--check" in sys.argv:
        return int(page != wanted)
    PAGE.write_text(wanted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
