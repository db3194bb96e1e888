"""What a meter says of itself to a program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.meters.crc import crc16
from irzhub.codec.meters.identity import read_identity, tells_identity
from irzhub.codec.meters.questions import recognise

SERIAL_WANTED = bytes.fromhex("01 08 00 27 C0")


def with_crc(text: str) -> bytes:
    frame = bytes.fromhex(text)
    return frame + crc16(frame).to_bytes(2, "little")


def test_mercury_tells_its_serial_number_in_four_pairs_of_digits() -> None:
    asked = recognise(SERIAL_WANTED)
    assert tells_identity(asked, SERIAL_WANTED)
    assert read_identity(asked, with_crc("01 29 13 02 49 0C 05 18")) == "41190273"


def test_the_sign_on_of_iec_62056_21_names_maker_and_type() -> None:
    question = b"/?41190273!\r\n"
    asked = recognise(question)
    assert tells_identity(asked, question)
    assert read_identity(asked, b"/EKT5CE102Mv01\r\n") == "EKT5CE102Mv01"


@pytest.mark.parametrize("question", [with_crc("01 05 00 00"), with_crc("01 03 00 00 00 02"), b"anything"])
def test_other_answers_tell_nothing(question: bytes) -> None:
    assert not tells_identity(recognise(question), question)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        with_crc("01 29 13 02 49 0C 05"),
        with_crc("01 64 13 02 49 0C 05 18"),
        b"\x01\x29\x13\x02\x49\x0c\x05\x18\0\0",
    ],
)
def test_a_torn_or_strange_answer_tells_nothing(answer: bytes) -> None:
    assert read_identity(recognise(SERIAL_WANTED), answer) is None


@given(st.binary(max_size=100))
def test_any_answer_can_be_looked_at(answer: bytes) -> None:
    for question in (SERIAL_WANTED, b"/?!\r\n"):
        identity = read_identity(recognise(question), answer)
        assert identity is None or (0 < len(identity) <= 40 and identity.isprintable())
