"""`irzhub audit ...`: is the record of what people did whole?"""

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail, load

app = typer.Typer(help="The record of what people and programs did.", no_args_is_help=True)


@app.callback()
def _audit() -> None:
    """Stand in front of the commands, so that one alone keeps its name."""


@app.command("verify")
def verify(config: ConfigDir = CONFIG_DIR) -> None:
    """Look over the whole chain, beside a running hub or without one; status 1 when a row was tampered with."""
    settings = load(config)
    from irzhub.storage import audit, local

    key = None if settings.audit.key is None else settings.audit.key.encode()
    with local.open_beside(settings.hub.data_dir) as connection:
        verdict = audit.verify_audit(connection, key)
    if verdict.fault is not None:
        raise fail(f"the audit is not whole: {verdict.fault} ({verdict.rows} rows before it are good)")
    held = f"rows {verdict.first} to {verdict.last}" if verdict.rows else "no rows yet"
    typer.echo(f"the audit is whole: {held}")
