"""The keys of the integration, as an operator writes them."""

from pathlib import Path

import pytest

from integrations.gsm_modem.schema import ModemPlace, build_settings
from irzhub.config.load import load_settings
from irzhub.core.exceptions import ConfigError
from irzhub.loader import FoundSchemas


def read(folder: Path, text: str) -> dict[str, object]:
    (folder / "irzhub.yaml").write_text(f"integrations:\n  gsm_modem: {text}\n")
    return dict(load_settings(folder, {}, schemas=FoundSchemas(folder)).integrations["gsm_modem"])


def test_one_modem_with_what_it_has_by_itself(tmp_path: Path) -> None:
    settings = build_settings(read(tmp_path, "{port: /dev/serial/by-id/usb-SimTech, pin: '1234'}"))

    assert settings.modems == (ModemPlace(name="main", port="/dev/serial/by-id/usb-SimTech", baud=115200, pin="1234"),)
    assert settings.balance_code is None
    assert settings.is_hanging_up
    assert "1234" not in repr(settings)


def test_several_modems_and_a_balance(tmp_path: Path) -> None:
    text = """
    port: /dev/ttyUSB0
    modems: [{name: spare, port: "rfc2217://10.0.0.7:2217"}, {name: far, port: "socket://[::1]:4001", baud: 9600}]
    balance: {code: "*100#", every: 12h, warn_below: 50}
    allow: ["+7"]
    incoming_calls: let_ring
"""
    settings = build_settings(read(tmp_path, text))

    assert [(each.name, each.port) for each in settings.modems] == [
        ("main", "/dev/ttyUSB0"),
        ("spare", "rfc2217://10.0.0.7:2217"),
        ("far", "socket://[::1]:4001"),
    ]
    assert (settings.balance_code, settings.balance_every_s, settings.balance_warn_below) == ("*100#", 43200.0, 50)
    assert not settings.is_hanging_up


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{port: COM3}", "integrations.gsm_modem.port: expected a path such as /dev/serial/by-id/..."),
        ("{port: 'tcp://10.0.0.1:5'}", "expected a path such as"),
        ("{port: /dev/x, pin: 12}", "integrations.gsm_modem.pin"),
        (
            "{port: /dev/x, balance: {code: '100'}}",
            "integrations.gsm_modem.balance.code: expected a code such as *100#",
        ),
        ("{port: /dev/x, prot: 1}", "unknown key; did you mean `port`?"),
        ("{port: /dev/x, modems: [{name: 'два слова', port: /dev/y}]}", "a name of letters, digits, - and _"),
    ],
    ids=["windows", "url", "pin", "balance", "key", "name"],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)

    assert why in str(error.value)
    assert "line 2" in str(error.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{baud: 9600}", "expected integrations.gsm_modem.port"),
        ("{port: /dev/x, modems: [{name: main, port: /dev/y}]}", "expected a name of its own for each modem"),
    ],
    ids=["no port", "one name"],
)
def test_what_cannot_work_is_told_at_setup(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Exception, match=why):
        build_settings(read(tmp_path, text))
