"""Numbers inside a PDU."""

import pytest

from integrations.gsm_modem.address import BadAddress, decode_address, encode_address
from integrations.gsm_modem.gsm7 import encode_septets, pack


@pytest.mark.parametrize(
    ("number", "octets"),
    [
        ("+79211234567", "0B919712214365F7"),
        ("89211234567", "0B819812214365F7"),
        ("+4512345678", "0A915421436587"),
        ("111", "038111F1"),
    ],
)
def test_half_octets_are_swapped(number: str, octets: str) -> None:
    assert encode_address(number).hex().upper() == octets
    length, kind, *rest = bytes.fromhex(octets)
    assert decode_address(length, kind, bytes(rest)) == number


@pytest.mark.parametrize("number", ["", "+", "12a", "+7 921", "1" * 21, "١٢٣٤٥", "*100#", '1"', "1\r", "+7921;"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(BadAddress, match="expected 1 to 20 digits"):
        encode_address(number)


@pytest.mark.parametrize("name", ["M", "MTS", "Beeline", "MegaFon1", "Tele2 info", "Rostelecom1"])
def test_a_name_as_sender(name: str) -> None:
    half_octets = (len(name) * 7 + 3) // 4

    assert decode_address(half_octets, 0xD0, pack(encode_septets(name))) == name


def test_a_fill_in_the_middle_ends_the_number() -> None:
    assert decode_address(4, 0x91, b"\x21\xff") == "+12"
    assert decode_address(0, 0x91, b"") == ""
