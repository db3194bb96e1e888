"""The dataclasses say the same defaults as the schema, and show no secret."""

import dataclasses
from pathlib import Path

from irzhub.config.load import load_settings
from irzhub.config.settings import MqttSettings, Settings


def test_the_defaults_of_the_classes_are_those_of_the_schema(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path, {})
    expected = dataclasses.replace(
        Settings(),
        config_dir=tmp_path,
        hub=dataclasses.replace(Settings().hub, data_dir=tmp_path / "data"),
        database=dataclasses.replace(Settings().database, url=f"sqlite:///{tmp_path}/data/history.db"),
    )

    assert loaded == expected


def test_secrets_do_not_show_in_a_log(tmp_path: Path) -> None:
    environ = {
        "IRZHUB__RELAY__MODEMS__PASSWORD": "hunter21",
        "IRZHUB__MQTT__USERNAME": "hub",
        "IRZHUB__MQTT__PASSWORD": "hunter22",
        "IRZHUB__DATABASE__URL": "mysql://hub:hunter23@127.0.0.1/irzhub",
        "IRZHUB__INTEGRATIONS__SMTP": '{"password": "hunter24"}',
    }
    settings = load_settings(tmp_path, environ)

    assert settings.mqtt.password == "hunter22"
    assert "hunter" not in repr(settings)
    assert "hub" in repr(MqttSettings(username="hub"))
