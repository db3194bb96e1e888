"""The AT engine as transcripts: what the modem says, whole and byte by byte, and what the hub understands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.gsm_modem.at import LONGEST_LINE, AtEngine, AtEvent, Prompt, Result, Urc, fields_of

PDU = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"


def said(command: str, answer: bytes, prefix: str = "", *, prompt: bool = False) -> list[AtEvent]:
    """Return what an answer means, the same in one piece and in single bytes."""
    whole, slow = AtEngine(), AtEngine()
    for engine in (whole, slow):
        if command:
            engine.begin(command, prefix, prompt=prompt)
    found = whole.receive(answer)
    assert [event for place in range(len(answer)) for event in slow.receive(answer[place : place + 1])] == found
    return found


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"\r\nOK\r\n", Result("OK")),
        (b"AT+CSQ\r\r\n+CSQ: 21,0\r\n\r\nOK\r\n", Result("OK", ("+CSQ: 21,0",))),
        (b"\r\nERROR\r\n", Result("ERROR")),
        (b"\r\n+CME ERROR: 10\r\n", Result("CME", (), 10, "10")),
        (b"\r\n+CMS ERROR: 500\r\n", Result("CMS", (), 500, "500")),
        (b"\r\n+CME ERROR: SIM not inserted\r\n", Result("CME", (), None, "SIM not inserted")),
        (b"\0\0\r\nOK\r\n", Result("OK")),
        (b"\r\nRING\r\n\r\n+CSQ: 9,0\r\nOK\r\n", Result("OK", ("+CSQ: 9,0",))),
        (b"\r\ngarbage\xff\xfe\r\n+CSQ: 9,0\r\nOK\r\n", Result("OK", ("+CSQ: 9,0",))),
    ],
    ids=["ok", "echo", "error", "cme", "cms", "words", "NUL", "RING between", "garbage"],
)
def test_a_command_gets_its_result(answer: bytes, result: Result) -> None:
    assert [event for event in said("AT+CSQ", answer, "+CSQ:") if isinstance(event, Result)] == [result]


@pytest.mark.parametrize(
    ("line", "urc"),
    [
        (b"RING", Urc("RING")),
        (b'+CLIP: "+79211234567",145', Urc("+CLIP", '"+79211234567",145')),
        (b'+CMTI: "SM",3', Urc("+CMTI", '"SM",3')),
        (b"+CREG: 2", Urc("+CREG", "2")),
        (b"+CPIN: NOT READY", Urc("+CPIN", "NOT READY")),
        (b"NO CARRIER", Urc("NO CARRIER")),
        (b"+CDS: 25\r\n" + PDU.encode(), Urc("+CDS", "25", PDU)),
        (b"+CMT: ,30\r\n" + PDU.encode(), Urc("+CMT", ",30", PDU)),
    ],
    ids=lambda value: value.decode()[:8] if isinstance(value, bytes) else "",
)
def test_what_comes_unasked_is_told_apart(line: bytes, urc: Urc) -> None:
    assert said("", b"\r\n" + line + b"\r\n") == [urc]
    assert said("AT+CSQ", b"\r\n" + line + b"\r\nOK\r\n", "+CSQ:") == [urc, Result("OK")]


def test_the_answer_to_a_question_is_no_urc() -> None:
    assert said("AT+CREG?", b"\r\n+CREG: 0,1\r\n\r\nOK\r\n", "+CREG:") == [Result("OK", ("+CREG: 0,1",))]
    assert said("AT+CREG?", b"\r\n+CREG: 2\r\n+CREG: 0,2\r\nOK\r\n", "+CREG:") == [
        Urc("+CREG", "2"),
        Result("OK", ("+CREG: 0,2",)),
    ]
    assert said("AT+CPIN?", b"+CPIN: SIM PIN\r\nOK\r\n", "+CPIN:") == [Result("OK", ("+CPIN: SIM PIN",))]


@pytest.mark.parametrize("prompt", [b"\r\n> ", b"\r\n>\r\n", b"\0> ", b"\r\nRING\r\n\r\n> "])
def test_the_prompt_in_all_its_forms(prompt: bytes) -> None:
    engine = AtEngine()
    engine.begin("AT+CMGS=20", "+CMGS:", prompt=True)

    assert [event for event in engine.receive(prompt) if isinstance(event, Prompt)] == [Prompt()]
    assert engine.receive(b"\r\n+CMGS: 7\r\n\r\nOK\r\n") == [Result("OK", ("+CMGS: 7",))]


@pytest.mark.parametrize("prompt", [b"\r\n>\r\nOK\r\n", b">OK\r\n", b"\0 > OK\r\n"])
def test_what_follows_the_prompt_is_read_too(prompt: bytes) -> None:
    assert said("AT+CMGS=20", prompt, "+CMGS:", prompt=True) == [Prompt(), Result("OK")]


def test_a_prompt_that_nobody_asked_for_is_noise() -> None:
    assert said("AT", b"\r\n> \r\nOK\r\n") == [Result("OK", (">",))]
    assert said("AT", b"\r\n> \r\nOK\r\n", "+X:") == [Result("OK")]


def test_a_list_of_sms_keeps_its_pdus() -> None:
    listed = f'\r\n+CMGL: 1,0,,30\r\n{PDU}\r\n+CMGL: 2,1,"",30\r\n{PDU}\r\n\r\nOK\r\n'.encode()

    assert said("AT+CMGL=4", listed, "+CMGL:") == [Result("OK", ("+CMGL: 1,0,,30", PDU, '+CMGL: 2,1,"",30', PDU))]


def test_the_text_of_an_sms_is_never_a_result() -> None:
    """It travels as hex; even a modem that shows a text as text gives no result code, only noise."""
    engine = AtEngine()
    engine.receive(b"\r\nOK\r\nERROR\r\n+CMGS: 5\r\n")

    assert engine.noise == 3


def test_a_call_that_ends_at_once_and_one_that_ends_by_itself() -> None:
    assert said("ATD+79211234567;", b"\r\nBUSY\r\n") == [Result("CALL", (), None, "BUSY")]
    assert said("AT+CLCC", b"\r\nNO CARRIER\r\nOK\r\n", "+CLCC:") == [Urc("NO CARRIER"), Result("OK")]


@pytest.mark.parametrize("command", ["AT\r", "AT+CMGS=1\x1a", "", "AT" + "X" * 200, "ATж"])
def test_nothing_but_a_line_goes_out(command: str) -> None:
    with pytest.raises(ValueError, match="expected printable ASCII as a command"):
        AtEngine().begin(command)


def test_one_command_at_a_time() -> None:
    engine = AtEngine()
    engine.begin("AT")
    with pytest.raises(ValueError, match="AT has no result yet"):
        engine.begin("AT+CSQ")
    engine.abandon()
    assert not engine.is_busy
    assert engine.receive(b"\r\nOK\r\n") == []


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_garbage_costs_no_memory_and_raises_nothing(pieces: list[bytes]) -> None:
    engine = AtEngine()
    for piece in pieces:
        engine.receive(piece)
        assert len(engine._buffer) <= LONGEST_LINE


def test_an_endless_line_is_thrown_away() -> None:
    engine = AtEngine()
    engine.begin("AT", "+CSQ:")
    assert engine.receive(b"x" * 100_000) == []
    assert len(engine._buffer) <= LONGEST_LINE
    engine.receive(b"\r")
    assert engine.noise > 97_000
    assert engine.receive(b"\r\nOK\r\n") == [Result("OK")]


def test_fields() -> None:
    assert fields_of('0,0,"MTS, RUS",2') == ["0", "0", "MTS, RUS", "2"]
    assert fields_of("1,1,,30") == ["1", "1", "", "30"]
    assert fields_of("") == []
