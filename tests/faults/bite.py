"""Takes each protection out of a copy of the source and sees its test fail: `make faults-bite`.

    BITE="F05 F12" BITE_JOBS=2 make faults-bite       # some
    BITE="missing F18" make faults-bite               # those of which no result is kept, of all faults or of some

A test that passes without its protection guards nothing, and one that fails for another reason proves nothing: both
end this run with an error. What the tests said is kept in `docs/faults.json`, and `docs/faults.md` is made of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from tests.faults.protections import FAULTS, PROTECTIONS, Protection

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "docs" / "faults.json"
PAGE: Final = ROOT / "docs" / "faults.md"
_LEFT_OUT: Final = shutil.ignore_patterns(
    ".git", ".venv", ".tools", "__pycache__", ".*_cache", ".hypothesis", "data", "dist", "build", "node_modules"
)
_LIMIT_S: Final = 900
_QUIETLY: Final = ("-x", "-q", "-p", "no:cacheprovider")
_SHOWN: Final = 160
_PLACES: Final = re.compile(r"(?<![\w.])(?:/[\w.+-]+)+/")
"""Folders of the machine where it was tried: only the name at the end says something."""
_MISSING: Final = "missing"


@dataclass(frozen=True)
class Bite:
    """How one test took it that its protection was gone."""

    protection: Protection
    failed: bool
    said: str
    took_s: float

    @property
    def is_good(self) -> bool:
        """Whether it failed, and said what it should."""
        return self.failed and bool(self.said)


def bite(copy: Path, protection: Protection) -> Bite:
    """Take a protection out of the copy, run its test there, and put it back."""
    path = copy / protection.file
    whole = path.read_text()
    assert whole.count(protection.text) == 1, f"{protection.file} has {protection.text!r} not once"
    path.write_text(whole.replace(protection.text, protection.without))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="irzhub-bite-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", f"tests/{protection.test}", *_QUIETLY, f"--basetemp={folder}/t"],
                cwd=copy,
                env={**os.environ, "PYTHONPATH": str(copy), "IRZHUB_FAULT_PATIENCE": "1.5"},
                capture_output=True,
                text=True,
                timeout=2 * _LIMIT_S,
                check=False,
            )
        finally:
            path.write_text(whole)
    failed = done.returncode == 1 and " failed" in done.stdout
    if not failed:
        print(done.stdout[-3000:], done.stderr[-1000:], file=sys.stderr)
    said = what_it_said(done.stdout, protection.says) if failed else ""
    if failed and not said:
        print("\n".join(line for line in done.stdout.splitlines() if line.startswith("E  "))[:4000], file=sys.stderr)
    return Bite(protection, failed, said, time.monotonic() - began)


def what_it_said(output: str, says: str) -> str:
    """Return the words of a failed test that the protection's line asks for; empty when there are none."""
    for line in output.splitlines():
        if line.startswith("E  ") and re.search(says, line):
            return " ".join(_PLACES.sub("", line[1:]).split())[:_SHOWN]
    return ""


def page(results: dict[str, dict[str, str]]) -> str:
    """Return docs/faults.md."""
    lines = [
        "# Faults, and what protects from them",
        "",
        "Made by `make faults-bite`: it takes each protection out of a copy of the source, and the test beside it",
        "must fail and say why. So each test was seen to fail, and anybody can see it again; what it changes is in",
        "[protections.py](../tests/faults/protections.py). What is promised is in [reliability.md](reliability.md).",
        "",
    ]
    for fault, what in FAULTS.items():
        lines += ["", f"## {fault}: {what}", "", "| test | protection | without it the test says |", "|---|---|---|"]
        for each in PROTECTIONS:
            if each.fault == fault:
                file, _, name = each.test.partition("::")
                said = results.get(key(each), {}).get("said", "not tried yet").replace("|", "\\|")
                lines.append(f"| [{name}](../tests/{file}) | {each.what} | `{said}` |")
    return "\n".join(lines) + "\n"


def key(protection: Protection) -> str:
    """Return the name under which the result is kept."""
    return f"{protection.fault} {protection.what} {protection.test}"


def main() -> int:
    """Try those that are asked for; return the exit status."""
    results: dict[str, dict[str, str]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results = {name: results[name] for name in map(key, PROTECTIONS) if name in results}
    wanted = os.environ.get("BITE", "").split()
    faults = {*wanted} - {_MISSING}
    chosen = [each for each in PROTECTIONS if not faults or each.fault in faults]
    if _MISSING in wanted:
        chosen = [each for each in chosen if key(each) not in results]
    jobs = int(os.environ.get("BITE_JOBS", "2"))
    bad = 0
    with tempfile.TemporaryDirectory(prefix="irzhub-copies-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copies.put(Path(shutil.copytree(ROOT, Path(folder) / str(number), ignore=_LEFT_OUT)))

        def work(protection: Protection) -> Bite:
            copy = copies.get()
            try:
                return bite(copy, protection)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            for done in pool.map(work, chosen):
                each = done.protection
                verdict = "bites" if done.is_good else "FAILS OTHERWISE" if done.failed else "PASSES"
                print(f"{each.fault} {verdict:15} {done.took_s:5.0f} s  {each.test}\n      {each.what}: {done.said}")
                sys.stdout.flush()
                results.pop(key(each), None)
                if done.is_good:
                    today = time.strftime("%Y-%m-%d", time.gmtime())
                    results[key(each)] = {"said": done.said, "date": today}
                bad += not done.is_good
                RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
                PAGE.write_text(page(results))
    print(f"{len(chosen) - bad} of {len(chosen)} protections were missed by their tests")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
