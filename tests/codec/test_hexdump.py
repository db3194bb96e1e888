import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.hexdump import parse_hex

AT = b"AT$IMEI=86844103"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("C8CACBCCCD", b"\xc8\xca\xcb\xcc\xcd"),
        ("c8 ca cb", b"\xc8\xca\xcb"),
        ("C8:CA,CB;CC", b"\xc8\xca\xcb\xcc"),
        ("0xC8, 0xCA", b"\xc8\xca"),
        (r"\xC8\xCA", b"\xc8\xca"),
        ("[C8] (CA) {CB} 'CC' \"CD\"", b"\xc8\xca\xcb\xcc\xcd"),
        ("C8 # comment CA\n# all of it\nCA", b"\xc8\xca"),
        ("\r\n C8 \r\n\r\n CA \r\n", b"\xc8\xca"),
        ("C8CA  CBCC", b"\xc8\xca\xcb\xcc"),
        ("0000000", None),
        ("00000000", bytes(4)),
        ("00000000: 4154 2449  AT$I\n00000004: 4d45 493d  MEI=\n", b"AT$IMEI="),
        (
            (
                "00000000  41 54 24 49 4d 45 49 3d  38 36 38 34 34 31 30 33  |AT$IMEI=86844103|\n"
                "00000010  0a  |.|\n"
                "00000011"
            ),
            AT + b"\n",
        ),
        ("0000   41 54 24 49   AT$I\n0004   4d 45   ME", b"AT$IME"),
        ("0000\t41 54\tAT", b"AT"),
        ("C8C", None),
        ("hello", None),
        ("C8 C\nA", None),
        ("٠٠", None),
        ("C8CAXX", None),
    ],
)
def test_parse(text: str, data: bytes | None) -> None:
    if data is not None:
        assert parse_hex(text) == data
        return
    with pytest.raises(ValueError, match="line 1: expected pairs of hex digits"):
        parse_hex(text)


def test_errors_name_the_line_and_are_short() -> None:
    with pytest.raises(ValueError, match="line 3: expected") as caught:
        parse_hex("C8\nCA\n" + "x" * 10000)
    assert len(str(caught.value)) < 150


@given(st.binary(max_size=80))
def test_what_python_writes(data: bytes) -> None:
    for text in (data.hex(), data.hex(" "), data.hex(":").upper(), data.hex("\n")):
        assert parse_hex(text) == data


@given(st.binary(max_size=200))
def test_listings(data: bytes) -> None:
    lines = []
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b"|#" else "." for byte in row)
        lines.append(f"{start:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')}  |{shown}|")

    assert parse_hex("\n".join(lines)) == data
