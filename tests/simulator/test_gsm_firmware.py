"""The simulated module as a transcript, without a terminal."""

import pytest

from integrations.gsm_modem.pdu import build_submits
from irzhub.simulator.gsm_firmware import GsmFirmware

(SMS,) = build_submits("+79211234567", "дверь", 0, report=True)


def says(firmware: GsmFirmware, *commands: bytes) -> str:
    """Return the answers, line ends removed."""
    told = "".join("".join(firmware.receive(command)) for command in (b"ATE0\r", *commands))
    return " ".join(told.replace("ATE0\r", "").split())


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"AT\r", "OK OK"),
        (b"AT+CSQ\r", "OK +CSQ: 21,0 OK"),
        (b"AT+NO\r", "OK ERROR"),
        (b"AT+CREG?\r", "OK +CREG: 1,1 OK"),
        (b"\r\nA", "OK"),
    ],
)
def test_questions(command: bytes, answer: str) -> None:
    assert says(GsmFirmware(), command) == answer


def test_an_sms_with_its_report() -> None:
    firmware = GsmFirmware()

    assert says(firmware, f"AT+CMGS={SMS.length}\r".encode()) == "OK >"
    assert " ".join("".join(firmware.receive(SMS.hex.encode() + b"\x1a")).split()).startswith("+CMGS: 1 OK +CDS: ")
    assert [each.text for each in firmware.texts()] == ["дверь"]


def test_a_wrong_length_and_an_escape() -> None:
    firmware = GsmFirmware()

    assert says(firmware, b"AT+CMGS=1\r", SMS.hex.encode() + b"\x1a") == "OK > +CMS ERROR: 304"
    assert says(firmware, b"AT+CMGS=1\r", b"0011\x1b") == "OK > OK"
    assert firmware.submitted == []


def test_a_script_goes_before_what_it_would_say() -> None:
    firmware = GsmFirmware()
    firmware.expect("AT+CSQ", "ERROR", None)

    assert says(firmware, b"AT+CSQ\r", b"AT+CSQ\r", b"AT+CSQ\r") == "OK ERROR +CSQ: 21,0 OK"


def test_a_pin_locks_the_card_with_the_third_wrong_one() -> None:
    firmware = GsmFirmware(pin="1234")
    wrong = b'AT+CPIN="0000"\r'

    assert says(firmware, b"AT+CPIN?\r", wrong, wrong, wrong, wrong) == (
        "OK +CPIN: SIM PIN OK +CME ERROR: 16 +CME ERROR: 16 +CME ERROR: 16 +CME ERROR: 12"
    )
    assert says(firmware, b"AT+CPIN?\r") == "OK +CPIN: SIM PUK OK"


def test_what_comes_in_is_kept_until_it_is_deleted() -> None:
    heard: list[bytes] = []
    firmware = GsmFirmware(room=1, say=heard.append)
    firmware.deliver("+7921", "one")
    firmware.deliver("+7921", "two")

    assert heard == [b'\r\n+CMTI: "SM",1\r\n', b"\r\n^SMMEMFULL\r\n"]
    assert says(firmware, b"AT+CMGL=4\r").startswith("OK +CMGL: 1,0,,")
    assert says(firmware, b"AT+CMGD=1\r", b"AT+CMGL=4\r") == "OK OK OK"


def test_a_deaf_one_says_nothing() -> None:
    assert says(GsmFirmware(is_deaf=True), b"AT\r") == ""
