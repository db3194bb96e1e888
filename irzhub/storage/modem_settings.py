"""What was last sent to each modem and what was last read from it, setting by setting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import Insert, insert

from irzhub.storage.tables_local import modem_settings

_INSERT: Final = insert(modem_settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemSettingRow:
    """One setting of one modem by its full name, such as `CLNT_IPP1`.

    `sent` is None for a secret too: then only `sent_at` says that there was a value. `read_from`: `dump` or `sms`.
    """

    modem: str
    name: str
    sent: str | None = field(default=None, repr=False)
    sent_at: datetime | None = None
    sent_via: str | None = None
    read: str | None = field(default=None, repr=False)
    read_at: datetime | None = None
    read_from: str | None = None


def list_settings(connection: Connection, modem: str) -> list[ModemSettingRow]:
    """Return what is known of a modem's settings, by name."""
    statement = select(modem_settings).where(modem_settings.c.modem == modem).order_by(modem_settings.c.name)
    return [ModemSettingRow(**row) for row in connection.execute(statement).mappings()]


def note_sent(connection: Connection, modem: str, values: Mapping[str, str | None], at: datetime, via: str) -> None:
    """Keep what a modem has taken; what was read of it stays."""
    rows = [
        {"modem": modem, "name": name, "sent": value, "sent_at": at, "sent_via": via} for name, value in values.items()
    ]
    if rows:
        names = ("sent", "sent_at", "sent_via")
        connection.execute(_upsert(names), rows)


def note_read(connection: Connection, modem: str, values: Mapping[str, str | None], at: datetime, source: str) -> None:
    """Keep what a modem was seen to have; what was sent to it stays."""
    rows = [
        {"modem": modem, "name": name, "read": value, "read_at": at, "read_from": source}
        for name, value in values.items()
    ]
    if rows:
        names = ("read", "read_at", "read_from")
        connection.execute(_upsert(names), rows)


def forget_settings(connection: Connection, modem: str) -> None:
    """Forget all of a modem."""
    connection.execute(delete(modem_settings).where(modem_settings.c.modem == modem))


def _upsert(names: tuple[str, ...]) -> Insert:
    keys = [modem_settings.c.modem, modem_settings.c.name]
    return _INSERT.on_conflict_do_update(index_elements=keys, set_={name: _INSERT.excluded[name] for name in names})
