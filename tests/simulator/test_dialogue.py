"""The dialogue of settings and firmware, without a socket (docs/protocol.md 1.9)."""

import pytest

from irzhub.simulator.dialogue import LAST_STEP, Answer, Dialogue, Misdeed, Mishap
from irzhub.simulator.wire import FIRMWARE, SETTINGS, HubAnswer, HubFault

SET = HubAnswer("20260922140000", "SET", "5492")
FRM = HubAnswer("20260922140000", "FRM", "5492", 2)


def words(answer: Answer) -> bytes:
    assert answer.frame is not None
    return answer.frame[8:-2]


def test_lines_are_counted_and_the_last_one_ends_it() -> None:
    dialogue = Dialogue(SET)
    assert words(dialogue.begin(SET, "5492")) == b"PASSOK"
    assert [words(dialogue.receive(SETTINGS, b"0001at$a=%d\r" % number)) for number in range(12)][-1] == b"OK%%%12"
    last = dialogue.receive(SETTINGS, b"1%%%AT$BOOT_END\r")
    assert (words(last), last.deed) == (b"OK\r\n", "reboot")
    assert dialogue.lines[0] == "at$a=0"


def test_firmware_uses_its_own_frames_and_must_be_whole() -> None:
    dialogue = Dialogue(FRM)
    begun = dialogue.begin(FRM, "5492")
    assert begun.frame is not None
    assert begun.frame[5] == FIRMWARE
    dialogue.receive(FIRMWARE, b"0001\x00\r\n\r")
    assert words(Dialogue(FRM, pages=[*dialogue.pages]).receive(FIRMWARE, b"0002at$boot_end\r")) == b"ERROR"
    assert words(dialogue.receive(FIRMWARE, b"0002\x01\r")) == b"OK%%%2"
    assert words(dialogue.receive(FIRMWARE, b"0003at$boot_end\r")) == b"OK\r\n"
    assert b"".join(dialogue.pages) == b"\x00\r\n\x01"


def test_wrong_password_ends_it() -> None:
    answer = Dialogue(SET).begin(SET, "1234")
    assert (words(answer), answer.deed) == (b"PASSWRONG", "close")


@pytest.mark.parametrize(
    ("misdeed", "said", "deed"),
    [
        ("silent", None, "freeze"),
        ("hang_up", None, "close"),
        ("reset", None, "abort"),
        ("refuse", b"ERROR", "none"),
        ("wrong_number", b"OK%%%4711", "none"),
        ("garbage", b"\x00\xb5?", "none"),
    ],
)
@pytest.mark.parametrize("step", [0, 1, LAST_STEP])
def test_a_mishap_comes_at_its_step(step: int, misdeed: Misdeed, said: bytes | None, deed: str) -> None:
    dialogue = Dialogue(SET, Mishap(step, misdeed))
    answers = [
        dialogue.begin(SET, "5492"),
        dialogue.receive(SETTINGS, b"0001at$a=1\r"),
        dialogue.receive(SETTINGS, b"0002at$boot_end\r"),
    ]
    wrong = answers[step]
    assert (None if wrong.frame is None else words(wrong), wrong.deed) == (said, deed)


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
