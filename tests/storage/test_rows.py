from dataclasses import dataclass

from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.dialects import sqlite

from irzhub.storage.rows import row_values, upsert


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
