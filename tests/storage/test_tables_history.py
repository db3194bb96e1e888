import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import mysql, sqlite
from syrupy.assertion import SnapshotAssertion

from irzhub.storage.tables_history import metadata
from tests.storage.schema import schema_sql


@pytest.mark.parametrize("dialect", [sqlite.dialect(), mysql.dialect()], ids=["sqlite", "mysql"])
def test_the_history_schema_is_this_one(dialect: Dialect, snapshot: SnapshotAssertion) -> None:
    assert schema_sql(metadata, dialect) == snapshot


def test_every_row_says_whose_it_is() -> None:
    assert [table.name for table in metadata.sorted_tables if "hub" not in table.c] == []
