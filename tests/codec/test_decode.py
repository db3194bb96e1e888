from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from irzhub.codec.decode import explain, explain_frame
from irzhub.codec.hexdump import parse_hex
from irzhub.codec.irz.frames import KEEPALIVE, PREFIX, Frame, build_frame
from tests.codec.ways import pieces_of, two_ways, whole

CAPTURES = sorted((Path(__file__).parent.parent / "captures").glob("*.hex"))
HELLO = b"AT$IMEI=868441036775234,PSW=5492,CSQ=16,\n"


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_capture(path: Path, snapshot: SnapshotAssertion) -> None:
    data = parse_hex(path.read_text())

    for cut in two_ways(data):
        assert [str(piece) for piece in pieces_of(cut, is_silent=True)] == [
            str(piece) for piece in pieces_of(whole(data), is_silent=True)
        ]
    assert list(explain(data)) == snapshot


def test_there_are_captures() -> None:
    assert len(CAPTURES) >= 4


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (KEEPALIVE * 2, ["keepalive", "keepalive"]),
        (b"\x01\x08", ["bytes [2] 01 08"]),
        (b"hello", ['bytes [5] 68 65 6C 6C 6F "hello"']),
        (HELLO, ["hello 868441036775234 without encapsulation: PSW=(4 characters), CSQ=16"]),
        (b"AT$IMEI=868441036775234,", ["hello 868441036775234 without encapsulation: nothing more"]),
        (
            b"AT$IMEI=868441036775234,COLPROT=1.3,CHN=2,\n",
            ["hello 868441036775234_2 with encapsulation: COLPROT=1.3, CHN=2"],
        ),
        (b"AT$IMEI=868441036775234,PS", ["-- unfinished hello [26]"]),
        (
            b"AT$IMEI=x",
            ["-- no hello: expected an IMEI of 14-17 digits, got b'x'", "bytes [1] 78"],
        ),
        (b"20260922140000,MOD=DAT,\r", ["answer work, local time 2026-09-22 14:00:00"]),
        (
            b"20260922140000,MOD=SET,PSW=5492,\r\n",
            ["answer settings upload, local time 2026-09-22 14:00:00"],
        ),
        (
            b"20260922140000,MOD=FRM,PSW=5492,PAG=0123,\r",
            ["answer firmware update, local time 2026-09-22 14:00:00, 123 pages"],
        ),
        (PREFIX + b"\x01", ["-- unfinished frame [6] C8 CA CB CC CD 01"]),
        (PREFIX + b"\xff\xff\xff\xff", ["bytes [5] C8 CA CB CC CD", "bytes [4] FF FF FF FF"]),
        (build_frame(1, b"")[:-2] + b"xx", ["bytes [5] C8 CA CB CC CD", "bytes [5] 01 00 00 78 78"]),
    ],
)
def test_lines(data: bytes, lines: list[str]) -> None:
    assert list(explain(data)) == lines


@pytest.mark.parametrize(
    ("frame", "meaning"),
    [
        (Frame(1, b"\x01"), ""),
        (Frame(1, b""), "keepalive"),
        (Frame(2, b"\x01"), ""),
        (Frame(5, b"OK%%%12"), "'OK%%%12'"),
        (Frame(4, b"PASSOK"), "'PASSOK'"),
        (Frame(4, b"\xff\x00"), ""),
        (Frame(12, b"\x00\x40\x01"), "question signal"),
        (Frame(12, b"\x07\x40\x06"), "question 0x06"),
        (Frame(12, b"\x01\x40\x01\x15"), "answer signal: csq 21, rssi_dbm -71"),
        (Frame(12, b"\x01\x40\x01\x63"), "answer signal: csq unknown, rssi_dbm unknown, csq_code 99"),
        (Frame(12, b"\x01\x40\x02\x80\xc2"), "answer pins: pins 1:in-low 2:out-high"),
        (Frame(12, b"\x01\x40\x02\x00"), "answer pins: pins unknown"),
        (Frame(12, b"\x01\x40\x03\x3f"), "answer 0x03: 3F"),
        (Frame(12, b"\x01\x40\x04?"), "answer cell: cell unreadable with 0 neighbours"),
        (
            Frame(12, b'\x01\x40\x040,"250,01,00dd,3860,29,21";1,"250,01,00dd,3863,27,17";'),
            "answer cell: cell mcc 250 mnc 01 lac 221 cid 14432 bsic 29 rx_level 21 with 1 neighbours",
        ),
        (Frame(12, b"\x01\x40\x05\x7d"), "answer temperature: temperature_c 25"),
        (Frame(12, b"\x00$gp4=1\r"), "text '$gp4=1'"),
        (Frame(12, b"\x01OK\r\n"), "answer 'OK'"),
    ],
)
def test_meaning(frame: Frame, meaning: str) -> None:
    assert explain_frame(frame) == (f"{frame} = {meaning}" if meaning else str(frame))


def test_no_password_is_shown() -> None:
    data = HELLO + b"20260922140000,MOD=SET,PSW=5492,\r" + HELLO

    assert "5492" not in "\n".join(explain(data))


def test_a_long_stream_is_explained_in_one_go() -> None:
    assert len(list(explain(build_frame(1, b"\x01\x08") * 20_000))) == 20_000


@given(
    st.lists(
        st.binary(max_size=30)
        | st.sampled_from([HELLO, KEEPALIVE, PREFIX, b"AT$IMEI=", b"20260922140000,MOD=DAT,\r"])
        | st.builds(build_frame, st.integers(0, 13), st.binary(max_size=20)),
        max_size=8,
    )
)
@settings(max_examples=300)
def test_any_bytes_are_explained_in_printable_lines(parts: list[bytes]) -> None:
    assert all(line.isprintable() for line in explain(b"".join(parts)))
