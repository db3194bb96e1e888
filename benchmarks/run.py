"""Runs every benchmark one after the other, writes docs/performance.md and shows which goals are met.

`python -m benchmarks.run [NAME ...]`. Within twelve minutes on two processors, in a reduced form, and the event history
within fifteen more; for more:

- BENCH_ROUNDS, BENCH_SECONDS: rounds of each measurement, seconds of each window;
- BENCH_MODEMS: modems where one process holds them all (at most 9,700 with 20,000 open files);
- BENCH_PAGE_MINUTES: how long the page is looked at, 30 to see its memory over half an hour;
- BENCH_FIFTY_MODEMS, BENCH_WORKERS, BENCH_HOLD_SECONDS: the benchmark with workers (600 for ten minutes);
- BENCH_QUICK=1: only try that all of it works; nothing is written.
"""

import os
import subprocess
import sys
import time
from typing import Final

from benchmarks.children import PYTHON
from benchmarks.machine import IS_QUICK
from benchmarks.peers import installed
from benchmarks.report import ORDER
from benchmarks.report import main as write_page

_LIMIT_S: Final = 900 if "BENCH_HOLD_SECONDS" in os.environ else 240
_LONGER_S: Final = {"event_history": 1800}
"""Five million rows are stored one portion after the other, as a server stores them; BENCH_EVENTS makes fewer."""
_OPTIONS: Final = {"fleet_memory": ["--modems", "9700", "--workers", "2"]}


def run(name: str) -> str:
    """Run one benchmark; return how it went."""
    began, limit_s = time.monotonic(), _LIMIT_S if IS_QUICK else _LONGER_S.get(name, _LIMIT_S)
    options = [] if IS_QUICK else _OPTIONS.get(name, [])
    command = ["setpriv", "--pdeathsig", "TERM", PYTHON, "-m", f"benchmarks.{name}", *options]
    try:
        status = subprocess.run(command, check=False, timeout=limit_s, stdin=subprocess.DEVNULL).returncode
    except subprocess.TimeoutExpired:
        return f"stopped after {limit_s} s"
    return f"{'done' if status == 0 else f'failed with status {status}'} in {time.monotonic() - began:.0f} s"


def main() -> None:
    """Run all of them, or those that are named."""
    _, lacking = installed()
    print("\n".join(lacking), flush=True)
    names = sys.argv[1:] or list(ORDER)
    outcomes = {name: run(name) for name in names}
    if not IS_QUICK:
        write_page()
    print("\n".join(f"{name}: {outcome}" for name, outcome in outcomes.items()))
    if any(not outcome.startswith("done") for outcome in outcomes.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
