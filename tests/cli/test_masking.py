"""What a bundle for support shows of the settings."""

import json
from pathlib import Path

from irzhub.cli.masking import mask_settings
from irzhub.config.load import load_settings


def test_no_secret_and_no_person(tmp_path: Path) -> None:
    environ = {
        "IRZHUB__RELAY__MODEMS__PASSWORD": "hunter21",
        "IRZHUB__MQTT__USERNAME": "hunter22",
        "IRZHUB__MQTT__PASSWORD": "hunter23",
        "IRZHUB__DATABASE__URL": "mysql://hunter24:hunter25@db.example/irzhub?password=hunter26",
        "IRZHUB__INTEGRATIONS__SMTP": '{"host": "hunter27", "password": "hunter28"}',
        "IRZHUB__AUDIT__KEY": "hunter30-hunter30",
        "IRZHUB__OUTBOUND__PROXY": "http://hunter31@proxy.example:3128",
        "IRZHUB__ALERTS__HEARTBEAT": '{"url": "https://ping.example/hunter32"}',
        "IRZHUB__CONTACTS": '{"hunter29": [{"sms": "+79211234567"}]}',
    }

    shown = mask_settings(load_settings(tmp_path, environ))
    text = json.dumps(shown)

    assert "hunter" not in text
    assert "7921" not in text
    assert shown["database"]["url"] == "mysql://***@db.example/irzhub"
    assert shown["mqtt"]["password"] == "***"
    assert shown["relay"]["modems"]["port"] == 5009
    assert shown["audit"]["key"] == shown["outbound"]["proxy"] == shown["alerts"]["heartbeat"]["url"] == "***"
    assert shown["alerts"]["budgets"]["sms"] == {"per_recipient": 60, "per_channel": 500}
    assert shown["integrations"] == {"smtp": ["host", "password"]}
    assert shown["contacts"] == {"count": 1}
