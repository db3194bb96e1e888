"""How settings of waking are read, inherited and merged."""

from pathlib import Path

from irzhub.config.build import build_settings
from irzhub.config.overrides import merge_overrides, read_overrides
from irzhub.config.schema import SCHEMA
from irzhub.config.settings import Settings
from irzhub.config.wake import WakeLadder, WakeSettings, build_ladder, build_wake


def test_nothing_written_means_the_defaults() -> None:
    values = SCHEMA({})
    assert build_ladder(values["relay"]["polling"]["wake"]) == WakeLadder()
    assert build_wake(values["wake"]) == WakeSettings()


def test_the_whole_ladder_and_the_hub_s_limits(tmp_path: Path) -> None:
    values = SCHEMA(
        {
            "relay": {"polling": {"offline": "wake", "wake": {"steps": ["call2"], "after_call": "5s", "hold": "2m"}}},
            "wake": {"address": "hub.example.ru:5009", "ring": "10s", "numbers": ["+79"]},
        }
    )
    settings: Settings = build_settings(tmp_path, values)
    assert settings.relay.polling.wake == WakeLadder(steps=("call2",), after_call_s=5.0, hold_s=120.0)
    assert settings.wake == WakeSettings(address="hub.example.ru:5009", ring_s=10.0, numbers=("+79",))


def test_a_group_s_and_a_modem_s_own_parts_are_merged() -> None:
    group = read_overrides({"offline": "wake", "wake": {"steps": ["sms"], "after_sms": "3m"}})
    modem = read_overrides({"wake": {"steps": ["call", "sms"]}})
    merged = merge_overrides(group, modem)
    assert merged == {"offline": "wake", "wake": {"steps": ("call", "sms"), "after_sms_s": 180.0}}
