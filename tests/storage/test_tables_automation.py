"""The tables of automations belong to the local schema."""

from irzhub.storage.tables_local import automation_kept, automation_traces, metadata


def test_waits_and_traces_are_tables_of_the_local_store() -> None:
    assert {automation_kept.name, automation_traces.name} <= set(metadata.tables)
    assert [column.name for column in automation_kept.primary_key] == ["key"]
    assert [column.name for column in automation_traces.primary_key] == ["rule"]
