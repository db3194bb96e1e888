"""The 7-bit alphabet: every septet there and back, as the standard's examples have it."""

import pytest

from integrations.gsm_modem.gsm7 import BASIC, EXTENSION, decode_septets, encode_septets, is_gsm7, pack, unpack


def test_every_character_comes_back() -> None:
    text = BASIC.replace("\x1b", "") + "".join(EXTENSION.values())

    assert is_gsm7(text)
    assert decode_septets(encode_septets(text)) == text


def test_packed_as_in_every_textbook() -> None:
    assert pack(encode_septets("hellohello")).hex().upper() == "E8329BFD4697D9EC37"
    assert decode_septets(unpack(bytes.fromhex("E8329BFD4697D9EC37"), 10)) == "hellohello"


@pytest.mark.parametrize("fill", range(7))
def test_packed_behind_a_header(fill: int) -> None:
    septets = encode_septets("{[~^|\\}]€ дом"[:9])

    assert unpack(pack(septets, fill), len(septets), fill) == septets


def test_the_euro_takes_two_septets_and_an_unknown_escape_none() -> None:
    assert encode_septets("€") == b"\x1b\x65"
    assert decode_septets(b"\x1b\x41") == "A"
    assert decode_septets(b"\x1b\x1b") == " "
    assert decode_septets(b"A\x1b") == "A"


def test_fewer_octets_than_promised_give_fewer_septets() -> None:
    assert decode_septets(unpack(b"\xe8\x32", 160)) == "he"


def test_what_the_alphabet_lacks_is_named() -> None:
    assert not is_gsm7("ж")
    with pytest.raises(ValueError, match="expected characters of the GSM alphabet, got 'ж'"):
        encode_septets("ж")
