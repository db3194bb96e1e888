"""The catalogue is the vendor's table, whole."""

import re
from pathlib import Path

import pytest

from irzhub.codec.irz.settings.catalogue import SECTIONS, SETTINGS, find_setting

#: Every name of the vendor's table (docs/protocol.md 2.4), and the bounds of its index.
VENDOR = [
    "ATM_PWD",
    "ATM_NEWPWD",
    "ATM_RESET",
    "ATM_ALL",
    "ATM_SOFT",
    "ATM_HARD",
    "ATM_NAME",
    "ATM_IMEI",
    "ATM_PRTCL",
    "ATM_BUILD",
    "ATM_MTBF",
    "ATM_CSQ",
    "ATM_DEBUG",
    "ATM_DBG",
    "RTC_SET",
    "RTC_EVENT:1-32",
    "SIM_MAIN",
    "SIM_PIN:1-2",
    "SIM_APN:1-2",
    "SIM_PWD:1-2",
    "SIM_USER:1-2",
    "SIM_RTN",
    "SIM_CHG",
    "SIM_ROAM:1-2",
    "SIM_GPIO",
    "GSM_RANGE",
    "CLNT_SET:1-5",
    "CLNT_IPP:1-5",
    "CLNT_RSV:1-5",
    "CLNT_PRTCL:1-5",
    "IRZ_LOGIN",
    "IRZ_START",
    "IRZ_PWD",
    "ID_SET",
    "ID_TEXT1",
    "ID_TEXT2",
    "ID_INTV",
    "ID_KEEP",
    "SRV_RCCNT",
    "SRV_PORT",
    "SRV_IDENT",
    "SRV_RCIP:1-5",
    "SRV_RCPWD:1-5",
    "SRV_INTF:0-5",
    "SRV_IPSMS",
    "PING_SET:1-2",
    "PING_IPP:1-2",
    "ERR_CHECK",
    "ERR_ATP",
    "ERR_SMS",
    "GPIO_SET:1-3",
    "GPIO_IFNC:1-3",
    "GPIO_OFNC:1-8",
    "GPIO_OUT:1-8",
    "GPIO_IMPULSE:1-8",
    "GPIO_SMS:1-3",
    "GPIO_TEXT:1-3",
    "GPIO_SEND:1-3",
    "GPIO_VCC4",
    "COUNT_STATE:1-3",
    "COUNT_TAU:1-3",
    "ADC_SET",
    "ADC_SPMV",
    "ADC_SPMA",
    "ADC_SEND",
    "PORT_MODE",
    "PORT_SET:0-1",
    "PORT_GPO1",
    "PORT_CAPT:0-1",
    "PORT_INTV:0-1",
    "PORT_DSIZE:0-1",
    "MODBUS_SET:0-5",
    "BT_SET",
    "WDT_INTV",
    "WDT_CALL",
    "SMS_SET",
    "SMS_ATTP",
    "SMS_TEXT",
    "SMS_COUNT",
    "SMS_PWD",
    "WAIT_PAUSE",
    "WAIT_WORD",
    "WAIT_RUNTIME:0-5",
    "WAIT_START_DELAY:0-5",
    "WAIT_CALLDN:0-5",
    "WAIT_CALLUP:0-5",
    "WAIT_POWER:0-5",
    "WAIT_GPIO_CNT:0-5",
    "CSD_SET",
    "CSD_PTCL",
    "CSD_INTF",
    "TEL_NB:1-14",
    "TEL_TXT:1-14",
    "GROUP_TEL:1-14",
    "BOOT_SET",
    "BOOT_END",
]
PAGE = Path(__file__).parents[4] / "docs" / "protocol.md"


def test_it_has_every_setting_once() -> None:
    ours = [each.name if each.first is None else f"{each.name}:{each.first}-{each.last}" for each in SETTINGS]
    assert sorted(ours) == sorted(VENDOR)


def test_what_the_page_names_is_in_it() -> None:
    part = PAGE.read_text().partition("### 2.4")[2].partition("### 2.5")[0]
    names = set(re.findall(r"`([A-Z]+_[A-Z0-9_]+)[<?=`]", part))
    assert len(names) > 40
    assert {name for name in names if all(name != each.name for each in SETTINGS)} == set()


def test_everything_is_said_in_both_languages_and_stands_in_a_section() -> None:
    for setting in SETTINGS:
        said = [setting.words, *(each.words for each in setting.fields), *([setting.note] if setting.note else [])]
        assert all(words.ru and words.en for words in said), setting.name
        assert re.search("[А-Яа-я]", setting.words.ru) or setting.words.ru == setting.words.en, setting.name
    assert {setting.section for setting in SETTINGS} == set(SECTIONS)


def test_every_default_fits_its_own_field() -> None:
    for setting in SETTINGS:
        for each in setting.fields:
            if each.default is not None:
                assert each.why_wrong(each.default) is None, (setting.name, each.name)


def test_what_can_cut_a_modem_off_is_dangerous_and_what_hides_is_secret() -> None:
    dangerous = {setting.name for setting in SETTINGS if setting.is_dangerous}
    secret = {setting.name for setting in SETTINGS if setting.is_secret}
    assert secret == {"ATM_PWD", "ATM_NEWPWD", "SIM_PIN", "SIM_PWD", "IRZ_PWD", "SRV_RCPWD", "SMS_PWD"}
    assert {"CLNT_IPP", "CLNT_RSV", "CLNT_SET", "CLNT_PRTCL", "SIM_APN", "ATM_RESET", "WAIT_PAUSE"} <= dangerous
    assert {name for name in (setting.name for setting in SETTINGS) if name.startswith("WAIT_")} <= dangerous
    assert not {"GPIO_SEND", "PORT_SET", "COUNT_TAU"} & dangerous


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("CLNT_IPP1", ("CLNT_IPP", 1)),
        ("clnt_ipp5", ("CLNT_IPP", 5)),
        ("CLNT_IPP6", None),
        ("CLNT_IPP", None),
        ("CLNT_IPP01", ("CLNT_IPP", 1)),
        ("ID_TEXT1", ("ID_TEXT1", None)),
        ("ID_TEXT3", None),
        ("GPIO_VCC4", ("GPIO_VCC4", None)),
        ("RTC_EVENT32", ("RTC_EVENT", 32)),
        ("RTC_EVENT33", None),
        ("PORT_SET0", ("PORT_SET", 0)),
        ("TOAST", None),
        ("", None),
    ],
)
def test_names_with_their_index(name: str, found: tuple[str, int | None] | None) -> None:
    setting = find_setting(name)
    assert (None if setting is None else (setting[0].name, setting[1])) == found
