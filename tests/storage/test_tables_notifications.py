"""The tables of notifications are part of the local schema."""

from irzhub.storage.tables_local import automation_switches, group_notifications, metadata, modem_notifications


def test_they_belong_to_the_local_schema() -> None:
    assert {modem_notifications.name, group_notifications.name, automation_switches.name} <= set(metadata.tables)
    assert [column.name for column in modem_notifications.primary_key] == ["modem"]
