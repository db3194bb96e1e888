"""Where a figure was measured, and how it is written down."""

import json
import os
import platform
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from irzhub.const import VERSION

RESULTS: Final = Path(__file__).parent / "results"


def describe_machine() -> dict[str, str]:
    """Return what a reader must know to judge a figure: processor, memory, kernel, versions, load, revision."""
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ":?")
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{os.cpu_count()} x {cpu.split(':', 1)[1].strip()}",
        "memory": f"{memory_kb / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_version()}, uvloop {version('uvloop')}",
        "irzhub": f"{VERSION} ({_said('git', 'rev-parse', '--short', 'HEAD')})",
        "haproxy": _said("haproxy", "-v").split(" - ")[0].removeprefix("HAProxy version "),
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
    }


def _said(*command: str) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return "not installed"
    return (run.stdout.strip().splitlines() or ["?"])[0]


@dataclass
class Table:
    """One table of a report."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [f"### {self.title}", "", _row(self.columns), _row(["---"] * len(self.columns))]
        return "\n".join(lines + [_row(row) for row in self.rows]) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write_report(name: str, how: str, tables: list[Table], data: dict[str, Any], machine: dict[str, str]) -> str:
    """Write `results/<name>.md` and `.json`; return the Markdown."""
    facts = "\n".join(f"- {key}: {value}" for key, value in machine.items())
    text = f"# {name}\n\n{how}\n\n{facts}\n\n" + "\n".join(table.markdown() for table in tables)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text)
    (RESULTS / f"{name}.json").write_text(json.dumps({"machine": machine, **data}, indent=1) + "\n")
    return text
