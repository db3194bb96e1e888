"""The tables of settings are part of the local schema and of its key by modem and name."""

from irzhub.storage.tables_local import firmware_images, metadata, modem_settings, settings_templates


def test_they_belong_to_the_local_schema() -> None:
    assert {settings_templates.name, modem_settings.name, firmware_images.name} <= set(metadata.tables)
    assert [column.name for column in modem_settings.primary_key] == ["modem", "name"]
