"""`irzhub user ...`: the accounts of people."""

import re
from typing import Annotated, TypeAlias

import typer
from rich.table import Table

from irzhub.cli.options import CONFIG_DIR, ConfigDir, console, fail, load, misused
from irzhub.cli.trail import note
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
    organisation: Annotated[str, typer.Option(metavar="ID", help="Whose modems the user sees; all without it.")] = "",
) -> None:
    """Add an account; its password is asked for twice and shown nowhere."""
    if not _NAME.fullmatch(name):
        raise misused("expected a name of small letters, digits and . _ @ -")
    settings = load(config)
    password = _ask_password(name, password_stdin)
    from irzhub.storage import accounts, local, organisations

    now = SystemClock().now()
    row = accounts.UserRow(
        name, hash_password(password), role.value, now, organisation=organisation, password_changed_at=now
    )
    with local.open_beside(settings.hub.data_dir) as connection:
        if organisation and organisations.get_organisation(connection, organisation) is None:
            raise fail(f"there is no organisation {organisation!r}")
        accounts.add_user(connection, row)
        made = {"role": role.value, "organisation": organisation or None}
        note(connection, settings, "create_user", {"user": name}, after=made)
    typer.echo(f"user {name} added as {role.value}")


@app.command("list")
def list_(config: ConfigDir = CONFIG_DIR) -> None:
    """List the accounts."""
    settings = load(config)
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        rows = accounts.list_users(connection)
    table = Table("name", "role", "organisation", "since", "second factor", "state", box=None)
    for row in rows:
        factor, state = "yes" if row.totp_secret else "", "disabled" if row.disabled else ""
        table.add_row(row.name, row.role, row.organisation, format_time(row.created_at), factor, state)
    console().print(table if rows else "no users yet: irzhub user add NAME --role admin")


@app.command("remove")
def remove(name: UserName, config: ConfigDir = CONFIG_DIR) -> None:
    """Remove an account; whoever is signed in with it is signed out."""
    settings = load(config)
    from irzhub.storage import accounts, local

    with local.open_beside(settings.hub.data_dir) as connection:
        was_there = accounts.remove_user(connection, name)
        if was_there:
            note(connection, settings, "delete_user", {"user": name})
    if not was_there:
        raise fail(f"there is no user {name!r}")
    typer.echo(f"user {name} removed")


@app.command("passwd")
def passwd(
    name: UserName,
    config: ConfigDir = CONFIG_DIR,
    password_stdin: PasswordFromInput = False,
    reset_totp: Annotated[bool, typer.Option("--reset-totp", help="Remove the second factor too.")] = False,
) -> None:
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
        if reset_totp and (row := accounts.get_user(connection, name)) is not None:
            accounts.save_user(connection, accounts.without_second_factor(row))
        note(connection, settings, "set_user_password", {"user": name, "second_factor_removed": reset_totp})
    typer.echo(f"password of {name} changed" + (", the second factor is removed" if reset_totp else ""))


def _ask_password(name: str, from_input: bool) -> str:
    if from_input:
        password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if (reason := weakness(password, name)) is not None:
        raise fail(f"this password will not do: {reason}")
    return str(password)
