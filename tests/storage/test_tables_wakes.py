"""The table of wakes is part of the local schema."""

from irzhub.storage.tables_local import metadata, wakes


def test_it_belongs_to_the_local_schema_and_is_found_by_modem_and_time() -> None:
    assert metadata.tables["wakes"] is wakes
    assert {index.name for index in wakes.indexes} == {"ix_wakes_modem", "ix_wakes_started_at"}
