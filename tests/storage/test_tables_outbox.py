"""The tables of what people are told are part of the local schema."""

from irzhub.storage.tables_local import directory, escalation_runs, metadata, outbox, outbox_damping, outbox_told


def test_they_belong_to_the_local_schema() -> None:
    tables = (outbox, outbox_told, outbox_damping, directory, escalation_runs)

    assert {table.name for table in tables} <= set(metadata.tables)
    assert [column.name for column in directory.primary_key] == ["kind", "name"]
    assert [column.name for column in escalation_runs.primary_key] == ["incident", "ladder"]
