"""Whether a value fits a setting, and what is said when it does not."""

import pytest

from irzhub.codec.irz.settings.catalogue import find_setting
from irzhub.codec.irz.settings.setting import Setting


def setting(name: str) -> Setting:
    found = find_setting(name)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIM_MAIN", "2"),
        ("CLNT_SET1", "1,0,0,1"),
        ("CLNT_SET1", "1"),
        ("CLNT_IPP1", "hub.example.ru,5009"),
        ("CLNT_IPP1", "10.0.0.5,5009"),
        ("PORT_SET0", "5,1,0,0,0"),
        ("PORT_SET1", "12,,,,1"),
        ("IRZ_PWD", "Pass 77"),
        ("ID_TEXT1", "$02@01,@04$0D"),
        ("GPIO_TEXT1", "0414043204350440044C"),
        ("TEL_NB14", "+79211234567"),
        ("ADC_SEND", "150,01:30:00"),
        ("GROUP_TEL1", "129"),
        ("RTC_EVENT32", "2,0,1,33,23,59"),
        ("WAIT_GPIO_CNT0", "0,1,2,2,2,2"),
        ("SIM_APN1", ""),
        ("CLNT_IPP1", ""),
    ],
)
def test_what_fits(name: str, value: str) -> None:
    assert setting(name).why_wrong(value) is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SIM_MAIN", "3", "sim: expected one of 1, 2"),
        ("CLNT_SET1", "1,0,0,1,1", "expected 4 values (on, interface, reserve, encapsulation), got 5"),
        ("CLNT_SET1", "yes", "on: expected one of 0, 1"),
        ("CLNT_IPP1", "hub.example.ru,70000", "port: expected a whole number from 1 to 65535"),
        ("CLNT_IPP1", "hub example,5009", "host: expected a host name or an IP address"),
        ("WAIT_PAUSE", "256", "minutes: expected a whole number from 0 to 255"),
        ("IRZ_PWD", "123", "password: expected 4 to 20 letters, got 3"),
        ("GPIO_TEXT1", "041", "text: expected UCS-2 as hex digits, four for each letter"),
        ("GPIO_TEXT1", "0414" * 21, "text: expected 0 to 20 letters, got 21"),
        ("TEL_NB1", "8-921", "number: expected a phone number such as +79211234567"),
        ("SIM_APN1", "интернет", "apn: expected printable ASCII"),
        ("WDT_INTV", "٣", "hours: expected a whole number from 0 to 65535"),
        ("ATM_RESET", "1", "expected no value"),
        ("SIM_MAIN", None, "expected a value behind ="),
    ],
)
def test_what_does_not_fit_is_said_without_the_value(name: str, value: str | None, expected: str) -> None:
    assert setting(name).why_wrong(value) == expected


def test_a_setting_of_some_models_is_refused_for_others_only() -> None:
    networks = setting("GSM_RANGE")
    assert [networks.fits_model(model) for model in ("ATM31.A", "atm42", "ATM21", None)] == [True, True, False, True]


def test_json_is_enough_for_a_form() -> None:
    shown = setting("CLNT_IPP1").to_json()
    assert shown["index"] == {"minimum": 1, "maximum": 5}
    assert (shown["dangerous"], shown["secret"], shown["needs_restart"]) == (True, False, True)
    assert [each["kind"] for each in shown["fields"]] == ["host", "number"]
    assert shown["title"] == {"ru": "Адрес сервера", "en": "Address of the server"}
    (choice,) = setting("SIM_MAIN").to_json()["fields"]
    assert [option["value"] for option in choice["options"]] == ["1", "2"]
