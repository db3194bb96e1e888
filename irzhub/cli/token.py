"""`irzhub token ...`: the keys with which programs call REST."""

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from irzhub.cli.options import CONFIG_DIR, ConfigDir, console, fail, load, misused
from irzhub.cli.trail import note
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
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND=NAME", help="organisation=ID or group=PATH, as often as needed; without it all."),
    ] = None,
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
    seen = _read_scope(scope or [])
    from irzhub.storage import accounts, local, organisations

    token = f"irz_{secrets.token_urlsafe(32)}"
    row = accounts.TokenRow(
        id=new_ulid(int(now.timestamp() * 1000)),
        name=name,
        role=role.value,
        hash=hashlib.sha256(token.encode()).hexdigest(),
        created_at=now,
        expires_at=expires_at,
        organisations=seen["organisation"],
        groups=seen["group"],
    )
    with local.open_beside(settings.hub.data_dir) as connection:
        for organisation in row.organisations or ():
            if organisations.get_organisation(connection, organisation) is None:
                raise fail(f"there is no organisation {organisation!r}")
        accounts.add_token(connection, row)
        made = {"role": role.value, "organisations": row.organisations, "groups": row.groups}
        note(connection, settings, "create_token", {"name": name}, after=made)
    typer.echo(f"token {name} added as {role.value}; keep it, it is shown only now: {token}")


@app.command("list")
def list_(config: ConfigDir = CONFIG_DIR) -> None:
    """List the tokens, never the keys themselves."""
    settings, now = load(config), SystemClock().now()
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        rows = accounts.list_tokens(connection)
    table = Table("id", "name", "role", "scope", "since", "last used", "state", box=None)
    for row in rows:
        state = "revoked" if row.revoked_at is not None else "" if row.is_valid_at(now) else "expired"
        used = "never" if row.last_used is None else format_time(row.last_used)
        table.add_row(
            row.id,
            row.name,
            row.role,
            _shown_scope(row.organisations, row.groups),
            format_time(row.created_at),
            used,
            state,
        )
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
        if was_alive:
            note(connection, settings, "revoke_token", {"name": name})
    if not was_alive:
        raise fail(f"there is no living token {name!r}")
    typer.echo(f"token {name} revoked")


def _read_scope(written: list[str]) -> dict[str, tuple[str, ...] | None]:
    """Return the organisations and groups of `--scope`, None for those of which there are none."""
    found: dict[str, list[str]] = {"organisation": [], "group": []}
    for each in written:
        kind, equals, name = each.partition("=")
        if kind not in found or not equals or not name.strip():
            raise misused(f"--scope {each}: expected organisation=ID or group=PATH")
        found[kind].append(name.strip())
    return {kind: tuple(names) or None for kind, names in found.items()}


def _shown_scope(organisations: tuple[str, ...] | None, groups: tuple[str, ...] | None) -> str:
    return ", ".join((*(organisations or ()), *(groups or ()))) or "all"
