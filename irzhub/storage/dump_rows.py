"""What a backup holds of each table, and how a row looks there: one JSON object a line, the same for every database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Float,
    Integer,
    SmallInteger,
    Table,
    func,
    select,
)

from irzhub.core.clock import format_time, parse_time
from irzhub.storage import tables_history, tables_local
from irzhub.storage.errors import BackupError
from irzhub.storage.types import JsonText, UtcDateTime

READ_AT_ONCE: Final = 1000
_KINDS: Final[dict[type, tuple[type, ...]]] = {
    Integer: (int,),
    SmallInteger: (int,),
    BigInteger: (int,),
    Boolean: (bool,),
    Float: (int, float),
    Double: (int, float),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a backup. In the history database only this hub's rows belong to it, and the id is left out."""

    name: str
    table: Table

    @property
    def is_history(self) -> bool:
        """Whether the table lives in the history database."""
        return self.table.metadata is tables_history.metadata

    @property
    def columns(self) -> list[Column[Any]]:
        """The columns that are kept."""
        return [column for column in self.table.columns if not (self.is_history and column.name == "hub")]


SECTIONS: Final = {
    section.name: section
    for section in (
        Section("local/modems", tables_local.modems),
        Section("local/inputs", tables_local.inputs),
        Section("local/groups", tables_local.groups),
        Section("local/sites", tables_local.sites),
        Section("local/organisation_relay", tables_local.organisation_relay),
        Section("local/former_modems", tables_local.former_modems),
        Section("local/pins", tables_local.pins),
        Section("local/users", tables_local.users),
        Section("local/saved_views", tables_local.saved_views),
        Section("local/tokens", tables_local.tokens),
        Section("local/organisations", tables_local.organisations),
        Section("local/audit", tables_local.audit),
        Section("local/meters", tables_local.meters),
        Section("local/meter_lines", tables_local.meter_lines),
        Section("local/polls", tables_local.polls),
        Section("local/programs", tables_local.programs),
        Section("local/settings_templates", tables_local.settings_templates),
        Section("local/modem_settings", tables_local.modem_settings),
        Section("local/firmware_images", tables_local.firmware_images),
        Section("local/modem_notifications", tables_local.modem_notifications),
        Section("local/group_notifications", tables_local.group_notifications),
        Section("local/automation_switches", tables_local.automation_switches),
        Section("local/automation_kept", tables_local.automation_kept),
        Section("local/automation_traces", tables_local.automation_traces),
        Section("local/commands", tables_local.commands),
        Section("local/command_templates", tables_local.command_templates),
        Section("local/outputs", tables_local.outputs),
        Section("local/jobs", tables_local.jobs),
        Section("local/job_items", tables_local.job_items),
        Section("local/directory", tables_local.directory),
        Section("local/escalation_runs", tables_local.escalation_runs),
        Section("local/outbox", tables_local.outbox),
        Section("local/outbox_told", tables_local.outbox_told),
        Section("local/outbox_damping", tables_local.outbox_damping),
        Section("local/wakes", tables_local.wakes),
        Section("local/phone_orders", tables_local.phone_orders),
        Section("local/phone_received", tables_local.phone_received),
        Section("local/incidents", tables_local.incidents),
        Section("local/incident_members", tables_local.incident_members),
        Section("local/incident_actions", tables_local.incident_actions),
        Section("local/shift_log", tables_local.shift_log),
        Section("local/visit_requests", tables_local.visit_requests),
        Section("local/maintenance_windows", tables_local.maintenance_windows),
        Section("local/report_schedules", tables_local.report_schedules),
        Section("local/report_mails", tables_local.report_mails),
        Section("local/published", tables_local.published),
        Section("local/meta", tables_local.meta),
        Section("local/events", tables_local.events),
        Section("history/events", tables_history.events),
        Section("history/sessions", tables_history.sessions),
        Section("history/series", tables_history.series),
        Section("history/polls", tables_history.polls),
        Section("history/incidents", tables_history.incidents),
    )
}
"""All that a backup may hold, by the name of its part; nothing else is read from one."""


def read_rows(connection: Connection, section: Section, hub: str, after_seq: int | None = None) -> Iterator[Any]:
    """Give every row of a section in the order of its primary key, as JSON values; never all in memory.

    With `after_seq`, which is for events only, those up to that number are left out.
    """
    statement = select(*section.columns).order_by(*section.table.primary_key)
    if section.is_history:
        statement = statement.where(section.table.c.hub == hub)
    if after_seq is not None:
        statement = statement.where(section.table.c.seq > after_seq)
    streaming = connection.execution_options(stream_results=True, yield_per=READ_AT_ONCE)
    for row in streaming.execute(statement):
        yield {column.name: _to_json(value) for column, value in zip(section.columns, row, strict=True)}


def count_rows(connection: Connection, section: Section, hub: str) -> int:
    """Return how many rows of a section are stored."""
    statement = select(func.count()).select_from(section.table)
    if section.is_history:
        statement = statement.where(section.table.c.hub == hub)
    return connection.scalar(statement) or 0


def parse_row(section: Section, line: Any) -> dict[str, Any]:
    """Return one line of a backup as values for its table.

    Raises:
        BackupError: a column is missing or unknown, or a value is of another kind.
    """
    if not isinstance(line, dict) or line.keys() != {column.name for column in section.columns}:
        raise BackupError(f"{section.name}: expected a row with the table's columns, got {str(line)[:200]}")
    return {column.name: _from_json(section, column, line[column.name]) for column in section.columns}


def _to_json(value: Any) -> Any:
    return format_time(value) if hasattr(value, "tzinfo") else value


def _is_storable(column: Column[Any], value: Any) -> bool:
    """Whether the column's type takes this value: numbers have 64 bits, and half a surrogate pair is no text."""
    if isinstance(column.type, JsonText):
        return True
    if isinstance(value, str):
        return type(column.type) not in _KINDS and not any("\ud800" <= char <= "\udfff" for char in value)
    is_of_kind = isinstance(value, _KINDS.get(type(column.type), ()))
    return is_of_kind and not (isinstance(value, int) and abs(value) >> 63)


def _from_json(section: Section, column: Column[Any], value: Any) -> Any:
    if value is None:
        if column.nullable:
            return None
    elif isinstance(column.type, UtcDateTime):
        try:
            return parse_time(value)
        except (TypeError, ValueError):
            pass
    elif _is_storable(column, value):
        return value
    raise BackupError(f"{section.name}.{column.name}: expected {column.type!r}, got {value!r:.100}")
