"""What settings and firmware make of a simulated modem."""

import pytest

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import build_hello
from irzhub.simulator.reboot import apply_firmware, apply_settings

IMEI = "868441036775234"


def modem_with(*lines: str) -> SimulatedModem:
    modem = SimulatedModem("127.0.0.1", 5009, IMEI)
    apply_settings(modem, list(lines))
    return modem


def test_settings_are_kept_by_name_and_the_hello_tells_of_them() -> None:
    modem = modem_with("at$irz_pwd=Secret7", "AT$CLNT_SET1=1,0,0,0", "at$boot_end")
    assert modem.settings == {"IRZ_PWD": "Secret7", "CLNT_SET1": "1,0,0,0"}
    hello = build_hello(IMEI, modem.options)
    assert b"PSW=Secret7," in hello
    assert b"COLPROT" not in hello


@pytest.mark.parametrize(
    ("line", "is_lost"),
    [
        ("AT$CLNT_IPP1=127.0.0.1,6009", False),
        ("AT$CLNT_IPP1=localhost,6009", False),
        ("AT$CLNT_IPP1=203.0.113.9,6009", True),
        ("AT$CLNT_IPP1=hub.example.ru,6009", True),
        ("AT$CLNT_IPP1=127.0.0.1,zero", True),
        ("AT$CLNT_IPP2=203.0.113.9,6009", False),
        ("AT$CLNT_SET1=0,0,0,1", True),
        ("AT$ATM_RESET", True),
    ],
)
def test_a_wrong_address_loses_the_modem(line: str, is_lost: bool) -> None:
    assert modem_with(line).is_lost is is_lost


def test_it_dials_the_new_address_on_this_machine() -> None:
    modem = modem_with("AT$CLNT_IPP1=127.0.0.1,6009")
    assert (modem.host, modem.port) == ("127.0.0.1", 6009)


def test_an_image_has_a_build_of_its_own() -> None:
    one, other = modem_with(), modem_with()
    apply_firmware(one, [b"a", b"b"])
    apply_firmware(other, [b"a", b"c"])
    assert one.options.build.startswith("002.")
    assert one.options.build != other.options.build
