"""The relay's settings by themselves follow the contract, and travel in messages."""

from irzhub.relay.messages import decode_to_relay, encode_message
from irzhub.relay.orders import PutModem
from irzhub.relay.settings import ModemSettings, RelaySettings, SharingSettings


def test_defaults_are_those_of_the_contract() -> None:
    relay, modem = RelaySettings(), ModemSettings(modem="868441036775234", imei="868441036775234")
    assert (relay.port, relay.hello_deadline_s, relay.keepalive_floor_s, relay.data_limit) == (5009, 30.0, 120.0, 65536)
    assert (modem.ask.pins_s, modem.ask.signal_s, modem.ask.temperature_s) == (60.0, 600.0, 600.0)
    assert modem.ask.pins_reporting_s == 600.0
    sharing = modem.sharing
    assert (sharing.mode, sharing.grant, sharing.idle_s, sharing.turn_limit_s, sharing.late_guard_s) == (
        "arbitrated", "session", 5.0, 60.0, 2.0,
    )  # fmt: skip
    assert (sharing.answer_timeout_s, sharing.answer_gap_s, sharing.frame_end) == (60.0, 1.0, "none")


def test_settings_survive_the_door() -> None:
    settings = ModemSettings(
        modem="868441036775234_2",
        imei="868441036775234",
        channel=2,
        password="sha256:salt:00",
        allow=("10.0.0.0/8", "::1/128"),
        sharing=SharingSettings(observers=("127.0.0.0/8",)),
        hold_s=30.0,
    )
    assert decode_to_relay(encode_message(PutModem(settings=settings))) == PutModem(settings=settings)
