"""The schema as a list of keys."""

from irzhub.config.schema_map import all_keys, find_key, known_keys

# docs/contract.md 4.1, key by key: none of them may be lost.
CONTRACT = """
hub.id hub.data_dir hub.time_zone hub.clock_zone hub.language hub.start_grace relay.modems.host
relay.modems.port relay.modems.unknown_modems relay.modems.register_limit relay.modems.password
relay.modems.keepalive_timeout relay.modems.ask.pins relay.modems.ask.signal relay.modems.ask.temperature
relay.modems.answer_end relay.modems.raw.pattern relay.modems.raw.heartbeat
relay.modems.flight_recorder.enabled relay.polling.advertise relay.polling.open relay.polling.allow
relay.polling.offline relay.polling.lost relay.polling.sharing.mode relay.polling.sharing.grant
relay.polling.sharing.idle relay.polling.sharing.turn_limit relay.polling.sharing.late_guard
relay.polling.sharing.answer_timeout relay.polling.sharing.answer_gap relay.polling.sharing.frame_end
relay.polling.pools relay.workers mqtt.broker mqtt.host mqtt.port mqtt.username mqtt.password mqtt.tls
mqtt.base_topic mqtt.resend mqtt.commands database.url web.host web.port web.tls contacts integrations
"""


def test_every_key_of_the_contract_is_there() -> None:
    keys = {".".join(map(str, key.path)) for key in all_keys()}

    assert set(CONTRACT.split()) - keys == set()


def test_what_the_environment_must_know_of_a_key() -> None:
    password, port, url = find_key(("mqtt", "password")), find_key(("web", "port")), find_key(("database", "url"))
    assert password is not None
    assert port is not None
    assert url is not None

    assert (password.is_text, password.is_nullable, password.is_secret) == (True, True, True)
    assert (port.is_text, port.is_nullable, port.is_secret) == (False, False, False)
    assert (url.is_text, url.is_nullable, url.is_secret) == (True, False, True)
    assert find_key(("mqtt", "pasword")) is None


def test_keys_inside_lists_are_known_at_every_position() -> None:
    assert known_keys(("relay", "polling", "pools", 3)) == ["host", "first", "last"]
    assert known_keys(("web", "tls")) == ["certificate", "key"]
    assert known_keys(("contacts",)) == []
    assert known_keys(()) == [
        "hub",
        "relay",
        "mqtt",
        "database",
        "web",
        "audit",
        "commands",
        "jobs",
        "fleet",
        "outbound",
        "wake",
        "alerts",
        "contacts",
        "integrations",
    ]
