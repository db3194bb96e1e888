"""Progress: plain lines without a terminal, bars with one."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from irzhub.cli.progress import say_report, show_steps
from irzhub.storage.dump import Progress, Report


def test_without_a_terminal_each_finished_part_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with show_steps(Console(file=io.StringIO())) as tell:
        tell(Progress("local/users", 1000, 1500))
        tell(Progress("local/users", 1500, 1500))
        tell(Progress("history/events", 7, None))

    assert capsys.readouterr().out == "  local/users: 1500\n"


def test_on_a_terminal_there_are_bars() -> None:
    screen = io.StringIO()
    with show_steps(Console(file=screen, force_terminal=True, width=100)) as tell:
        tell(Progress("local/users", 1500, 1500))

    assert "local/users" in screen.getvalue()
    assert "1500/1500" in screen.getvalue()


def test_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    say_report(Report(Path("hub.zip"), 1234, {"a": 2, "b": 3}, 99, ["event numbers go on from 100"]), "restored")

    assert capsys.readouterr().out == (
        "hub.zip restored: 5 rows, 1234 bytes, events up to 99\nnote: event numbers go on from 100\n"
    )
