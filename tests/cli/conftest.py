"""Runs the command line as an operator does: a process of its own, no terminal."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.warm import Warm


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Irzhub = Callable[..., Finished]


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The command line, loaded once for all tests of a process."""
    loaded = Warm(tmp_path_factory.mktemp("warm"), _variables())
    loaded.start()
    yield loaded
    loaded.close()


@pytest.fixture
def irzhub(warm: Warm, tmp_path: Path) -> Irzhub:
    """Run `irzhub` in an empty folder with these arguments and variables; `typed` is its input."""

    def run(*arguments: str, typed: str = "", **environ: str) -> Finished:
        return Finished(*warm.run(arguments, tmp_path, {**_variables(), **environ}, typed))

    return run


def _variables() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IRZHUB")}
    return {**kept, "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}
