"""Validated values become settings: paths absolute, texts taken apart."""

from pathlib import Path

import pytest

from irzhub.config.load import load_settings
from irzhub.config.settings import (
    AdvertisedAddress,
    AuditSettings,
    Contact,
    PortPool,
    Settings,
    SignIn,
    TlsFiles,
)


def load(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "irzhub.yaml").write_text(text)
    return load_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("written", "becomes"), [("./data", "data"), ("../var", "../var"), ("/srv/hub", "/srv/hub"), ("a/../b/.", "b")]
)
def test_the_data_folder_is_found_from_the_configuration(tmp_path: Path, written: str, becomes: str) -> None:
    settings = load(tmp_path, f"hub: {{data_dir: {written}}}")
    expected = Path(str(tmp_path / becomes).replace(f"{tmp_path}/..", str(tmp_path.parent)))

    assert settings.hub.data_dir == expected
    assert settings.database.url == f"sqlite:///{expected}/history.db"


def test_urls_of_databases(tmp_path: Path) -> None:
    assert load(tmp_path, 'database: {url: "sqlite:////srv/h.db"}').database.url == "sqlite:////srv/h.db"
    assert load(tmp_path, 'database: {url: "mysql://u:p@h/irzhub"}').database.url == "mysql://u:p@h/irzhub"


def test_a_relative_folder_of_configuration_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_settings(Path("config"), {}).hub.data_dir == tmp_path / "config" / "data"


def test_what_modems_and_programs_meet(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
relay:
  modems:
    register_limit: 5/s
    keepalive_timeout: 90s
    ask: {pins: never, signal: 1h}
    answer_end: crlf
    raw: {pattern: "ID={id};", heartbeat: "7E7E"}
    flight_recorder: {enabled: false, per_modem: 1KiB, total: 2MiB}
  polling:
    pools: [{host: 10.0.0.5, first: 6000, last: 6999}, {first: 30000}]
    advertise: [{name: ЛВС, host: 10.0.0.5}]
    lost: hold 00:00:30
    sharing: {grant: question, frame_end: modbus, observers: [10.9.0.0/16]}
  workers: auto
""",
    )
    modems, polling = settings.relay.modems, settings.relay.polling

    assert (modems.register_limit.count, modems.register_limit.period_s) == (5, 1.0)
    assert (modems.keepalive_timeout_s, modems.ask.pins_s, modems.ask.signal_s) == (90.0, None, 3600.0)
    assert (modems.answer_end, modems.raw.pattern, modems.raw.heartbeat) == ("crlf", "ID={id};", "7E7E")
    assert (modems.flight_recorder.enabled, modems.flight_recorder.per_modem) == (False, 1024)
    assert polling.pools == (PortPool(host="10.0.0.5", first=6000, last=6999), PortPool(first=30000))
    assert polling.advertise == (AdvertisedAddress(name="ЛВС", host="10.0.0.5"),)
    assert (polling.lost_hold_s, polling.sharing.frame_end) == (30.0, "modbus")
    assert polling.sharing.observers == ("10.9.0.0/16",)
    assert settings.relay.workers == "auto"


def test_what_people_and_other_programs_meet(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
mqtt: {broker: external, host: broker.example, tls: true, ca_file: ca.pem, commands: false, resend: 2m}
web: {port: 8443, tls: {certificate: tls/hub.pem, key: /etc/hub.key}}
contacts: {"Дежурный": [{sms: "+79211234567"}, {email: duty@example.ru}]}
integrations: {smtp: {host: smtp.example.ru}, webhook: null}
""",
    )

    assert (settings.mqtt.ca_file, settings.mqtt.commands, settings.mqtt.resend_s) == (
        tmp_path / "ca.pem",
        False,
        120.0,
    )
    assert settings.web.tls == TlsFiles(certificate=tmp_path / "tls" / "hub.pem", key=Path("/etc/hub.key"))
    assert settings.contacts == {
        "Дежурный": (Contact(kind="sms", address="+79211234567"), Contact(kind="email", address="duty@example.ru"))
    }
    assert settings.integrations == {"smtp": {"host": "smtp.example.ru"}, "webhook": {}}


def test_sign_in_and_audit_are_read(tmp_path: Path) -> None:
    written = """
web: {proxies: [10.0.0.5/32], sign_in: {idle: 10m, limit: 8h, second_factor: admins}}
audit: {days: 30, key: a key of the audit, syslog: "tcp://logs.example.ru:601"}
"""
    settings = load(tmp_path, written)

    assert settings.web.proxies == ("10.0.0.5/32",)
    assert settings.web.sign_in == SignIn(idle_s=600, limit_s=28800, second_factor="admins")
    assert settings.audit == AuditSettings(days=30, key="a key of the audit", syslog="tcp://logs.example.ru:601")
    assert "a key of" not in repr(settings)
