"""`irzhub backup FILE`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, console, load


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip file to write.")], config: ConfigDir = CONFIG_DIR
) -> None:
    """Save everything that a new server needs, beside a running hub or without one.

    The file holds JSON lines and goes from any database to any; it replaces an older one only when it is whole.
    """
    settings = load(config)
    from irzhub.cli.progress import say_report, show_steps
    from irzhub.storage import dump

    with show_steps(console()) as progress:
        report = asyncio.run(dump.backup(settings, file, progress))
    say_report(report, "written")
