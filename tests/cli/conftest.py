"""Runs the command line as an operator does: a process of its own, no terminal."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Irzhub = Callable[..., Finished]


@pytest.fixture
def irzhub(tmp_path: Path) -> Irzhub:
    """Run `irzhub` in an empty folder with these arguments and variables; `typed` is its input."""

    def run(*arguments: str, typed: str = "", **environ: str) -> Finished:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IRZHUB")}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "irzhub", *arguments],
            cwd=tmp_path,
            env={**kept, "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", **environ},
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run
