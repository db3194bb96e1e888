"""Readings against the meters they are made for, without a socket."""

import pytest

from irzhub.simulator.meters import MercuryMeter, Meter, meter_factory, with_crc
from irzhub.simulator.readings import Reading, WrongAnswer, read_echo, read_mercury, read_modbus, reading_kind

IMEI = "868441036775234"


def converse(reading: Reading, meter: Meter, now: float = 1000.0) -> str:
    """Return the identity that a reading learns when nobody else is on the line."""
    try:
        question = next(reading)
        while True:
            ((_, answer),) = meter.receive(question.data, now)
            assert question.answer_size(answer) == len(answer)
            assert question.answer_size(answer[:2]) in (None, len(answer))
            question = reading.send(answer)
    except StopIteration as finished:
        return str(finished.value)


@pytest.mark.parametrize("kind", ["echo", "modbus", "mercury"])
def test_reading_learns_the_identity_of_the_meter(kind: str) -> None:
    reading = reading_kind(kind)

    assert converse(reading.make("p1.1"), meter_factory(kind)(IMEI)) == reading.identity_of(IMEI)


@pytest.mark.parametrize("size", [40, 64, 1024])
def test_echo_question_has_the_asked_size(size: int) -> None:
    assert len(next(read_echo("p12.345", size)).data) == size


@pytest.mark.parametrize(
    "answer", [b"!WHO 868441036775234 other ....\n", b"?WHO n .\n", b"!WHO\n", b"\n", b"!WHO 1 n ..\n"]
)
def test_answer_to_another_question_is_wrong(answer: bytes) -> None:
    reading = read_echo("n")
    next(reading)
    with pytest.raises(WrongAnswer, match="expected '!WHO <imei> n"):
        reading.send(answer)


@pytest.mark.parametrize("answer", ["0103140000", "018302"])
def test_modbus_answer_must_be_whole_and_good(answer: str) -> None:
    reading = read_modbus("n")
    next(reading)
    with pytest.raises(WrongAnswer, match="expected 10 registers of meter 1"):
        reading.send(with_crc(bytes.fromhex(answer)))


def test_modbus_words_must_fit_together() -> None:
    reading = read_modbus("n")
    next(reading)
    with pytest.raises(WrongAnswer, match="expected neighbouring values"):
        reading.send(with_crc(bytes.fromhex("010314" + "0001" * 10)))


def test_session_taken_over_by_another_program_is_a_failed_reading() -> None:
    meter = MercuryMeter()

    def ask(data: bytes) -> bytes:
        ((_, answer),) = meter.receive(data, 1000.0)
        return answer

    first, second = read_mercury("a"), read_mercury("b")
    parameter_0 = first.send(ask(next(first).data))
    parameter_1 = first.send(ask(parameter_0.data))
    ask(next(second).data)

    with pytest.raises(WrongAnswer, match=r"expected to read at level 1 in session \(1, 1\), got \(1, 2\)"):
        first.send(ask(parameter_1.data))


def test_session_closed_by_another_program_is_a_failed_reading() -> None:
    meter, reading = MercuryMeter(), read_mercury("a")
    ((_, opened),) = meter.receive(next(reading).data, 1000.0)
    question = reading.send(opened)
    meter.receive(with_crc(b"\x01\x02"), 1000.1)
    ((_, refused),) = meter.receive(question.data, 1000.2)

    assert question.answer_size(refused) == 4
    with pytest.raises(WrongAnswer, match="expected parameter 0, got 01 05"):
        reading.send(refused)


def test_silent_meters_cannot_be_polled() -> None:
    with pytest.raises(ValueError, match="expected a meter echo, modbus, mercury to poll, got 'silent'"):
        reading_kind("silent")
