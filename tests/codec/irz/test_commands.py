from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.commands import TEMPLATES, Command, build_command, template_key
from irzhub.codec.irz.templates import KNOWN

# Every command of the contract that can be sent: (name, arguments, payload, question).
GOOD: list[tuple[str, dict[str, Any], bytes, int | None]] = [
    ("signal", {}, b"\x00\x40\x01", 0x01),
    ("pins", {}, b"\x00\x40\x02", 0x02),
    ("cell", {}, b"\x00\x40\x04", 0x04),
    ("temperature", {}, b"\x00\x40\x05", 0x05),
    ("iccid", {}, b"\x00\x40\x0b", 0x0B),
    ("set_output", {"output": 1, "on": False}, b"\x00$gp1=0\r", None),
    ("set_output", {"output": 4, "on": True}, b"\x00$gp4=1\r", None),
    ("ussd", {"code": "*100#"}, b"\x00$ussd=0*100#\r", None),
    ("ussd", {"code": "##"}, b"\x00$ussd=0##\r", None),
    ("change_sim", {}, b"\x00$sim\r", None),
    ("standby", {}, b"\x00$wait\r", None),
    ("raw", {"hex": "004003"}, b"\x00\x40\x03", 0x03),
    ("raw", {"hex": "05 40 03 FF"}, b"\x05\x40\x03\xff", 0x03),
    ("raw", {"hex": "24677034"}, b"$gp4", None),
    ("raw", {"hex": "ff" * 300}, b"\xff" * 300, None),
    ("raw", {"text": "$ipr=9600"}, b"\x00$ipr=9600\r", None),
    ("raw", {"text": "$ipr=9600\r"}, b"\x00$ipr=9600\r", None),
    ("raw", {"text": "$del c1"}, b"\x00$del c1\r", None),
    ("raw", {"text": "@" * 300}, b"\x00" + b"@" * 300 + b"\r", None),
]


@pytest.mark.parametrize(("name", "args", "payload", "question"), GOOD)
def test_command(name: str, args: dict[str, Any], payload: bytes, question: int | None) -> None:
    assert build_command(name, args) == Command(name, payload, question)


# What is refused: (name, arguments, a part of the error).
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("nonsense", {}, "expected one of the commands cell, change_sim, iccid"),
    ("", {}, "got ''"),
    ("x" * 1000, {}, "got 'x{40}'$"),
    ("SIGNAL", {}, "got 'SIGNAL'"),
    ("_take", {}, "expected one of the commands"),
    ("signal", {"force": True}, "signal: expected the arguments none; got force"),
    ("pins", {"x" * 1000: 1}, "got x{80}$"),
    ("set_output", {}, "expected the arguments output, on; got none"),
    ("set_output", {"output": 1}, "expected the arguments output, on; got output"),
    ("set_output", {"output": 1, "on": True, "for": 5}, "got for, on, output"),
    ("set_output", {"output": 0, "on": True}, "expected output 1..8, got 0"),
    ("set_output", {"output": 9, "on": True}, "got 9"),
    ("set_output", {"output": -1, "on": True}, "got -1"),
    ("set_output", {"output": True, "on": True}, "got True"),
    ("set_output", {"output": 1.0, "on": True}, "got 1.0"),
    ("set_output", {"output": "1", "on": True}, "got '1'"),
    ("set_output", {"output": None, "on": True}, "got None"),
    ("set_output", {"output": [1], "on": True}, r"got \[1\]"),
    ("set_output", {"output": 1, "on": 1}, "expected on to be true or false, got 1"),
    ("set_output", {"output": 1, "on": "ON"}, "got 'ON'"),
    ("set_output", {"output": 1, "on": None}, "got None"),
    ("ussd", {}, "expected the arguments code"),
    ("ussd", {"code": ""}, "expected a code"),
    ("ussd", {"code": "*"}, "expected a code"),
    ("ussd", {"code": "*" * 25}, "expected a code"),
    ("ussd", {"code": "*100#\r$wait"}, "expected a code"),
    ("ussd", {"code": "*100#\n"}, "expected a code"),
    ("ussd", {"code": "*100# "}, "expected a code"),
    ("ussd", {"code": "*١٠٠#"}, "expected a code"),
    ("ussd", {"code": "+79211234567"}, "expected a code"),
    ("ussd", {"code": 100}, "expected a code"),
    ("ussd", {"code": b"*100#"}, "expected a code"),
    ("change_sim", {"sim": 2}, "expected the arguments none"),
    ("standby", {"minutes": 5}, "expected the arguments none"),
    ("reboot", {}, "reboot: its form over TCP is not confirmed by the vendor, so the template reboot is off"),
    ("pulse", {"output": 1}, "pulse: its form over TCP is not confirmed"),
    ("set_output", {"output": 5, "on": True}, "so the template set_output_5 is off"),
    ("port_speed", {"baud": 9600}, "port_speed: its form over TCP is not confirmed"),
    ("port_speed", {"baud": 9601}, "expected baud to be one of"),
    ("port_speed", {"baud": True}, "got True"),
    ("reset_counter", {"counter": 1}, "the template reset_counter is off"),
    ("reset_counter", {"counter": 4}, "expected counter 1..3, got 4"),
    ("reset_counter", {"counter": "1"}, "got '1'"),
    ("pulse", {}, "expected the arguments output"),
    ("pulse", {"output": 0}, "expected output 1..8"),
    ("raw", {}, "expected the arguments hex; got none"),
    ("raw", {"hex": "00", "text": "x"}, "got hex, text"),
    ("raw", {"hex": ""}, "expected 1..300 bytes in hex"),
    ("raw", {"hex": "0"}, "bytes in hex"),
    ("raw", {"hex": "0x00"}, "bytes in hex"),
    ("raw", {"hex": "zz"}, "bytes in hex"),
    ("raw", {"hex": "٠٠"}, "bytes in hex"),
    ("raw", {"hex": 4003}, "bytes in hex"),
    ("raw", {"hex": b"4003"}, "bytes in hex"),
    ("raw", {"hex": "00" * 301}, "bytes in hex"),
    ("raw", {"text": ""}, "printable ASCII"),
    ("raw", {"text": "\r"}, "printable ASCII"),
    ("raw", {"text": "a\r\n"}, "printable ASCII"),
    ("raw", {"text": "a\rb"}, "printable ASCII"),
    ("raw", {"text": "a\x00"}, "printable ASCII"),
    ("raw", {"text": "привет"}, "printable ASCII"),
    ("raw", {"text": "a" * 301}, "printable ASCII"),
    ("raw", {"text": 5}, "printable ASCII"),
]


