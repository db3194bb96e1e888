"""Templates of modem settings."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import settings_templates

_UPSERT: Final = upsert(settings_templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsTemplateRow:
    """One template; no secret stands in it, only placeholders for them.

    Args:
        model: beginning of the models that it is for, empty for all. organisation: whose it is, empty for all.
        lines: AT commands in their order. defaults: values of placeholders. modem_values: others for single modems.
        may_be_unknown: settings that the catalogue does not have are sent too.
    """

    id: str
    name: str
    organisation: str = ""
    model: str = ""
    comment: str = ""
    lines: list[str] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)
    modem_values: dict[str, dict[str, str]] = field(default_factory=dict)
    may_be_unknown: bool = False
    created_at: datetime
    updated_at: datetime
    updated_by: str


def load_templates(connection: Connection) -> list[SettingsTemplateRow]:
    """Return all templates, from old to new."""
    found = connection.execute(select(settings_templates).order_by(settings_templates.c.id))
    return [SettingsTemplateRow(**row) for row in found.mappings()]


def save_template(connection: Connection, row: SettingsTemplateRow) -> None:
    """Add or replace a template."""
    connection.execute(_UPSERT, row_values(row))


def delete_template(connection: Connection, id_: str) -> None:
    """Remove a template."""
    connection.execute(delete(settings_templates).where(settings_templates.c.id == id_))
