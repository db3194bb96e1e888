import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.raw.pattern import Packet, Pattern, parse_bytes, parse_pattern


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("ID={id};", Pattern(b"ID=", b";")),
        ("7E01{id}0D", Pattern(b"\x7e\x01", b"\r")),
        ("7e01{id}0d", Pattern(b"\x7e\x01", b"\r")),
        ("hex:7E01{id}", Pattern(b"\x7e\x01", b"")),
        ("text:DEAD{id}BEEF", Pattern(b"DEAD", b"BEEF")),
        ("{id}\r\n", Pattern(b"", b"\r\n")),
        ("hello:{id}", Pattern(b"hello:", b"")),
        ("7E0{id}", Pattern(b"7E0", b"")),
        ("номер {id};", Pattern("номер ".encode(), b";")),
    ],
)
def test_pattern(text: str, pattern: Pattern) -> None:
    assert parse_pattern(text) == pattern


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "one {id}"),
        ("ID=;", "one {id}"),
        ("{id}{id}", "one {id}"),
        ("{id}", "more than {id}"),
        ("text:{id}", "more than {id}"),
        ("hex:7E0{id}", "pairs of hex digits"),
        ("hex:ID={id}", "pairs of hex digits"),
    ],
)
def test_bad_pattern(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        parse_pattern(text)


@pytest.mark.parametrize(
    ("text", "data"),
    [("7E7E", b"~~"), ("PING", b"PING"), ("text:7E", b"7E"), ("hex:7E", b"~"), ("7E7", b"7E7"), ("\x00", b"\x00")],
)
def test_bytes(text: str, data: bytes) -> None:
    assert parse_bytes(text) == data


@pytest.mark.parametrize("text", ["", "hex:", "text:", "hex:PING"])
def test_bad_bytes(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_bytes(text)


ID = Pattern(b"ID=", b";")
OPEN = Pattern(b"ID=", b"")
BARE = Pattern(b"", b"\r\n")
LIKE_ID = Pattern(b"", b"END")


@pytest.mark.parametrize(
    ("pattern", "data", "packet"),
    [
        (ID, b"ID=abc;", Packet(b"abc", 7)),
        (ID, b"ID=abc;tail;", Packet(b"abc", 7)),
        (ID, b"ID=" + b"x" * 32 + b";", Packet(b"x" * 32, 36)),
        (ID, b"ID=" + b"x" * 33 + b";", None),
        (ID, b"ID=;", None),
        (ID, b"ID=a_b;", None),
        (ID, b"ID=abc", None),
        (ID, b"xID=abc;", None),
        (OPEN, b"ID=abc", None),
        (OPEN, b"ID=abc\x00", Packet(b"abc", 6)),
        (OPEN, b"ID=" + b"x" * 33, Packet(b"x" * 32, 35)),
        (OPEN, b"ID=\x00", None),
        (BARE, b"abc\r\n", Packet(b"abc", 5)),
        (BARE, b"\r\n", None),
        (LIKE_ID, b"aENDEND", Packet(b"a", 4)),
        (LIKE_ID, b"ENDEND", Packet(b"END", 6)),
    ],
)
def test_find(pattern: Pattern, data: bytes, packet: Packet | None) -> None:
    assert pattern.find(data) == packet


@pytest.mark.parametrize(
    ("pattern", "data", "may_become"),
    [
        (ID, b"", True),
        (ID, b"I", True),
        (ID, b"ID=", True),
        (ID, b"ID=abc", True),
        (ID, b"ID=" + b"x" * 32, True),
        (ID, b"ID=" + b"x" * 33, False),
        (ID, b"ID=a b", False),
        (ID, b"ID=\xd9\xa1", False),
        (ID, b"id=", False),
        (ID, b"IDA", False),
        (BARE, b"abc\r", True),
        (BARE, b"abc\rx", False),
        (BARE, b"\r", False),
        (LIKE_ID, b"abcEN", True),
        (LIKE_ID, b"x" * 32 + b"EN", True),
        (LIKE_ID, b"x" * 33 + b"EN", False),
        (LIKE_ID, b"a EN", False),
        (OPEN, b"ID=ab", True),
    ],
)
def test_may_become(pattern: Pattern, data: bytes, may_become: bool) -> None:
    assert pattern.may_become(data) is may_become


@given(st.sampled_from([ID, BARE, LIKE_ID]), st.from_regex(r"[0-9A-Za-z-]{1,32}", fullmatch=True), st.data())
def test_every_beginning_of_a_packet_may_become_one(pattern: Pattern, modem: str, data: st.DataObject) -> None:
    packet = pattern.before + modem.encode() + pattern.behind
    size = data.draw(st.integers(0, len(packet) - 1))

    assert pattern.find(packet[:size]) is not None or pattern.may_become(packet[:size])
    assert pattern.find(packet) is not None
