"""Frames and answer lines, byte by byte (docs/protocol.md 1.3, 1.5)."""

import pytest

from irzhub.simulator.wire import (
    COMMAND,
    DATA,
    KEEPALIVE,
    FrameSplitter,
    HubAnswer,
    HubFault,
    build_frame,
    parse_answer,
)


@pytest.mark.parametrize(
    ("kind", "payload", "frame"),
    [
        (KEEPALIVE, "B5BCBDBEBF", "C8CACBCCCD020005B5BCBDBEBF0D0A"),
        (DATA, "01080027C0", "C8CACBCCCD01000501080027C00D0A"),
        (COMMAND, "", "C8CACBCCCD0C00000D0A"),
    ],
)
def test_builds_the_vectors(kind: int, payload: str, frame: str) -> None:
    assert build_frame(kind, bytes.fromhex(payload)).hex().upper() == frame


def test_declared_length_can_be_wrong_on_purpose() -> None:
    assert build_frame(COMMAND, b"12345678", declared=7)[6:8] == b"\x00\x07"


def test_long_payload_has_its_length_in_two_bytes() -> None:
    assert build_frame(DATA, bytes(1180))[6:8] == bytes.fromhex("049C")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"20260922140000,MOD=DAT,\r", HubAnswer("20260922140000", "DAT")),
        (b"20260922140000,MOD=SET,PSW=5492,\r", HubAnswer("20260922140000", "SET", "5492")),
        (b"20260922140000,MOD=FRM,PSW=5492,PAG=0123,\r", HubAnswer("20260922140000", "FRM", "5492", 123)),
    ],
)
def test_takes_the_three_answers(line: bytes, answer: HubAnswer) -> None:
    assert parse_answer(line) == answer


@pytest.mark.parametrize(
    "line",
    [b"", b"\r", b"20260922140000,MOD=DAT,\r\r", b"20260922140000,MOD=DAT\r", b"20260922140000,MOD=FRM,PSW=5492,\r"],
)
def test_refuses_other_lines_and_says_why(line: bytes) -> None:
    with pytest.raises(HubFault, match=r"expected an answer like '20260922140000,MOD=DAT,"):
        parse_answer(line)


STREAM = bytes.fromhex("C8CACBCCCD01000501080027C00D0AC8CACBCCCD0C00030040010D0AC8CACBCCCD0100040D0A0D0A0D0A")
FRAMES = [(DATA, bytes.fromhex("01080027C0")), (COMMAND, bytes.fromhex("004001")), (DATA, b"\r\n\r\n")]


@pytest.mark.parametrize("size", [1, 2, 7, 15, 1000])
def test_frames_come_out_of_any_cut(size: int) -> None:
    splitter = FrameSplitter()
    frames = [
        frame for start in range(0, len(STREAM), size) for frame in splitter.receive(STREAM[start : start + size])
    ]

    assert frames == FRAMES


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("00C8CACBCCCD0100", "expected a frame c8cacbcccd, got 00 c8"),
        ("C8CACBCCCD030000", "expected a frame of kind 01, 04, 05 or 0C, got 03"),
        ("C8CACBCCCD010001AABBCC", "expected 0d 0a at the end of a frame, got bb cc"),
    ],
)
def test_what_no_modem_takes_is_a_fault(data: str, complaint: str) -> None:
    with pytest.raises(HubFault, match=complaint):
        FrameSplitter().receive(bytes.fromhex(data))
