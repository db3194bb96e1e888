"""What the relay is told of the whole and of each modem."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

from irzhub.config.settings import (
    FlightRecorder,
    HubSettings,
    ModemsSettings,
    PollingSettings,
    RelayConfig,
    Settings,
    Sharing,
)
from irzhub.fleet.relay_settings import ModemSettingsBuilder, build_relay_settings
from irzhub.storage.modems import ModemRow

IMEI = "868441036775234"


def row(**changes: Any) -> ModemRow:
    """Return a registered modem."""
    plain = ModemRow(IMEI, IMEI, None, "irz", "0.0.0.0", 20007, "", "", "", None, datetime(2026, 11, 21, tzinfo=UTC))
    return dataclasses.replace(plain, **changes)


def settings(modems: ModemsSettings | None = None, polling: PollingSettings | None = None) -> Settings:
    """Return settings with a relay section."""
    return Settings(relay=RelayConfig(modems=modems or ModemsSettings(), polling=polling or PollingSettings()))


def test_modem_gets_the_configuration_and_its_own_port() -> None:
    built = ModemSettingsBuilder(settings()).build(row())

    assert (built.modem, built.host, built.port, built.open, built.offline) == (
        IMEI, "0.0.0.0", 20007, "on_start", "accept",
    )  # fmt: skip
    assert built.hold_s is None
    assert built.sharing.mode == "arbitrated"
    assert built.ask.pins_s == 60


def test_overrides_win() -> None:
    overrides: dict[str, Any] = {
        "open": "on_connect",
        "offline": "refuse",
        "lost_hold_s": 30.0,
        "allow": ("10.0.0.0/8",),
        "keepalive_timeout_s": 600.0,
        "clock_zone": "Asia/Omsk",
        "sharing": {"mode": "exclusive", "idle_s": 9.0, "observers": ("192.0.2.0/24",)},
    }

    built = ModemSettingsBuilder(settings(), lambda _row: overrides).build(row())

    assert (built.open, built.offline, built.hold_s, built.clock_zone) == ("on_connect", "refuse", 30.0, "Asia/Omsk")
    assert built.allow == ("10.0.0.0/8",)
    assert (built.sharing.mode, built.sharing.idle_s, built.sharing.turn_limit_s) == ("exclusive", 9.0, 60.0)
    assert built.sharing.observers == ("192.0.2.0/24",)
    assert built.keepalive_timeout_s == 600


def test_a_reserved_line_lets_no_second_program_in() -> None:
    builder = ModemSettingsBuilder(settings())
    builder.reserved.add(IMEI)

    assert builder.build(row()).sharing.mode == "exclusive"
    assert builder.build(row(modem="868441036775235")).sharing.mode == "arbitrated"


def test_private_lets_this_machines_own_addresses_in() -> None:
    built = ModemSettingsBuilder(settings(), own_addresses=("198.51.100.7",)).build(row())

    assert "198.51.100.7/32" in built.allow
    assert "127.0.0.0/8" in built.allow


def test_password_of_the_configuration_is_required_instead_of_the_pinned_one() -> None:
    pinned = row(password="sha256:aa:bb")

    assert ModemSettingsBuilder(settings()).build(pinned).password == "sha256:aa:bb"
    assert ModemSettingsBuilder(settings(ModemsSettings(password="x"))).build(pinned).password == "plain:x"
    assert ModemSettingsBuilder(settings()).build(row()).password is None


def test_modems_that_share_alike_share_one_object() -> None:
    builder = ModemSettingsBuilder(settings())

    assert builder.build(row()).sharing is builder.build(row(modem="868441036775235")).sharing


def test_questions_that_are_off_stay_off() -> None:
    quiet = dataclasses.replace(ModemsSettings().ask, pins_s=None)

    built = ModemSettingsBuilder(settings(ModemsSettings(ask=quiet))).build(row())

    assert (built.ask.pins_s, built.ask.pins_reporting_s, built.ask.signal_s) == (None, None, 600)


def test_whole_relay_gets_its_address_answer_and_flight_recorder() -> None:
    built = build_relay_settings(settings(ModemsSettings(host="192.0.2.1", port=5010, answer_end="crlf")))

    assert (built.host, built.port, built.answer_end) == ("192.0.2.1", 5010, b"\r\n")
    assert (built.ring_modem, built.ring_total) == (16384, 64 * 1024 * 1024)


def test_flight_recorder_that_is_off_keeps_nothing() -> None:
    built = build_relay_settings(settings(ModemsSettings(flight_recorder=FlightRecorder(enabled=False))))

    assert (built.ring_modem, built.ring_total) == (0, 0)


def test_sharing_of_the_configuration_reaches_every_modem() -> None:
    polling = PollingSettings(sharing=Sharing(mode="broadcast", grant="question", frame_end="modbus"))

    built = ModemSettingsBuilder(Settings(hub=HubSettings(), relay=RelayConfig(polling=polling))).build(row())

    assert (built.sharing.mode, built.sharing.grant, built.sharing.frame_end) == ("broadcast", "question", "modbus")
