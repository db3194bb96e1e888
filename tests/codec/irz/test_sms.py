from typing import Any

import pytest

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.sms import LONGEST, build_sms, build_wake_sms
from irzhub.simulator.standby import read_sms

# Texts as in docs/protocol.md 2.3: (command, arguments, text).
TEXTS: list[tuple[str, dict[str, Any], str]] = [
    ("set_output", {"output": 4, "on": True}, "5492 gpio4 set=1"),
    ("set_output", {"output": 8, "on": False}, "5492 gpio8 set=0"),
    ("pulse", {"output": 2}, "5492 gpio2 impulse=1"),
    ("standby", {}, "5492 wait on"),
    ("reboot", {}, "5492 reboot"),
]


@pytest.mark.parametrize(("command", "args", "text"), TEXTS)
def test_text(command: str, args: dict[str, Any], text: str) -> None:
    assert build_sms(command, args, "5492") == text
    assert len(text) <= LONGEST


@pytest.mark.parametrize(
    ("command", "args", "password", "error"),
    [
        ("signal", {}, "5492", "expected one of pulse, reboot, set_output, standby for SMS, got 'signal'"),
        ("ussd", {"code": "*100#"}, "5492", "for SMS"),
        ("raw", {"text": "x"}, "5492", "for SMS"),
        ("set_output", {"output": 9, "on": True}, "5492", "expected output 1..8"),
        ("set_output", {"output": 1}, "5492", "expected the arguments output, on"),
        ("reboot", {"now": True}, "5492", "expected the arguments none"),
        ("reboot", {}, "549", "expected an SMS password of 4 to 6"),
        ("reboot", {}, "54 92", "without spaces"),
        ("reboot", {}, "5492\n", "expected an SMS password"),
    ],
)
def test_refused(command: str, args: dict[str, Any], password: str, error: str) -> None:
    with pytest.raises(LocalProtocolError, match=error):
        build_sms(command, args, password)


@pytest.mark.parametrize(
    ("address", "minutes", "is_encapsulated", "text"),
    [
        (None, 60, True, "5492 wait off"),
        ("127.0.0.1:1005", 60, False, "5492 IP127.0.0.1:1005TIME60IRZ"),
        ("hub.example.ru:5009", 0, True, "5492 IPhub.example.ru:5009TIME0IRZ,ENC"),
    ],
)
def test_the_sms_that_has_a_sleeping_modem_dial_in(
    address: str | None, minutes: int, is_encapsulated: bool, text: str
) -> None:
    built = build_wake_sms("5492", address, minutes, is_encapsulated=is_encapsulated)
    assert built == text
    assert read_sms(built, "5492") is not None, "the simulated modem understands it"
