"""`irzhub token ...`: the keys with which programs call REST."""

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from irzhub.cli.options import CONFIG_DIR, ConfigDir, console, fail, load, misused
from irzhub.config.durations import parse_duration
from irzhub.core.clock import SystemClock, format_time
from irzhub.core.roles import Role
from irzhub.core.ulid import new_ulid

app = typer.Typer(help="Keys of programs: add, list, revoke.", no_args_is_help=True)

_NAME = re.compile(r"[\w][\w .@:-]{0,63}")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the token is for.")],
    role: Annotated[Role, typer.Option(help="What its bearer may do.")],
    expires: Annotated[str | None, typer.Option(metavar="DURATION", help="How long it is good, e.g. 90d.")] = None,
    config: ConfigDir = CONFIG_DIR,
) -> None:
    """Add a token and print it, once, as the last word; a running hub honours it at once."""
    if not _NAME.fullmatch(name):
        raise misused("expected a name of letters, digits, spaces and . _ @ : -")
    settings, now = load(config), SystemClock().now()
    try:
        expires_at = None if expires is None else now + timedelta(seconds=parse_duration(expires))
    except ValueError as error:
        raise misused(f"--expires: {error}") from error
    from irzhub.storage import accounts, local

    token = f"irz_{secrets.token_urlsafe(32)}"
    row = accounts.TokenRow(
        id=new_ulid(int(now.timestamp() * 1000)),
        name=name,
        role=role.value,
        hash=hashlib.sha256(token.encode()).hexdigest(),
        created_at=now,
        expires_at=expires_at,
    )
    with local.open_beside(settings.hub.data_dir) as connection:
        accounts.add_token(connection, row)
    typer.echo(f"token {name} added as {role.value}; keep it, it is shown only now: {token}")


@app.command("list")
def list_(config: ConfigDir = CONFIG_DIR) -> None:
    """List the tokens, never the keys themselves."""
    settings, now = load(config), SystemClock().now()
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        rows = accounts.list_tokens(connection)
    table = Table("id", "name", "role", "since", "last used", "state", box=None)
    for row in rows:
        state = "revoked" if row.revoked_at is not None else "" if row.is_valid_at(now) else "expired"
        used = "never" if row.last_used is None else format_time(row.last_used)
        table.add_row(row.id, row.name, row.role, format_time(row.created_at), used, state)
    console().print(table if rows else "no tokens yet: irzhub token add NAME --role viewer")


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME-OR-ID", help="Which token.")], config: ConfigDir = CONFIG_DIR
) -> None:
    """Revoke a token; a running hub refuses it at once."""
    settings = load(config)
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        was_alive = accounts.revoke_token(connection, name, SystemClock().now())
    if not was_alive:
        raise fail(f"there is no living token {name!r}")
    typer.echo(f"token {name} revoked")
