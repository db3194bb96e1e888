"""Commands for modems: what was asked, how it stands, how it ended; and the templates that people changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import command_templates, commands

LIVING: Final = frozenset({"queued", "sent"})

_INSERT: Final = insert(commands)
_SAVE: Final = (
    update(commands)
    .where(commands.c.id == bindparam("of_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("status", "attempts", "sent_at", "finished_at", "result", "error")}
    )
)
_SAVE_TEMPLATE: Final = upsert(command_templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """One command.

    Args:
        status: queued, sent, done, failed, expired or cancelled. priority: manual or background.
        via: gprs or sms; phone: where the SMS goes. attempts: how often it was sent.
        dedupe: a name under which it is asked for only once, however often; None for commands of people.
    """

    id: str
    modem: str
    command: str
    args: dict[str, Any]
    origin: str
    status: str
    created_at: datetime
    expires_at: datetime
    priority: str = "manual"
    via: str = "gprs"
    phone: str | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    result: dict[str, Any] | None = None
    error: str | None = None
    dedupe: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """The form of a text command as people set it."""

    name: str
    text: str
    is_enabled: bool
    changed_at: datetime
    changed_by: str = field(default="")


def add_command(connection: Connection, row: CommandRow) -> None:
    """Store a new command."""
    connection.execute(_INSERT, row_values(row))


def save_command(connection: Connection, row: CommandRow) -> None:
    """Replace how a command stands; what was asked never changes."""
    values = {f"new_{name}": getattr(row, name) for name in ("status", "attempts", "sent_at", "finished_at")}
    error = None if row.error is None else row.error[:1000]
    connection.execute(_SAVE, {"of_id": row.id, **values, "new_result": row.result, "new_error": error})


def load_living_commands(connection: Connection) -> list[CommandRow]:
    """Return the commands that have not ended, from old to new."""
    statement = select(commands).where(commands.c.status.in_(LIVING)).order_by(commands.c.id)
    return [CommandRow(**row) for row in connection.execute(statement).mappings()]


def end_living_commands(connection: Connection) -> None:
    """End what was not finished when a backup was made: by now it may have been carried out, and must not be again."""
    connection.execute(
        update(commands)
        .where(commands.c.status.in_(LIVING))
        .values(status="failed", error="it comes from a backup: nobody knows what became of it")
    )


def get_command(connection: Connection, id_: str) -> CommandRow | None:
    """Return one command, None when there is none with that id."""
    row = connection.execute(select(commands).where(commands.c.id == id_)).mappings().one_or_none()
    return None if row is None else CommandRow(**row)


def find_command(connection: Connection, dedupe: str) -> CommandRow | None:
    """Return the command that was asked for under that name, None when there is none."""
    row = connection.execute(select(commands).where(commands.c.dedupe == dedupe)).mappings().one_or_none()
    return None if row is None else CommandRow(**row)


def list_commands(
    connection: Connection,
    *,
    modem: str | None = None,
    status: str | None = None,
    command: str | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[CommandRow]:
    """Return commands from new to old, behind the id `before`."""
    statement = select(commands).order_by(commands.c.id.desc()).limit(limit)
    wanted = {"modem": modem, "status": status, "command": command}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(commands.c[name] == value)
    if before is not None:
        statement = statement.where(commands.c.id < before)
    return [CommandRow(**row) for row in connection.execute(statement).mappings()]


def purge_commands(connection: Connection, before: datetime, limit: int) -> int:
    """Remove at most `limit` commands that ended before a moment; return how many went."""
    old = select(commands.c.id).where(commands.c.status.not_in(LIVING), commands.c.finished_at < before).limit(limit)
    return connection.execute(delete(commands).where(commands.c.id.in_(old))).rowcount


def load_templates(connection: Connection) -> list[TemplateRow]:
    """Return the templates that people changed."""
    return [TemplateRow(**row) for row in connection.execute(select(command_templates)).mappings()]


def save_template(connection: Connection, row: TemplateRow) -> None:
    """Add a changed template, or replace it."""
    connection.execute(_SAVE_TEMPLATE, row_values(row))


def delete_templates(connection: Connection, names: Sequence[str]) -> None:
    """Go back to the templates that the product brings."""
    connection.execute(delete(command_templates).where(command_templates.c.name.in_(names)))
