"""The meters, sans-IO, and what they show of programs that interleave."""

import struct

import pytest

from irzhub.simulator.meters import (
    LINE_GAP_S,
    EchoMeter,
    MercuryMeter,
    ModbusMeter,
    SilentMeter,
    SlowMeter,
    has_crc,
    meter_factory,
    with_crc,
)

IMEI = "868441036775234"


def test_crc_is_that_of_modbus() -> None:
    assert with_crc(bytes.fromhex("010300000001")) == bytes.fromhex("010300000001840A")
    assert not has_crc(bytes.fromhex("010300000001840B"))


def test_silent_meter_never_answers() -> None:
    assert SilentMeter().receive(b"anything", 0.0) == []


def test_echo_returns_bytes_as_they_came() -> None:
    meter = EchoMeter(IMEI, delay_s=0.5)

    assert meter.receive(b"\x01\x08\x00", 0.0) == [(0.5, b"\x01\x08\x00")]


def test_echo_says_who_it_is_with_the_text_of_the_question() -> None:
    assert EchoMeter(IMEI).receive(b"?WHO p1.7 ..\n", 0.0) == [(0.0, b"!WHO 868441036775234 p1.7 ..\n")]


def test_question_may_come_in_single_bytes_and_with_a_second_one_behind() -> None:
    meter = EchoMeter(IMEI)
    answers = [answer for byte in b"?WHO a\n" for answer in meter.receive(bytes((byte,)), 0.0)]

    assert answers == [(0.0, b"!WHO 868441036775234 a\n")]
    assert meter.receive(b"?WHO b\n?WHO c\n?W", 0.0) == [
        (0.0, b"!WHO 868441036775234 b\n!WHO 868441036775234 c\n"),
    ]
    assert meter.receive(b"HO d\n", 0.0) == [(0.0, b"!WHO 868441036775234 d\n")]


def test_what_only_begins_like_a_question_is_echoed_in_the_end() -> None:
    meter = EchoMeter(IMEI)

    assert meter.receive(b"?W", 0.0) == []
    assert meter.receive(b"at", 0.0) == [(0.0, b"?Wat")]


def test_slow_meter_cuts_and_delays() -> None:
    meter = SlowMeter(EchoMeter(IMEI, 0.1), delay_s=1.0, pieces=3, gap_s=0.5)

    answers = meter.receive(b"1234567", 0.0)
    assert [piece for _, piece in answers] == [b"123", b"456", b"7"]
    assert [delay_s for delay_s, _ in answers] == pytest.approx([1.1, 1.6, 2.1])


def modbus(question: str, meter: ModbusMeter | None = None, now: float = 0.0) -> str:
    answers = (meter or ModbusMeter(base=0x1000)).receive(with_crc(bytes.fromhex(question)), now)
    return answers[0][1][:-2].hex() if answers else ""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("010300050002", "010304" + "1005" + "1006"),
        ("0104FFFF0001", "010402" + "0fff"),
        ("010300000000", "018302"),
        ("01030000007E", "018302"),
        ("0103FFFF0002", "018302"),
        ("01060001", "018601"),
        ("01030001", "018303"),
        ("020300000001", ""),
    ],
    ids=["two words", "wraps", "no words", "too many", "beyond the end", "other function", "too short", "other meter"],
)
def test_modbus_answers(question: str, answer: str) -> None:
    assert modbus(question) == answer


def test_modbus_waits_for_the_rest_but_not_over_a_gap() -> None:
    meter, question = ModbusMeter(), with_crc(bytes.fromhex("010300050001"))

    assert meter.receive(question[:3], 0.0) == []
    assert meter.receive(question[3:], 0.1) != []
    assert meter.receive(question[:3], 1.0) == []
    assert meter.receive(question[3:], 1.0 + LINE_GAP_S + 0.1) == []
    assert meter.receive(question, 3.0) != []


def test_wrong_crc_is_not_answered() -> None:
    assert ModbusMeter().receive(bytes.fromhex("010300050001FFFF"), 0.0) == []


class MercuryTalk:
    """A transcript with a Mercury-like meter: questions and answers in hex, without CRC."""

    def __init__(self) -> None:
        self.meter = MercuryMeter(serial="12345678")
        self.now = 1000.0

    def ask(self, question: str) -> str:
        self.now += 0.1
        answers = self.meter.receive(with_crc(bytes.fromhex(question)), self.now)
        if not answers:
            return ""
        assert has_crc(answers[0][1])
        return answers[0][1][:-2].hex()


OPEN_1 = "0101" + "01" + b"111111".hex()
OPEN_2 = "0101" + "02" + b"222222".hex()


def value(parameter: int, level: int, session: int) -> str:
    return struct.pack(">BBBH", 1, parameter, level, session).hex() + b"12345678".hex()


def test_mercury_reads_within_a_session_only() -> None:
    talk = MercuryTalk()
    assert talk.ask("0100") == "0105"
    assert talk.ask("010800") == "0105"
    assert talk.ask("010101" + b"wrong!".hex()) == "0103"
    assert talk.ask(OPEN_1) == "0100"
    assert talk.ask("0100") == "0100"
    assert talk.ask("010807") == value(7, level=1, session=1)
    assert talk.ask("0102") == "0100"
    assert talk.ask("010807") == "0105"


def test_mercury_writes_on_the_second_level_only() -> None:
    talk = MercuryTalk()
    assert talk.ask(OPEN_1) == "0100"
    assert talk.ask("01030C") == "0103"
    assert talk.ask(OPEN_2) == "0100"
    assert talk.ask("01030C") == "0100"
    assert talk.ask("0108") == "0101"
    assert talk.ask("010900") == "0101"


def test_second_program_breaks_the_session_of_the_first() -> None:
    talk = MercuryTalk()
    assert talk.ask(OPEN_2) == "0100"
    assert talk.ask("010801") == value(1, level=2, session=1)
    assert talk.ask(OPEN_1) == "0100"
    assert talk.ask("010801") == value(1, level=1, session=2)
    assert talk.ask("01030C") == "0103"
    assert talk.ask("0102") == "0100"
    assert talk.ask("010801") == "0105"
    assert talk.meter.broken_sessions == 1


def test_interleaved_bytes_of_two_programs_are_a_torn_question() -> None:
    talk = MercuryTalk()
    first, second = with_crc(bytes.fromhex(OPEN_1)), with_crc(bytes.fromhex(OPEN_2))

    assert talk.meter.receive(first[:5], 1000.0) == []
    assert talk.meter.receive(second, 1000.1) == []
    assert talk.meter.receive(first[5:], 1000.2) == []


def test_mercury_session_ends_by_itself_and_other_addresses_are_silent() -> None:
    talk = MercuryTalk()
    assert talk.ask(OPEN_1) == "0100"
    assert talk.ask("0200") == ""
    talk.now += 241
    assert talk.ask("0100") == "0105"
    assert talk.ask("0000") == "0005"


@pytest.mark.parametrize(
    ("kind", "made"), [("echo", EchoMeter), ("silent", SilentMeter), ("modbus", ModbusMeter), ("mercury", MercuryMeter)]
)
def test_factory_makes_each_kind(kind: str, made: type) -> None:
    assert isinstance(meter_factory(kind)(IMEI), made)


def test_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="expected a meter echo, silent, modbus, mercury, got 'gas'"):
        meter_factory("gas")
