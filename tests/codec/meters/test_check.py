import pytest

from irzhub.codec.meters.check import (
    MeterAnswer,
    iec_question,
    is_whole,
    mercury_question,
    modbus_question,
    read_answer,
)
from irzhub.codec.meters.crc import crc16


def closed(text: str) -> bytes:
    body = bytes.fromhex(text)
    return body + crc16(body).to_bytes(2, "little")


def test_questions_are_those_of_the_protocols() -> None:
    assert modbus_question(1, 0, 10).hex() == "01030000000ac5cd"
    assert mercury_question(0x57) == closed("570800")
    assert iec_question("007") == b"/?007!\r\n"


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        (modbus_question(1, 0, 2), closed("01030400070102"), MeterAnswer(registers=(7, 258))),
        (modbus_question(1, 0, 2), closed("018302"), MeterAnswer(error="the meter refused with exception 2")),
        (
            modbus_question(1, 0, 2),
            b"\x01\x03\x02\x00\x07\x00\x00",
            MeterAnswer(error="the answer has a wrong checksum"),
        ),
        (modbus_question(1, 0, 2), closed("01030800070102"), MeterAnswer(error="the answer has a wrong length")),
        (mercury_question(87), closed("570b1f2a5701010f"), MeterAnswer(serial="11314287")),
        (iec_question(""), b"/EKT5CE301v9\r\n", MeterAnswer(serial="EKT5CE301v9")),
        (b"\x01\x02", b"\x03", MeterAnswer()),
    ],
)
def test_answers_are_read(question: bytes, answer: bytes, says: MeterAnswer) -> None:
    assert read_answer(question, answer) == says


def test_an_answer_is_whole_when_its_checksum_is_right() -> None:
    whole = closed("01030400070102")

    assert is_whole(modbus_question(1, 0, 2), whole)
    assert not is_whole(modbus_question(1, 0, 2), whole[:-1])
    assert is_whole(iec_question(""), b"/EKT5CE301v9\r\n")
    assert not is_whole(iec_question(""), b"/EKT5CE3")
