"""The dialogue of settings and firmware, without a socket (docs/protocol.md 1.9)."""

import pytest

from irzhub.simulator.dialogue import Dialogue
from irzhub.simulator.wire import FIRMWARE, SETTINGS, HubAnswer, HubFault

SET = HubAnswer("20260922140000", "SET", "5492")
FRM = HubAnswer("20260922140000", "FRM", "5492", 12)


def test_lines_are_counted_and_the_last_one_ends_it() -> None:
    dialogue = Dialogue(SET)
    assert dialogue.begin(SET, "5492")[8:-2] == b"PASSOK"
    assert [dialogue.receive(SETTINGS, b"0001at$a=%d\r" % number)[8:-2] for number in range(12)][-1] == b"OK%%%12"
    before = dialogue.is_finished
    assert dialogue.receive(SETTINGS, b"1%%%AT$BOOT_END\r")[8:-2] == b"OK\r\n"
    assert (before, dialogue.is_finished) == (False, True)
    assert dialogue.lines[0] == "at$a=0"


def test_firmware_uses_its_own_frames() -> None:
    assert Dialogue(FRM).begin(FRM, "5492")[5] == FIRMWARE


def test_wrong_password_ends_it() -> None:
    dialogue = Dialogue(SET)
    assert dialogue.begin(SET, "1234")[8:-2] == b"PASSWRONG"
    assert dialogue.is_finished


@pytest.mark.parametrize(
    ("kind", "payload", "complaint"),
    [
        (FIRMWARE, b"0001at$a\r", "expected a frame of kind 05 in this dialogue, got 04"),
        (SETTINGS, b"0001", "expected four bytes, text and CR"),
        (SETTINGS, b"0001at$a", "expected four bytes, text and CR"),
    ],
)
def test_other_frames_and_lines_are_faults(kind: int, payload: bytes, complaint: str) -> None:
    with pytest.raises(HubFault, match=complaint):
        Dialogue(SET).receive(kind, payload)
