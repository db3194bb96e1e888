"""Column types that mean the same in SQLite and in MySQL."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

_MYSQL: Final = ("mysql", "mariadb")
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str, skipkeys=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC without zone in the table, cut to milliseconds.

    MySQL's plain DATETIME drops fractions and no driver gives the zone back, so both are done here.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in _MYSQL:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return stored_utc(value)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def utc_text(value: datetime) -> str:
    """Return a moment as SQLite keeps a `UtcDateTime`; for statements past SQLAlchemy."""
    return stored_utc(value).isoformat(" ", "microseconds")


def parse_utc(text: str) -> datetime:
    """Return the moment that `utc_text` wrote."""
    return datetime.fromisoformat(f"{text}+00:00")


def stored_utc(value: datetime) -> datetime:
    """Return a moment as a `UtcDateTime` column has it: UTC without zone, cut to milliseconds.

    Raises:
        ValueError: it has no zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"expected an aware time, got the naive {value.isoformat()}")
    utc = value.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000, tzinfo=None)


def to_json(value: Any) -> str:
    """Return JSON as it is stored: compact, readable, and such that every database takes it.

    What JSON does not know becomes text, half a surrogate pair a question mark: an event is never lost for these.
    """
    text = _ENCODER.encode(value)
    return text.encode("utf-8", "replace").decode("utf-8")


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as readable text, not escaped; None is NULL. The same column type everywhere."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(mysql.MEDIUMTEXT() if dialect.name in _MYSQL else Text())

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        if value == "{}":  # most rows of a registry have nothing of their own
            return {}
        return None if value is None else json.loads(value)


class Ident(TypeDecorator[str]):
    """An id (modem, ULID, session): ASCII, compared byte by byte. MySQL's own collations ignore case."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in _MYSQL:
            return dialect.type_descriptor(mysql.VARCHAR(self.length, charset="ascii", collation="ascii_bin"))
        return dialect.type_descriptor(String(self.length))


NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, so that a migration can name what it changes in either database."""
