from sqlalchemy.dialects import sqlite
from syrupy.assertion import SnapshotAssertion

from irzhub.storage.tables_local import metadata
from tests.storage.schema import schema_sql


def test_the_local_schema_is_this_one(snapshot: SnapshotAssertion) -> None:
    assert schema_sql(metadata, sqlite.dialect()) == snapshot
