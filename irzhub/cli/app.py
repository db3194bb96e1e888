"""The command line of the hub (docs/contract.md 5): one command, one file."""

from typing import Annotated

import typer

from irzhub.cli import audit, automations, backup, check, decode, diagnose, restore, run, simulate, token, upgrade, user
from irzhub.const import NAME, VERSION

app = typer.Typer(
    name=NAME,
    help="Server for GSM modems at meters: a port for each modem for ever, inputs watched, events to MQTT.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.add_typer(simulate.app, name="simulate")
app.command("upgrade")(upgrade.upgrade)
app.command("check")(check.check)
app.command("decode")(decode.decode)
app.add_typer(user.app, name="user")
app.add_typer(token.app, name="token")
app.add_typer(audit.app, name="audit")
app.add_typer(automations.app, name="automations")
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.command("diagnose")(diagnose.diagnose)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"{NAME} {VERSION}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Stand in front of every command."""
