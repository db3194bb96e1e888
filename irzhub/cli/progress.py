"""How far a backup or restore is: bars on a terminal, a plain line for each finished part otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from irzhub.storage.dump import Progress as Step
from irzhub.storage.dump import Report


@contextmanager
def show_steps(console: Console) -> Iterator[Callable[[Step], None]]:
    """Yield the function that is told of each step."""
    if not console.is_terminal:
        yield _say_finished
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        parts = {}

        def draw(step: Step) -> None:
            if step.part not in parts:
                parts[step.part] = progress.add_task(step.part, total=step.total)
            progress.update(parts[step.part], completed=step.rows)

        yield draw


def say_report(report: Report, done: str) -> None:
    """Print what was saved or put back."""
    rows = sum(report.rows.values())
    typer.echo(f"{report.file} {done}: {rows} rows, {report.size_bytes} bytes, events up to {report.last_seq}")
    for note in report.notes:
        typer.echo(f"note: {note}")


def _say_finished(step: Step) -> None:
    if step.total is not None and step.rows >= step.total:
        typer.echo(f"  {step.part}: {step.rows}")