@pytest.mark.parametrize(("name", "args", "error"), BAD)
def test_refused(name: str, args: dict[str, Any], error: str) -> None:
    with pytest.raises(LocalProtocolError, match=error) as caught:
        build_command(name, args)
    assert len(str(caught.value)) < 300


# What goes out once somebody has turned the guesses on.
ENABLED: list[tuple[str, dict[str, Any], bytes]] = [
    ("set_output", {"output": 5, "on": True}, b"\x00$dcd=1\r"),
    ("set_output", {"output": 6, "on": False}, b"\x00$dsr=0\r"),
    ("set_output", {"output": 7, "on": True}, b"\x00$cts=1\r"),
    ("set_output", {"output": 8, "on": True}, b"\x00$ri=1\r"),
    ("pulse", {"output": 2}, b"\x00$gp2=1\r"),
    ("port_speed", {"baud": 19200}, b"\x00$ipr=19200\r"),
    ("reset_counter", {"counter": 3}, b"\x00$del c3\r"),
    ("reboot", {}, b"\x00$reboot\r"),
]


@pytest.mark.parametrize(("name", "args", "payload"), ENABLED)
def test_a_guess_that_was_turned_on_is_sent(name: str, args: dict[str, Any], payload: bytes) -> None:
    templates = {key: template.text for key, template in KNOWN.items()}

    assert build_command(name, args, templates) == Command(name, payload, None)


@pytest.mark.parametrize(
    ("name", "args", "key"),
    [
        ("set_output", {"output": 4, "on": True}, "set_output"),
        ("set_output", {"output": 7, "on": True}, "set_output_7"),
        ("ussd", {"code": "*100#"}, "ussd"),
        ("signal", {}, None),
        ("raw", {"hex": "00"}, None),
    ],
)
def test_each_text_command_knows_its_template(name: str, args: dict[str, Any], key: str | None) -> None:
    assert template_key(name, args) == key


def test_a_template_gives_a_command_its_form() -> None:
    templates = {**TEMPLATES, "reboot": "$reboot", "pulse": "$gp{output}=i{on}", "change_sim": None}

    assert build_command("reboot", {}, templates).payload == b"\x00$reboot\r"
    assert build_command("pulse", {"output": 3}, templates).payload == b"\x00$gp3=i1\r"
    with pytest.raises(LocalProtocolError, match="change_sim: its form"):
        build_command("change_sim", {}, templates)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.binary(max_size=4)
names = st.sampled_from([*TEMPLATES, "signal", "raw"])


@given(names, st.dictionaries(st.sampled_from(["output", "on", "code", "hex", "text", "x"]), values, max_size=3))
def test_any_arguments_give_a_command_or_our_own_fault(name: str, args: dict[str, Any]) -> None:
    try:
        command = build_command(name, args)
    except LocalProtocolError:
        return
    assert command.name == name
    # Nothing that came as an argument can end the line early and begin another command.
    assert name == "raw" or b"\r" not in command.payload[:-1]
