"""Where a figure was measured, and how it is written down."""

import json
import os
import platform
import re
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from irzhub.const import VERSION

RESULTS: Final = Path(__file__).parent.parent / "docs" / "benchmarks"
IS_QUICK: Final = os.environ.get("BENCH_QUICK", "") not in ("", "0")
"""For trying: the fewest rounds and modems that show that a benchmark works. Such figures are never written down."""


def sized(name: str, reduced: int, quick: int) -> int:
    """Return how much to measure: by the environment variable `name`, else the usual or the quick number."""
    return int(os.environ.get(name) or (quick if IS_QUICK else reduced))


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
        "servers": ", ".join(f"{name} {found}" for name, found in _servers().items()),
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
    }


def _servers() -> dict[str, str]:
    asked = {
        "haproxy": _said("haproxy", "-v"),
        "nginx": _said("nginx", "-v"),
        "socat": _said("sh", "-c", "socat -V | grep -m1 version"),
        "mosquitto": _said("sh", "-c", "mosquitto -h | head -n1"),
        "mariadb": _said("mariadbd", "--version"),
    }
    found = {name: re.search(r"\d+\.\d+[.\w]*", said) for name, said in asked.items()}
    return {name: "not installed" if number is None else number[0] for name, number in found.items()}


def _said(*command: str) -> str:
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"}
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False, env=environment)
    except OSError:
        return "not installed"
    return ((run.stdout + run.stderr).strip().splitlines() or ["?"])[0]


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


def plain_table(title: str, rows: dict[str, str]) -> Table:
    """Return a table of one figure a line."""
    return Table(title, ["", "value"], [[name, value] for name, value in rows.items()])


def write_report(name: str, how: str, tables: list[Table], data: dict[str, Any], machine: dict[str, str]) -> str:
    """Write `docs/benchmarks/<name>.json`, but not of a quick run; return the Markdown.

    `how` says what was done; from `data` `benchmarks.report` takes what it shows.
    """
    machine = {**machine, "load after": " ".join(f"{load:.2f}" for load in os.getloadavg())}
    facts = "\n".join(f"- {key}: {value}" for key, value in machine.items())
    text = f"# {name}\n\n{how}\n\n{facts}\n\n" + "\n".join(table.markdown() for table in tables)
    if IS_QUICK:
        return text + "\nA quick run: nothing was written down.\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = {"how": how, "machine": machine, "tables": [asdict(table) for table in tables], **data}
    report = json.loads(json.dumps(report), parse_constant=lambda _: None)  # JSON has no NaN
    (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return text
