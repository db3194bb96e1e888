"""Defaults, files, environment and command line become settings, or one text with all that is wrong."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from irzhub.config.load import load_settings
from irzhub.config.schema_map import all_keys
from irzhub.config.settings import Settings
from irzhub.core.exceptions import ConfigError
from tests.conftest import ROOT

WRONG = """\
hub: {id: main, lnguage: ru, time_zone: Moskau}
relay:
  modems:
    port: 99999
    password: !secret modem
    keepalive_timeout: 10
    raw: {pattern: "{id}"}
  polling:
    pools: [{first: x}, {frist: 1}]
    advertise: [{name: LAN}]
    allow: [10.0.0.1/8]
mqtt:
  tls: yes
  password: 12345678
  port: 1883
  port: 1884
web: 5
wbe: {}
contacts: {duty: [{sms: 79211234567}, {sms: "+7921", email: a@b.c}, {}]}
integrations: {SMTP: {}}
"""


def refusal(folder: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, environ or {})
    return str(caught.value).replace(str(folder), "CONFIG")


def test_all_errors_are_told_at_once(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    (tmp_path / "irzhub.yaml").write_text(WRONG)
    environ = {
        "IRZHUB__RELAY__WORKERS": "many",
        "IRZHUB__WEBB__PORT": "1",
        "IRZHUB__DATABASE__URL": "postgres://u:hunter2@h/d",
    }

    told = refusal(tmp_path, environ)

    assert told == snapshot
    assert "hunter2" not in told
    assert "12345678" not in told


def test_the_later_source_wins(tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text("web: {port: 1001, host: 10.0.0.1}\nrelay: {modems: {port: 1002}}\n")
    environ = {"IRZHUB__WEB__PORT": "2001", "IRZHUB__RELAY__MODEMS__PORT": "2002"}

    settings = load_settings(tmp_path, environ, {"relay.modems.port": 3002})

    assert (settings.web.host, settings.web.port, settings.relay.modems.port) == ("10.0.0.1", 2001, 3002)


def test_an_empty_file_means_defaults(tmp_path: Path) -> None:
    without_file = load_settings(tmp_path, {})
    (tmp_path / "irzhub.yaml").write_text("# nothing yet\n")

    assert load_settings(tmp_path, {}) == without_file


def test_secrets_are_filled_in_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text("mqtt: {username: hub, password: !secret mqtt}\nweb: {host: !secret mqtt}\n")
    (tmp_path / "secrets.yaml").write_text("mqtt: 'hunter 2'\n")

    assert refusal(tmp_path) == (
        "1 error in the configuration:\n"
        "  CONFIG/irzhub.yaml, line 2: web.host: expected an address of this machine, such as 0.0.0.0, "
        "came something else (a secret, not shown)"
    )


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        (
            "mqt: x\n",
            "line 1: mqtt.password: expected a secret named `mqtt` in CONFIG/secrets.yaml, there is none; did you",
        ),
        ("mqtt: 5\n", "line 1: mqtt.password: expected the secret `mqtt` in CONFIG/secrets.yaml as a text in quotes"),
        ("- mqtt\n", "CONFIG/secrets.yaml: expected names and their secrets"),
        ("mqtt: [\n", "CONFIG/secrets.yaml, line 2: not YAML"),
        ("a: !secret b\n", "CONFIG/secrets.yaml, line 1: a: `!secret b` cannot be used here"),
    ],
)
def test_what_is_wrong_with_secrets(tmp_path: Path, secrets: str, said: str) -> None:
    (tmp_path / "irzhub.yaml").write_text("mqtt: {username: hub, password: !secret mqtt}\n")
    (tmp_path / "secrets.yaml").write_text(secrets)

    assert said in refusal(tmp_path)


def test_open_secrets_are_complained_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secrets = tmp_path / "secrets.yaml"
    secrets.write_text("mqtt: x\n")
    secrets.chmod(stat.S_IRUSR | stat.S_IWUSR)
    load_settings(tmp_path, {})
    assert caplog.messages == []

    secrets.chmod(stat.S_IRUSR | stat.S_IROTH)
    load_settings(tmp_path, {})

    assert caplog.messages == [f"{secrets} can be read by others on this machine: chmod 600 it"]


def test_the_top_must_be_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text("- hub\n")

    assert "CONFIG/irzhub.yaml, line 1: expected a mapping with hub, relay, mqtt" in refusal(tmp_path)


def test_the_sample_says_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text((ROOT / "config" / "irzhub.yaml").read_text())
    (tmp_path / "empty").mkdir()

    sample, defaults = load_settings(tmp_path, {}), load_settings(tmp_path / "empty", {})

    assert (sample.relay, sample.mqtt, sample.web) == (defaults.relay, defaults.mqtt, defaults.web)
    assert sample.hub.start_grace_s == defaults.hub.start_grace_s


def test_the_sample_of_secrets_is_good(tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text(
        "relay: {modems: {password: !secret modem_password}}\nmqtt: {username: hub, password: !secret mqtt}\n"
        "database: {url: !secret database}\n"
    )
    (tmp_path / "secrets.yaml").write_text((ROOT / "config" / "secrets.example.yaml").read_text())

    assert load_settings(tmp_path, {}).database.url.startswith("mysql://irzhub:")


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["auto", "never", "any", "private", "5s", "60/min", "16KiB", "hold 1s", "sqlite:///x", "{id};", "::1"]
    ),
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)
CHANGES = st.dictionaries(st.sampled_from([key.path for key in all_keys()]), ANYTHING, max_size=6)


@given(CHANGES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_gives_settings_or_an_answer(
    tmp_path: Path, changes: dict[tuple[str | int, ...], Any]
) -> None:
    written: dict[str, Any] = {}
    for path, value in changes.items():
        node = written
        for key in path[:-1]:
            node = node.setdefault(str(key), {})
            if not isinstance(node, dict):
                break
        else:
            node[str(path[-1])] = value
    (tmp_path / "irzhub.yaml").write_text(json.dumps(written, ensure_ascii=True))

    try:
        loaded = load_settings(tmp_path, {})
    except ConfigError as error:
        lines = str(error).splitlines()
        assert "in the configuration:" in lines[0]
        assert all(line.startswith(f"  {tmp_path}/irzhub.yaml") for line in lines[1:])
    else:
        assert isinstance(loaded, Settings)


def test_section_with_nothing_in_it_means_defaults(tmp_path: Path) -> None:
    (tmp_path / "irzhub.yaml").write_text("web:\nmqtt: # port: 1884\nrelay:\n  modems:\n    # port: 5010\n")

    loaded = load_settings(tmp_path, {})

    assert (loaded.web, loaded.mqtt, loaded.relay) == (Settings().web, Settings().mqtt, Settings().relay)
