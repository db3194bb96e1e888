"""What keys must be together, and what is advised."""

from pathlib import Path

import pytest

from irzhub.config.load import load_settings
from irzhub.config.rules import advise, is_loopback
from irzhub.core.exceptions import ConfigError


def refusals(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "irzhub.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, {})
    return [line.partition(", ")[2] for line in str(caught.value).splitlines()[1:]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "relay: {polling: {pools: [{first: 9, last: 5}]}}",
            "line 1: relay.polling.pools[0].last: expected at least `first` (9), came 5",
        ),
        (
            "relay: {polling: {pools: [{first: 5000, last: 6000}]}}",
            (
                "line 1: relay.polling.pools[0].first: expected ports without 5009, which is `relay.modems.port`, "
                "came 5000"
            ),
        ),
        (
            "web: {port: 20080}",
            "line 1: relay.polling.pools[0].first: expected ports without 20080, which is `web.port`, came null",
        ),
        (
            "relay: {polling: {pools: [{first: 21000}, {host: 10.0.0.1, first: 22000, last: 22100}]}}",
            (
                "line 1: relay.polling.pools[1]: expected ports that no other pool has, 21000-32700 has some of them, "
                "came a mapping"
            ),
        ),
        (
            "relay: {polling: {lost: hold 5}}",
            'line 1: relay.polling.lost: expected close or hold and a duration, such as hold 30s, came "hold 5"',
        ),
        (
            "relay: {modems: {flight_recorder: {per_modem: 2MiB, total: 1MiB}}}",
            'line 1: relay.modems.flight_recorder.per_modem: expected no more than `total`, came "2MiB"',
        ),
        (
            "mqtt: {host: 0.0.0.0}",
            (
                "line 1: mqtt.host: expected 127.0.0.1, or `mqtt.username` and `mqtt.password` too: nobody else may "
                'come in unasked, came "0.0.0.0"'
            ),
        ),
        (
            "mqtt: {password: x}",
            "line 1: mqtt.password: expected `mqtt.username` too, came something else (a secret, not shown)",
        ),
        (
            "mqtt: {tls: true}",
            (
                "line 1: mqtt.tls: expected false: the embedded broker speaks plain MQTT, use an external one for TLS, "
                "came true"
            ),
        ),
    ],
)
def test_keys_that_do_not_go_together(tmp_path: Path, text: str, said: str) -> None:
    assert refusals(tmp_path, text) == [said]


def test_pools_on_different_addresses_may_share_ports(tmp_path: Path) -> None:
    pools = "[{host: 10.0.0.1, first: 6000, last: 6999}, {host: 10.0.0.2, first: 6000, last: 6999}]"
    (tmp_path / "irzhub.yaml").write_text(f"relay: {{polling: {{pools: {pools}}}}}")

    assert len(load_settings(tmp_path, {}).relay.polling.pools) == 2


@pytest.mark.parametrize(
    ("environ", "advice"),
    [
        ({}, []),
        ({"WEB__HOST": "0.0.0.0"}, ["web.host: 0.0.0.0 without web.tls"]),
        ({"RELAY__POLLING__ALLOW": "[any]"}, ["relay.polling.allow: any"]),
        ({"RELAY__MODEMS__PASSWORD": "5492"}, ["relay.modems.password: this is the vendor's default"]),
        ({"RELAY__POLLING__POOLS": "[{first: 35000, last: 45000}]"}, ["relay.polling.pools: 35000-45000 meets"]),
        (
            {"MQTT__BROKER": "external", "MQTT__HOST": "broker.example"},
            ["mqtt.username: an outside broker without a user", "mqtt.tls: false"],
        ),
    ],
)
def test_what_is_advised(tmp_path: Path, environ: dict[str, str], advice: list[str]) -> None:
    settings = load_settings(tmp_path, {f"IRZHUB__{name}": value for name, value in environ.items()})

    said = list(advise(settings))

    assert [line[: len(start)] for line, start in zip(said, advice, strict=True)] == advice


def test_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("hub.example")
