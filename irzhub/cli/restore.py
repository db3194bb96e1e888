"""`irzhub restore FILE`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, console, load


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `irzhub backup` wrote.")],
    config: ConfigDir = CONFIG_DIR,
    force: Annotated[bool, typer.Option("--force", help="Remove what is there before.")] = False,
) -> None:
    """Put a backup back, into the databases that this configuration names; the hub must be stopped."""
    settings = load(config)
    from irzhub.cli.progress import say_report, show_steps
    from irzhub.storage import dump

    with show_steps(console()) as progress:
        report = asyncio.run(dump.restore(settings, file, progress, force))
    say_report(report, "restored")
