"""What may be done to wake a modem, and what the SMS says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from irzhub.config.settings import CommandSettings, Settings
from irzhub.config.wake import WakeLadder, WakeSettings
from irzhub.core.state import ModemState
from irzhub.fleet.wake_plan import WakeRefused, is_allowed, ladder_of, longest_s, plan_steps, sms_text
from irzhub.storage.modems import ModemRow

FIRST, SECOND = "+79210000001", "+79210000002"
ALL = WakeLadder(steps=("call", "sms", "call2", "sms2"))
SETTINGS = Settings(commands=CommandSettings(sms_password="1234"), wake=WakeSettings(address="hub.example.ru:5009"))
STATE = ModemState(modem="868441036775234", imei="868441036775234")


def row(sim1: str = "", sim2: str = "", **values: Any) -> ModemRow:
    return ModemRow(
        modem="868441036775234", imei="868441036775234", channel=None, driver="irz", host="0.0.0.0", port=20000,
        name="", group="", comment="", password=None, registered_at=datetime(2026, 1, 1, tzinfo=UTC),
        phone_sim1=sim1, phone_sim2=sim2, **values,
    )  # fmt: skip


def plan(ladder: WakeLadder, sim1: str = "", sim2: str = "") -> list[tuple[str, str]]:
    return [(step.name, step.number) for step in plan_steps(ladder, row(sim1, sim2), ("+7",))]


def test_steps_go_to_the_numbers_that_there_are() -> None:
    assert plan(ALL, FIRST, SECOND) == [("call", FIRST), ("sms", FIRST), ("call2", SECOND), ("sms2", SECOND)]
    assert plan(ALL, FIRST) == [("call", FIRST), ("sms", FIRST)]


def test_one_number_is_enough_whichever_card_it_is_of() -> None:
    assert plan(WakeLadder(), "", SECOND) == [("call", SECOND), ("sms", SECOND)]
    assert plan(WakeLadder(steps=("call2",)), "", SECOND) == [("call2", SECOND)]


@pytest.mark.parametrize(
    ("ladder", "sim1", "why"),
    [
        (ALL, "", "is not known"),
        (WakeLadder(steps=("call2", "sms2")), FIRST, "is not known"),
        (ALL, "112", "none of those that may be called"),
        (ALL, "89210000001", "none of those that may be called"),
        (ALL, "+4915100000000", "none of those that may be called"),
    ],
    ids=["none", "no second", "emergency", "national form", "abroad"],
)
def test_who_has_no_number_that_may_be_called_is_refused(ladder: WakeLadder, sim1: str, why: str) -> None:
    with pytest.raises(WakeRefused, match=why):
        plan(ladder, sim1)


@pytest.mark.parametrize("number", ["+112", "112", "*100#", "+7921000000x", "+7921٠٠٠٠٠٠١", "", "+7921000000123456"])
def test_what_is_no_number_of_a_subscriber_is_never_called(number: str) -> None:
    assert not is_allowed(number, ("+",))
    assert is_allowed(FIRST, ("+380", "+79"))


@pytest.mark.parametrize(
    ("ladder", "state", "text"),
    [
        (WakeLadder(), STATE, "1234 IPhub.example.ru:5009TIME60IRZ,ENC"),
        (WakeLadder(sms_minutes=0), replace(STATE, encapsulated=False), "1234 IPhub.example.ru:5009TIME0IRZ"),
        (WakeLadder(sms_text="{password} wait off"), STATE, "1234 wait off"),
        (WakeLadder(sms_text="go {imei} {address} {minutes}"), STATE, "go 868441036775234 hub.example.ru:5009 60"),
    ],
    ids=["temporary", "without encapsulation", "own text", "places"],
)
def test_the_sms_says(ladder: WakeLadder, state: ModemState, text: str) -> None:
    assert sms_text(SETTINGS, ladder, state) == text


def test_without_an_address_the_sms_ends_the_standby() -> None:
    assert sms_text(replace(SETTINGS, wake=WakeSettings()), WakeLadder(), STATE) == "1234 wait off"


def test_an_sms_that_would_have_two_parts_is_not_sent() -> None:
    with pytest.raises(WakeRefused, match=r"the SMS would have 169 characters, 160 fit"):
        sms_text(SETTINGS, WakeLadder(sms_text="x" * 150 + "{address}"), STATE)


def test_a_ladder_is_the_hub_s_with_the_differences_of_a_modem() -> None:
    assert ladder_of(SETTINGS, {}) == WakeLadder()
    assert ladder_of(SETTINGS, {"wake": {"hold_s": 20.0}}) == WakeLadder(hold_s=20.0)


def test_the_longest_way_counts_what_rings() -> None:
    steps = plan_steps(ALL, row(FIRST, SECOND), ("+",))
    assert longest_s(steps, 20.0) == 2 * (60 + 20) + 2 * 120
