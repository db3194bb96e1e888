from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from irzhub.cli.decode import decode_lines
from tests.cli.captures import ETHERNET, HUB, MODEM, Sent, ip, packet, pcap

CAPTURES = Path(__file__).parent.parent / "captures"
BEAT = "C8CACBCCCD020005B5BCBDBEBF0D0A"
BEAT_LINE = "02 keepalive [5] B5 BC BD BE BF"
RECORDING = """\
2026-11-21T18:57:03.120Z < C8CACBCCCD020005B5BC
2026-11-21T18:57:03.140Z < BDBEBF0D0A

2026-11-21T18:57:04.000Z > C8 CA CB CC CD 0C 00 03 00 40 02 0D 0A
2026-11-21T18:57:04.100Z = 010827
2026-11-21T18:57:04.200Z - 010828
"""


@pytest.mark.parametrize(
    "source", [BEAT, f" {BEAT}\n", BEAT.encode(), bytes.fromhex(BEAT), b"\xef\xbb\xbf" + BEAT.encode()]
)
def test_one_frame_in_any_form(source: bytes | str) -> None:
    assert list(decode_lines(source)) == [BEAT_LINE]


def test_recording(snapshot: SnapshotAssertion) -> None:
    lines = list(decode_lines(RECORDING))

    assert lines == list(decode_lines(RECORDING.encode())) == snapshot


def test_hello_as_text() -> None:
    (line,) = decode_lines("AT$IMEI=868441036775234,PSW=5492,\n")
    assert line == "hello 868441036775234 without encapsulation: PSW=(4 characters)"
    assert list(decode_lines("20260922140000,MOD=DAT,\r")) == ["answer work, local time 2026-09-22 14:00:00"]


def test_capture_file(snapshot: SnapshotAssertion) -> None:
    hello = b"AT$IMEI=868441036775234,COLPROT=1.3,\n"
    sent = [
        Sent(MODEM, HUB, 1, hello[:20]),
        Sent(MODEM, HUB, 21, hello[20:]),
        Sent(HUB, MODEM, 1, b"20260922140000,MOD=DAT,\r"),
        Sent(HUB, MODEM, 25, bytes.fromhex("C8CACBCCCD0C00030040010D0A")),
        Sent(MODEM, HUB, 1 + len(hello), bytes.fromhex("C8CACBCCCD0C0004014001150D0A")),
    ]

    assert list(decode_lines(pcap([packet(ETHERNET, ip(one)) for one in sent]))) == snapshot


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.hex")), ids=lambda path: path.stem)
def test_capture_in_hex(path: Path) -> None:
    assert list(decode_lines(path.read_bytes())) == list(decode_lines(path.read_text())) != []


@pytest.mark.parametrize("source", ["", b"", "\n", "# nothing"])
def test_nothing(source: bytes | str) -> None:
    assert list(decode_lines(source)) == []


@pytest.mark.parametrize("source", ["hello", b"hello", "C8C", f"{BEAT}\nnonsense"])
def test_text_that_is_neither(source: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"line \d: expected pairs of hex digits"):
        decode_lines(source)


@given(st.binary(max_size=200))
def test_any_file_is_explained_or_refused(data: bytes) -> None:
    try:
        lines = list(decode_lines(data))
    except ValueError:
        return
    assert all(line.isprintable() for line in lines)
