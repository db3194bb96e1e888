"""Settings as SMS: the vendor's own examples, the 160 places, and what applies last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.codec.irz.settings.sms import (
    SMS_LIMIT,
    AccessPoint,
    build_first_sms,
    build_settings_sms,
    sms_length,
)

LINES = [SettingLine("SIM_MAIN", "1"), SettingLine("CLNT_SET1", "1,0,0,1"), SettingLine("CLNT_IPP1", "10.0.0.5,5009")]


def test_all_is_stored_and_the_last_one_applies() -> None:
    assert build_settings_sms(LINES, "5492") == [
        "5492 0AT$SIM_MAIN=1",
        "5492 0AT$CLNT_SET1=1,0,0,1",
        "5492 1AT$CLNT_IPP1=10.0.0.5,5009",
    ]
    assert build_settings_sms(LINES, "5492", packed=True) == [
        "5492 1AT$SIM_MAIN=1;AT$CLNT_SET1=1,0,0,1;AT$CLNT_IPP1=10.0.0.5,5009"
    ]


def test_packed_texts_are_full_and_a_semicolon_stands_alone() -> None:
    many = [SettingLine(f"GPIO_IMPULSE{number}", "1000") for number in range(1, 9)] * 2
    texts = build_settings_sms(
        [*many, SettingLine("ID_TEXT1", "a;b"), SettingLine("SIM_MAIN", "1")], "5492", packed=True
    )
    assert [text[5] for text in texts] == ["0"] * (len(texts) - 1) + ["1"]
    assert all(sms_length(text) <= SMS_LIMIT for text in texts)
    assert "5492 0AT$ID_TEXT1=a;b" in texts
    assert len(texts) == 5


def test_letters_that_take_two_places_are_counted_and_others_refused() -> None:
    assert sms_length("{}~") == 6
    with pytest.raises(ValueError, match="SIM_APN1: expected letters"):
        build_settings_sms([SettingLine("SIM_APN1", "a`b")], "5492")
    with pytest.raises(ValueError, match="ID_TEXT1: expected at most 160") as refused:
        build_settings_sms([SettingLine("ID_TEXT1", "Q" * 150)], "5492")
    assert "QQ" not in str(refused.value)


@pytest.mark.parametrize("password", ["549", "5492549", "54 92", "54,92", ""])
def test_a_password_that_no_modem_has(password: str) -> None:
    with pytest.raises(ValueError, match="4-6 printable letters"):
        build_settings_sms(LINES, password)


def test_the_first_sms_is_the_vendors_example() -> None:
    assert build_first_sms("127.0.0.1", 1005, minutes=60, encapsulated=False) == "5492 IP127.0.0.1:1005TIME60IRZ"
    point = AccessPoint(apn="internet", user="login", password="password")
    assert (
        build_first_sms("127.0.0.1", 1005, minutes=30, encapsulated=False, access_point=point)
        == "5492 IP127.0.0.1:1005TIME30IRZ,APN1=internet,LOG1=login,PASS1=password"
    )
    assert build_first_sms("203.0.113.5", 5009, interface=1) == "5492 IP203.0.113.5:5009TIME0IRZ,ENC,INTF1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "hub.example.ru"},
        {"port": 0},
        {"minutes": 256},
        {"interface": 2},
        {"password": "1"},
        {"access_point": AccessPoint(apn="a b")},
        {"access_point": AccessPoint(apn="a", sim=3)},
        {"access_point": AccessPoint(apn="a" * 60, user="b" * 60, password="c" * 60)},
    ],
)
def test_a_first_sms_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"[Ee]xpected"):
        build_first_sms(**({"address": "203.0.113.5", "port": 5009} | wrong))  # type: ignore[arg-type]


@given(st.lists(st.integers(1, 86_400_000), min_size=1, max_size=40), st.booleans())
def test_every_line_goes_once_and_in_order(values: list[int], packed: bool) -> None:
    lines = [SettingLine("GPIO_IMPULSE1", str(value)) for value in values]
    texts = build_settings_sms(lines, "5492", packed=packed)
    assert [part for text in texts for part in text[6:].split(";")] == [line.text for line in lines]
    assert all(sms_length(text) <= SMS_LIMIT for text in texts)
