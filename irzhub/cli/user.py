"""`irzhub user ...`: the accounts of people."""

import re
from typing import Annotated, TypeAlias

import typer
from rich.table import Table

from irzhub.cli.options import CONFIG_DIR, ConfigDir, console, fail, load, misused
from irzhub.core.clock import SystemClock, format_time
from irzhub.core.roles import Role
from irzhub.web.passwords import hash_password, weakness

app = typer.Typer(help="Accounts of people: add, list, remove, passwd.", no_args_is_help=True)

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}", re.ASCII)
UserName: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.")]
PasswordFromInput: TypeAlias = Annotated[
    bool, typer.Option("--password-stdin", help="Take the password from the first line of the input.")
]


@app.command("add")
def add(
    name: UserName,
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    config: ConfigDir = CONFIG_DIR,
    password_stdin: PasswordFromInput = False,
) -> None:
    """Add an account; its password is asked for twice and shown nowhere."""
    if not _NAME.fullmatch(name):
        raise misused("expected a name of small letters, digits and . _ @ -")
    settings = load(config)
    password = _ask_password(name, password_stdin)
    from irzhub.storage import accounts, local

    row = accounts.UserRow(name, hash_password(password), role.value, SystemClock().now())
    with local.open_beside(settings.hub.data_dir) as connection:
        accounts.add_user(connection, row)
    typer.echo(f"user {name} added as {role.value}")


@app.command("list")
def list_(config: ConfigDir = CONFIG_DIR) -> None:
    """List the accounts."""
    settings = load(config)
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        rows = accounts.list_users(connection)
    table = Table("name", "role", "since", "state", box=None)
    for row in rows:
        table.add_row(row.name, row.role, format_time(row.created_at), "disabled" if row.disabled else "")
    console().print(table if rows else "no users yet: irzhub user add NAME --role admin")


@app.command("remove")
def remove(name: UserName, config: ConfigDir = CONFIG_DIR) -> None:
    """Remove an account; whoever is signed in with it is signed out."""
    settings = load(config)
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        was_there = accounts.remove_user(connection, name)
    if not was_there:
        raise fail(f"there is no user {name!r}")
    typer.echo(f"user {name} removed")


@app.command("passwd")
def passwd(name: UserName, config: ConfigDir = CONFIG_DIR, password_stdin: PasswordFromInput = False) -> None:
    """Give an account another password; whoever is signed in with it is signed out."""
    settings = load(config)
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        is_there = accounts.get_user(connection, name) is not None
    if not is_there:
        raise fail(f"there is no user {name!r}")
    password_hash = hash_password(_ask_password(name, password_stdin))
    with local.open_beside(settings.hub.data_dir) as connection:
        accounts.set_password(connection, name, password_hash)
    typer.echo(f"password of {name} changed")


def _ask_password(name: str, from_input: bool) -> str:
    if from_input:
        password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if (reason := weakness(password, name)) is not None:
        raise fail(f"this password will not do: {reason}")
    return str(password)
