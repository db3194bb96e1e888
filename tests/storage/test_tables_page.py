"""The table of saved views is part of the local schema, one order for each person."""

from irzhub.storage.tables_local import metadata, saved_views


def test_it_belongs_to_the_local_schema() -> None:
    assert saved_views.name in metadata.tables
    assert [column.name for column in saved_views.primary_key] == ["user", "place"]
