"""What a running hub takes on, and what it only names."""

import dataclasses

from irzhub.config.reload import is_taken_on_at_once, reload_settings
from irzhub.config.settings import AskIntervals, Contact, HeartbeatSettings, MqttSettings, PortPool, Settings, Sharing

OLD = Settings()


def changed(**polling: object) -> Settings:
    """Settings with another `relay.polling`."""
    relay = dataclasses.replace(OLD.relay, polling=dataclasses.replace(OLD.relay.polling, **polling))  # type: ignore[arg-type]
    return dataclasses.replace(OLD, relay=relay)


def test_the_same_settings_change_nothing() -> None:
    reloaded = reload_settings(OLD, Settings())
    assert (reloaded.running, reloaded.now, reloaded.later) == (OLD, (), ())


def test_what_programs_meet_changes_at_once() -> None:
    new = changed(sharing=Sharing(mode="exclusive", idle_s=9.0), lost_hold_s=30.0, allow=("any",))
    reloaded = reload_settings(OLD, new)
    assert reloaded.running == new
    assert reloaded.now == (
        "relay.polling.allow",
        "relay.polling.lost",
        "relay.polling.sharing.mode",
        "relay.polling.sharing.idle",
    )
    assert reloaded.later == ()


def test_what_modems_are_asked_changes_at_once() -> None:
    modems = dataclasses.replace(OLD.relay.modems, ask=AskIntervals(pins_s=None), keepalive_timeout_s=99.0)
    new = dataclasses.replace(OLD, relay=dataclasses.replace(OLD.relay, modems=modems))
    assert reload_settings(OLD, new).now == ("relay.modems.keepalive_timeout", "relay.modems.ask.pins")


def test_who_is_told_of_what_changes_at_once() -> None:
    alerts = dataclasses.replace(
        OLD.alerts, tell=("duty",), weak_signal_dbm=-95, keep_days=1, heartbeat=HeartbeatSettings(topic="x")
    )
    new = dataclasses.replace(OLD, alerts=alerts, contacts={"duty": (Contact(kind="sms", address="+79211234567"),)})
    reloaded = reload_settings(OLD, new)
    assert reloaded.now == ("alerts.weak_signal", "alerts.tell", "contacts")
    assert reloaded.later == ("alerts.keep_days", "alerts.heartbeat.topic")
    assert (reloaded.running.contacts, reloaded.running.alerts.keep_days) == (new.contacts, OLD.alerts.keep_days)


def test_what_is_bound_waits_for_a_restart_and_stays_as_it_is() -> None:
    new = dataclasses.replace(changed(pools=(PortPool(first=1),), open="on_connect"), mqtt=MqttSettings(port=1))
    reloaded = reload_settings(OLD, new)
    assert reloaded.now == ("relay.polling.open",)
    assert reloaded.later == ("relay.polling.pools", "mqtt.port")
    assert reloaded.running.relay.polling.pools == OLD.relay.polling.pools
    assert reloaded.running.mqtt == OLD.mqtt


def test_a_key_that_waits_is_named_again_at_the_next_reload() -> None:
    new = dataclasses.replace(OLD, mqtt=MqttSettings(port=1))
    assert reload_settings(reload_settings(OLD, new).running, new).later == ("mqtt.port",)


def test_the_keys_that_are_taken_on_at_once_are_named() -> None:
    relay = dataclasses.replace(
        OLD.relay, modems=dataclasses.replace(OLD.relay.modems, ask=AskIntervals(pins_s=5.0), port=1)
    )
    new = dataclasses.replace(OLD, relay=relay, hub=dataclasses.replace(OLD.hub, clock_zone="UTC", language="en"))
    reloaded = reload_settings(OLD, new)
    assert reloaded.now
    assert all(is_taken_on_at_once(key) for key in reloaded.now)
    assert reloaded.later
    assert not any(is_taken_on_at_once(key) for key in reloaded.later)
