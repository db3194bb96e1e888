"""Whole answers are seen as such, in any cut; echoes, halves and strangers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.meters.crc import crc16
from irzhub.relay.modbus_end import ModbusEnd


def framed(text: str) -> bytes:
    """Return hex text as bytes with their checksum, low byte first."""
    body = bytes.fromhex(text)
    return body + crc16(body).to_bytes(2, "little")


CASES = [
    pytest.param(framed("01 03 0000 0002"), framed("01 03 04 00010002"), id="modbus read"),
    pytest.param(framed("11 04 0008 0001"), framed("11 04 02 000a"), id="modbus read input"),
    pytest.param(framed("01 03 0000 007d"), framed("01 03 fa" + "5a" * 250), id="modbus longest read"),
    pytest.param(framed("01 03 0000 0002"), framed("01 83 02"), id="modbus exception"),
    pytest.param(framed("01 10 0001 0001 02 1234"), framed("01 10 0001 0001"), id="modbus write several"),
    pytest.param(framed("80 01 01 010101010101"), framed("80 00"), id="mercury open"),
    pytest.param(framed("80 05 00 00"), framed("80" + "00112233" * 4), id="mercury energy"),
    pytest.param(framed("00 08 05"), framed("80 0023"), id="mercury any address"),
    pytest.param(framed("00bc614e 27"), framed("00bc614e 27 00001234 00000000"), id="mercury 200 energy"),
]


def test_crc_is_that_of_modbus() -> None:
    assert framed("01 03 0000 0002").hex() == "010300000002c40b"


@pytest.mark.parametrize(("question", "answer"), CASES)
def test_whole_answer_ends_it(question: bytes, answer: bytes) -> None:
    end = ModbusEnd()
    end.ask(question)

    assert end.is_answered_by(answer)


@pytest.mark.parametrize(("question", "answer"), CASES)
@pytest.mark.parametrize("with_echo", [False, True])
def test_in_single_bytes_it_ends_with_the_last_one(question: bytes, answer: bytes, with_echo: bool) -> None:
    end = ModbusEnd()
    for number in range(len(question)):
        end.ask(question[number : number + 1])
    heard = question + answer if with_echo else answer

    ended = [end.is_answered_by(heard[number : number + 1]) for number in range(len(heard))]

    assert ended == [False] * (len(heard) - 1) + [True]


@pytest.mark.parametrize("question", [framed("01 03 0000 0002"), framed("01 06 0001 0003"), framed("80 00")])
def test_the_line_s_echo_is_no_answer(question: bytes) -> None:
    end = ModbusEnd()
    end.ask(question)

    assert not end.is_answered_by(question[:3])
    assert not end.is_answered_by(question[3:])  # though a write, or Mercury's test, is answered by a copy


def test_a_copy_of_the_question_behind_its_echo_is_the_answer_to_a_write() -> None:
    question = framed("01 06 0001 0003")
    end = ModbusEnd()
    end.ask(question)

    assert not end.is_answered_by(question)
    assert end.is_answered_by(question)


@pytest.mark.parametrize(
    "answer",
    [framed("02 03 04 00010002"), framed("01 03 04 00010002")[:-1] + b"\x00", framed("01 03 08 00010002"), b"\x01"],
    ids=["another address", "wrong checksum", "wrong length", "too short"],
)
def test_what_is_no_answer_to_the_question(answer: bytes) -> None:
    end = ModbusEnd()
    end.ask(framed("01 03 0000 0002"))

    assert not end.is_answered_by(answer)


def test_a_question_without_checksum_has_no_answer_that_can_be_seen() -> None:
    end = ModbusEnd()
    end.ask(b"/?!\r\n")

    assert not end.is_answered_by(framed("2f 00"))


def test_forget_begins_anew() -> None:
    end = ModbusEnd()
    end.ask(framed("01 03 0000 0002"))
    end.is_answered_by(b"\x01\x03")
    end.forget()
    end.ask(framed("02 03 0000 0001"))

    assert end.is_answered_by(framed("02 03 02 0001"))


@given(st.binary(max_size=600), st.lists(st.binary(max_size=300), max_size=20))
def test_random_bytes_keep_it_small(question: bytes, heard: list[bytes]) -> None:
    end = ModbusEnd()
    end.ask(question)
    for data in heard:
        end.is_answered_by(data)

    assert len(end._question) <= 513
    assert len(end._heard) <= 2 * 512 + 300
