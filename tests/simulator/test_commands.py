"""Answers to command frames, without a socket; the vectors are in test_modem."""

from dataclasses import replace

import pytest

from irzhub.simulator.commands import Reply, answer_command, pin_report
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.pins import Pins
from irzhub.simulator.wire import COMMAND, HubFault, build_frame

OPTIONS = ModemOptions()


def said(text: str) -> bytes:
    return build_frame(COMMAND, b"\x01" + text.encode())


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("$gp4=1\r", Reply(said("OK"))),
        ("$gp1=1\r", Reply(said("ERROR"))),
        ("$gp5=1\r", Reply(said("ERROR"))),
        ("$ussd=0*100#\r", Reply(said("Balance 120.50 RUB"))),
        ("$ussd=0abc\r", Reply(said("ERROR"))),
        ("$sim\r", Reply(said("OK"), "change_sim")),
        ("$reboot\r", Reply(None, "reboot")),
        ("$wait\r", Reply(said("OK"), "standby")),
        ("$dcd=1\r", Reply(said("OK"))),
        ("$ipr=9600\r", Reply(said("OK"))),
        ("$nonsense\r", Reply(said("ERROR"))),
    ],
)
def test_text_commands(command: str, reply: Reply) -> None:
    assert answer_command(b"\x00" + command.encode(), Pins(OPTIONS.outputs), OPTIONS) == reply


def test_what_the_network_says_in_russian_comes_as_ucs2_in_hex() -> None:
    options = replace(OPTIONS, ussd="Баланс 5")

    reply = answer_command(b"\x00$ussd=0*100#\r", Pins(frozenset()), options)

    assert reply == Reply(said("04110430043B0430043D044100200035"))


@pytest.mark.parametrize("code", [0x00, 0x06, 0x07, 0x0A, 0x0C])
def test_questions_without_answer(code: int) -> None:
    assert answer_command(bytes((0, 0x40, code)), Pins(frozenset()), OPTIONS) == Reply(None)


def test_a_modem_may_be_told_to_leave_a_question_unanswered() -> None:
    options = replace(OPTIONS, silent_commands=frozenset({0x05}))

    assert answer_command(b"\x00\x40\x05", Pins(frozenset()), options) == Reply(None)
    assert answer_command(b"\x00\x40\x01", Pins(frozenset()), options).frame is not None


@pytest.mark.parametrize(("celsius", "byte"), [(-20, 80), (0, 100), (55, 155)])
def test_temperature_is_a_hundred_more(celsius: int, byte: int) -> None:
    reply = answer_command(b"\x00\x40\x05", Pins(frozenset()), replace(OPTIONS, temperature_c=celsius))

    assert reply.frame == build_frame(COMMAND, bytes((1, 0x40, 5, byte)))


def test_only_the_answer_with_pins_tells_them() -> None:
    pins = Pins(frozenset())

    assert answer_command(b"\x00\x40\x02", pins, OPTIONS).tells_pins
    assert not answer_command(b"\x00\x40\x01", pins, OPTIONS).tells_pins


def test_five_pins_can_be_declared_rightly_too() -> None:
    assert (
        pin_report(Pins(frozenset()), replace(OPTIONS, pin_count=5)).hex()
        == "c8cacbcccd0c00080140028080808082" + "0d0a"
    )


@pytest.mark.parametrize("payload", ["", "00", "004001FF", "0041", "00246770343D31"])
def test_what_is_no_command_is_a_fault(payload: str) -> None:
    with pytest.raises(HubFault, match="expected a command XX 40 CC or XX"):
        answer_command(bytes.fromhex(payload), Pins(frozenset()), OPTIONS)
