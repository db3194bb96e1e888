"""`irzhub run`: the hub, until it is told to stop."""

import gc
import logging
from typing import Annotated

import typer

from irzhub.cli.logs import LogFormat, LogLevel, set_up_logging
from irzhub.cli.options import CONFIG_DIR, ConfigDir, load, misused
from irzhub.cli.words import automation_banner, banner, first_account
from irzhub.config.rules import advise

_log = logging.getLogger(__name__)
_AUTOMATION = "automation"


def run(
    config: ConfigDir = CONFIG_DIR,
    only: Annotated[
        str | None,
        typer.Option(metavar="PART", help="Run one part alone: automation, which follows a hub through its broker."),
    ] = None,
    practice: Annotated[
        int,
        typer.Option(min=0, max=10_000, help="Begin with so many simulated modems, on a hub that has none of its own."),
    ] = 0,
    log_format: Annotated[LogFormat, typer.Option(help="How a line of the log looks.")] = LogFormat.TEXT,
    log_level: Annotated[LogLevel, typer.Option(help="From which weight on lines are logged.")] = LogLevel.INFO,
) -> None:
    """Run the hub until SIGTERM or Ctrl-C; it then says goodbye to modems and programs within ten seconds.

    SIGHUP reads the settings again without ending a session; SIGUSR2 is what `irzhub upgrade` sends.
    """
    if only not in (None, _AUTOMATION):
        raise misused(f"--only {only}: expected automation, the one part that runs in a process of its own")
    settings = load(config)
    set_up_logging(log_format, log_level)
    if only is not None:
        for line in automation_banner(settings):
            typer.echo(line)
        from irzhub import alone

        alone.run(settings, lambda: load(config))
        return
    for line in banner(settings):
        typer.echo(line)
    for line in advise(settings):
        _log.warning("%s", line)
    # What a start makes is kept; to look through it for garbage again and again takes a fifth of the start.
    gc.disable()
    # Imported here, so that `irzhub --help` need not load the servers and engines of the hub.
    from irzhub import bootstrap
    from irzhub.upgrade import rehearsal_command

    bootstrap.run(
        settings,
        bootstrap.Console(
            reload=lambda: load(config),
            rehearsal=rehearsal_command(config),
            announce=lambda link: typer.echo(first_account(settings, link)),
            practice=practice,
        ),
    )
