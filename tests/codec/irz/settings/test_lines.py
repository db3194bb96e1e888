"""One line of settings, as people, files and modems write it."""

import pytest

from irzhub.codec.irz.settings.lines import SettingLine, parse_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("AT$SIM_MAIN=1", SettingLine("SIM_MAIN", "1")),
        ("at$clnt_ipp1=hub.example.ru,5009\r\n", SettingLine("CLNT_IPP1", "hub.example.ru,5009")),
        ("^CLNT_SET1:1,0,0,1", SettingLine("CLNT_SET1", "1,0,0,1")),
        ("AT$ATM_RESET", SettingLine("ATM_RESET", None)),
        ("AT$SIM_APN1=", SettingLine("SIM_APN1", "")),
        ("AT$GPIO_SET1=1,0%%%OK", SettingLine("GPIO_SET1", "1,0")),
        ("AT$ID_TEXT1=a=b,c:d", SettingLine("ID_TEXT1", "a=b,c:d")),
    ],
)
def test_lines_that_are_taken(text: str, line: SettingLine) -> None:
    assert parse_line(text) == line


@pytest.mark.parametrize(
    "text",
    ["", "AT", "AT$", "AT$1X=2", "SIM_MAIN=1", "AT$SIM_MAIN?", "AT$IRZ_PWD=Zaq\x00", "AT$IRZ_PWD=" + "Z" * 400, "Ж"],
)
def test_lines_that_are_not(text: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        parse_line(text)
    assert "Za" not in str(refused.value)
    assert "ZZ" not in str(refused.value)


def test_a_secret_is_sent_and_never_shown() -> None:
    line = parse_line("AT$IRZ_PWD=Zaq12345")
    assert line.text == "AT$IRZ_PWD=Zaq12345"
    assert line.shown == "AT$IRZ_PWD=****"
    assert "Zaq" not in repr(line)
    assert parse_line("AT$IRZ_PWD={{irz_pwd}}").shown == "AT$IRZ_PWD={{irz_pwd}}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("AT$SIM_MAIN=1", None),
        ("AT$CLNT_IPP1={{host}},5009", None),
        ("AT$SIM_MAIN=3", "SIM_MAIN: sim: expected one of 1, 2"),
        ("AT$TOAST=3", "TOAST: no such setting is known"),
        ("AT$ATM_SOFT=1", "ATM_SOFT: it can be read, not set"),
        ("AT$BOOT_END", "BOOT_END: the hub says that itself, or it is for USB only"),
        ("AT$GSM_RANGE=1", "GSM_RANGE: expected a model ATM31, ATM41, ATM42, it is ATM21"),
    ],
)
def test_what_cannot_be_sent(text: str, wrong: str | None) -> None:
    assert parse_line(text).why_wrong("ATM21") == wrong


def test_an_unknown_setting_is_sent_only_on_demand_and_feared() -> None:
    line = parse_line("AT$TOAST=3")
    assert line.why_wrong(may_be_unknown=True) is None
    assert line.is_dangerous
    assert not parse_line("AT$GPIO_SEND1=1").is_dangerous
