"""Templates: placeholders, values, secrets; plain replacement and nothing more."""

import pytest

from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.codec.irz.settings.template import hide_secrets, placeholders, render, secret_names, why_no_template

LINES = (
    SettingLine("SIM_APN1", "{{apn}}"),
    SettingLine("CLNT_IPP1", "{{host}},{{ port }}"),
    SettingLine("IRZ_PWD", "{{password}}"),
    SettingLine("WDT_INTV", "24"),
)
VALUES = {"apn": "internet", "host": "10.0.0.5", "port": "5009", "password": "Zaq12345"}


def test_values_take_the_places_of_their_names() -> None:
    done = render(LINES, VALUES)
    assert done.errors == ()
    assert [line.value for line in done.lines] == ["internet", "10.0.0.5,5009", "Zaq12345", "24"]
    assert placeholders(LINES) == ("apn", "host", "port", "password")
    assert secret_names(LINES) == {"password"}


def test_what_is_missing_or_wrong_is_told_by_position_without_values() -> None:
    done = render(LINES, {**VALUES, "port": "99999", "password": "abc"} | {"apn": "ок"})
    assert [position for position, _ in done.errors] == [0, 1, 2]
    assert "abc" not in str(done.errors)
    missing = render(LINES, {})
    assert missing.errors[1] == (1, "CLNT_IPP1: no value for host, port")


@pytest.mark.parametrize(
    "value", ["{{host}}", "{{apn}}", "{% raw %}", "$(reboot)", "x\rAT$ATM_RESET", "x\nAT$ATM_RESET"]
)
def test_a_value_is_text_and_is_neither_run_nor_replaced_again(value: str) -> None:
    done = render([SettingLine("SIM_APN1", "{{apn}}")], {**VALUES, "apn": value})
    if "\r" in value or "\n" in value:
        assert done.errors == ((0, "SIM_APN1: expected printable ASCII"),)
    else:
        assert done.errors == ()
        assert done.lines[0].value == value


def test_a_value_cannot_smuggle_in_another_field() -> None:
    done = render([SettingLine("CLNT_IPP1", "{{host}},5009")], {"host": "10.0.0.5,1"})
    assert done.errors == ((0, "CLNT_IPP1: expected 2 values (host, port), got 3"),)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (SettingLine("IRZ_PWD", "{{pwd}}"), None),
        (SettingLine("IRZ_PWD", ""), None),
        (SettingLine("IRZ_PWD", "Zaq12345"), "IRZ_PWD: it is secret: write {{irz_pwd}}"),
        (SettingLine("IRZ_PWD", "Zaq{{pwd}}"), "IRZ_PWD: it is secret: write {{irz_pwd}}"),
        (SettingLine("SIM_APN1", "{{APN}}"), "SIM_APN1: expected placeholders such as {{apn}}"),
        (SettingLine("SIM_APN1", "{{a.b}}"), "SIM_APN1: expected placeholders such as {{apn}}"),
        (SettingLine("TOAST", "1"), "TOAST: no such setting is known"),
    ],
)
def test_what_a_template_may_hold(line: SettingLine, wrong: str | None) -> None:
    told = why_no_template(line)
    assert (told is None) == (wrong is None)
    assert told is None or told.startswith(wrong or "")
    assert "Zaq" not in str(told)


def test_secrets_in_clear_become_placeholders() -> None:
    assert hide_secrets([SettingLine("SIM_PIN1", "1234"), SettingLine("SIM_MAIN", "1")]) == (
        SettingLine("SIM_PIN1", "{{sim_pin1}}"),
        SettingLine("SIM_MAIN", "1"),
    )


def test_the_model_decides_too() -> None:
    assert render([SettingLine("GSM_RANGE", "1")], {}, model="ATM42").errors == ()
    assert "expected a model" in render([SettingLine("GSM_RANGE", "1")], {}, model="ATM21").errors[0][1]
