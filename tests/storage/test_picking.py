"""Picking by ids, in both kinds of database."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.dialects import mysql, sqlite

from irzhub.storage.picking import along, is_one_of
from irzhub.storage.tables_history import hubs
from tests.storage.rows import NOW


@pytest.fixture
def known(history_connection: Connection) -> Connection:
    """Three hubs, one with a name that must be quoted."""
    rows = [{"hub": hub, "instance": "01K", "seen_at": NOW} for hub in ("north", "south", "it's \\ 5 %")]
    history_connection.execute(hubs.insert(), rows)
    return history_connection


def found(connection: Connection, ids: list[str]) -> set[str]:
    return set(connection.scalars(select(hubs.c.hub).where(is_one_of(hubs.c.hub, ids))))


def test_only_the_wanted_are_picked(known: Connection) -> None:
    assert found(known, ["north", "nobody"]) == {"north"}
    assert found(known, []) == set()


def test_an_id_is_a_value_whatever_stands_in_it(known: Connection) -> None:
    assert found(known, ["it's \\ 5 %", "') OR 1=1 -- "]) == {"it's \\ 5 %"}


def test_there_may_be_more_ids_than_parameters(known: Connection) -> None:
    assert found(known, ["south", *map(str, range(40_000))]) == {"south"}


def test_a_server_is_told_the_index_and_a_file_is_not() -> None:
    statement = along(select(hubs.c.hub), hubs, "pk_hubs")

    assert "FORCE INDEX (pk_hubs)" in str(statement.compile(dialect=mysql.dialect()))
    assert "INDEX" not in str(statement.compile(dialect=sqlite.dialect()))
