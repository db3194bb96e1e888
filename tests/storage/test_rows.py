from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, Integer, MetaData, Table, create_engine, select
from sqlalchemy.dialects import sqlite

from irzhub.storage.rows import DriverUpsert, row_values, upsert
from irzhub.storage.types import Ident, JsonText, UtcDateTime


@dataclass(frozen=True, slots=True)
class Point:
    key: int
    value: dict[str, int]


def test_values_are_handed_over_and_not_copied() -> None:
    value = {"a": 1}

    assert row_values(Point(1, value)) == {"key": 1, "value": {"a": 1}}
    assert row_values(Point(1, value))["value"] is value


def test_an_upsert_replaces_all_but_the_key_and_what_is_kept() -> None:
    columns = (Column("name", Integer, primary_key=True), Column("a", Integer), Column("b", Integer))
    statement = upsert(Table("t", MetaData(), *columns), keep=frozenset({"b"}))

    assert str(statement.compile(dialect=sqlite.dialect())) == (
        "INSERT INTO t (name, a, b) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET a = excluded.a"
    )


@dataclass(frozen=True, slots=True)
class Held:
    key: str
    at: datetime | None
    is_open: bool
    more: dict[str, int] | None


def test_the_way_past_sqlalchemy_writes_what_sqlalchemy_reads() -> None:
    table = Table(
        "t",
        MetaData(),
        Column("key", Ident(4), primary_key=True),
        Column("at", UtcDateTime),
        Column("is_open", Boolean),
        Column("more", JsonText),
    )
    engine, written = create_engine("sqlite://"), DriverUpsert(table)
    rows = [Held("a", datetime(2026, 11, 23, 9, tzinfo=UTC), True, {"n": 1}), Held("b", None, False, None)]

    with engine.begin() as connection:
        table.create(connection)
        written.save(connection, [Held("a", None, True, None)])
        written.save(connection, rows)
        written.save(connection, [])

        assert [Held(**row) for row in connection.execute(select(table).order_by("key")).mappings()] == rows
    engine.dispose()
