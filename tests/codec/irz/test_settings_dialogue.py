"""The dialogue of settings and firmware, byte by byte (docs/protocol.md 1.9), and all that can go wrong."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.irz.frames import KEEPALIVE, FrameKind, build_frame
from irzhub.codec.irz.settings_dialogue import (
    LINE_LIMIT,
    TRANSITIONS,
    Failure,
    State,
    Step,
    Upload,
    UploadDialogue,
    UploadKind,
)
from tests.codec.ways import Cut, byte_by_byte, whole

CAPTURES = Path(__file__).parents[2] / "captures"
NOON = datetime(2026, 9, 22, 14, 0, 0)  # noqa: DTZ001 - a site's own clock has no zone on the wire
Cutter = Callable[[bytes], Cut]
LINES = (b"AT$SIM_MAIN=1", b"AT$CLNT_SET1=1,0,0,1", b"AT$WDT_INTV=24")


def set_frame(words: bytes) -> bytes:
    return build_frame(FrameKind.SETTINGS, words)


def begun(lines: tuple[bytes, ...] = LINES, kind: UploadKind = "settings", first: int = 0) -> UploadDialogue:
    """A dialogue whose answer is sent, at time 0."""
    dialogue = UploadDialogue(Upload(kind=kind, password="5492", lines=lines, first=first))
    dialogue.begin(NOON, 0.0)
    return dialogue


def hear(dialogue: UploadDialogue, cut: Cut) -> list[bytes]:
    """Give a dialogue all pieces; return what it wrote, one item for each write."""
    written = [dialogue.receive_data(piece, 1.0) for piece in cut]
    return [each for each in written if each]


def brought_to(acknowledged: int) -> UploadDialogue:
    """A dialogue in which so many lines are acknowledged; -1: not even the password."""
    dialogue = begun()
    if acknowledged >= 0:
        hear(dialogue, whole(set_frame(b"PASSOK")))
    for number in range(1, acknowledged + 1):
        hear(dialogue, whole(set_frame(b"OK%%%%%%%d" % number)))
    return dialogue


def capture(name: str) -> list[bytes]:
    lines = (CAPTURES / name).read_text().splitlines()
    return [bytes.fromhex(line.replace(" ", "")) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("cut", [whole, byte_by_byte])
@pytest.mark.parametrize(
    ("name", "upload"),
    [
        ("settings_upload.hex", Upload(password="5492", lines=(b"at$sim_main=1",))),
        (
            "settings_upload_percent.hex",
            Upload(password="5492", lines=tuple(b"at$count_tau1=%d" % n for n in range(1, 12)), prefix="%d%%%"),
        ),
        (
            "firmware_upload.hex",
            Upload(kind="firmware", password="5492", lines=(b"\x00\x01\r\n", b"\xc8\xca\xcb\xcc\xcd")),
        ),
    ],
)
def test_a_whole_dialogue_is_what_was_captured(name: str, upload: Upload, cut: Cutter) -> None:
    lines = capture(name)
    dialogue = UploadDialogue(upload)
    assert dialogue.begin(NOON, 0.0) == lines[0]
    for theirs, ours in zip(lines[1::2], [*lines[2::2], b""], strict=True):
        assert b"".join(hear(dialogue, cut(theirs))) == ours
    assert (dialogue.state, dialogue.failure, dialogue.acknowledged) == (State.DONE, None, len(upload.lines))


def test_the_table_is_this_and_nothing_else() -> None:
    assert {
        f"{state.value} {step.value}": after.value for state, row in TRANSITIONS.items() for step, after in row.items()
    } == {
        "ready answer": "opening",
        "ready fail": "failed",
        "opening accept": "open",
        "opening fail": "failed",
        "open line": "waiting",
        "open last": "ending",
        "open fail": "failed",
        "waiting acknowledge": "open",
        "waiting fail": "failed",
        "ending finish": "done",
        "ending fail": "failed",
    }
    assert set(TRANSITIONS) == set(State)
    assert {step for row in TRANSITIONS.values() for step in row} == set(Step)


@pytest.mark.parametrize("word", [b"PASSOK", b"PASSOK\r\n", KEEPALIVE + b"PASSOK"])
@pytest.mark.parametrize("cut", [whole, byte_by_byte])
def test_a_raw_passok_is_taken_too(word: bytes, cut: Cutter) -> None:
    dialogue = begun()
    hear(dialogue, cut(word))
    assert dialogue.state is State.WAITING


@pytest.mark.parametrize("word", [b"PASSWRONG", set_frame(b"PASSWRONG")])
def test_another_password_ends_it(word: bytes) -> None:
    dialogue = begun()
    assert hear(dialogue, byte_by_byte(word)) == []
    assert (dialogue.failure, dialogue.may_have_applied) == (Failure.PASSWORD_REFUSED, False)


# Each way of going wrong, at each step: before the password, at each line, and after the last one.


@pytest.mark.parametrize("acknowledged", [-1, 0, 1, 2, 3])
@pytest.mark.parametrize(
    ("words", "failure"),
    [
        (b"ERROR", Failure.LINE_REFUSED),
        (b"ACCESS ERROR\r\n", Failure.LINE_REFUSED),
        (b"OK%%%9", Failure.WRONG_NUMBER),
        (b"OK%%%0", Failure.WRONG_NUMBER),
        (b"OK%%%", Failure.UNEXPECTED),
        (b"PASSOK", Failure.UNEXPECTED),
        (b"", Failure.UNEXPECTED),
        (b"\x00\xff" * 700, Failure.UNEXPECTED),
    ],
)
def test_wrong_words_at_every_step(acknowledged: int, words: bytes, failure: Failure) -> None:
    if acknowledged == -1 and words == b"PASSOK":
        return
    dialogue = brought_to(acknowledged)
    assert hear(dialogue, whole(set_frame(words))) == []
    assert dialogue.failure is (Failure.UNEXPECTED if acknowledged == -1 else failure)
    assert dialogue.acknowledged == max(acknowledged, 0)
    assert dialogue.may_have_applied is (acknowledged == 3)


@pytest.mark.parametrize("acknowledged", [-1, 0, 1, 2, 3])
def test_silence_and_the_end_of_the_connection_at_every_step(acknowledged: int) -> None:
    silent, gone = brought_to(acknowledged), brought_to(acknowledged)
    silent.expire(silent.deadline - 0.1)
    before = silent.failure
    silent.expire(silent.deadline)
    gone.receive_eof()
    assert (before, silent.failure, gone.failure) == (None, Failure.TIMED_OUT, Failure.DISCONNECTED)
    assert silent.deadline == float("inf")
    assert gone.may_have_applied is (acknowledged == 3)
    where = {-1: "to the answer with the password", 3: "after the last line"}
    assert where.get(acknowledged, f"at line {acknowledged + 1} of 3") in gone.detail


@pytest.mark.parametrize("acknowledged", [-1, 0, 3])
def test_what_is_not_of_the_dialogue_is_passed_over_but_wins_no_time(acknowledged: int) -> None:
    dialogue = brought_to(acknowledged)
    before = dialogue.state, dialogue.deadline
    other = build_frame(FrameKind.KEEPALIVE, KEEPALIVE) + build_frame(
        FrameKind.COMMAND, b"\x01\x40\x02\x80\x80\x80\x80"
    )
    assert hear(dialogue, byte_by_byte(other + KEEPALIVE)) == []
    assert (dialogue.state, dialogue.deadline) == before


def test_a_frame_of_the_other_dialogue_a_hello_and_noise_end_it() -> None:
    for words in (build_frame(FrameKind.FIRMWARE, b"OK%%%1"), b"AT$IMEI=868441036775234,PSW=5492,\n", b"\x00" * 257):
        dialogue = brought_to(0)
        hear(dialogue, byte_by_byte(words))
        assert dialogue.failure is Failure.UNEXPECTED, words


def test_an_answer_before_its_line_is_no_answer() -> None:
    dialogue = brought_to(0)
    assert hear(dialogue, whole(set_frame(b"OK%%%1") + set_frame(b"OK%%%2"))) == []
    assert dialogue.failure is Failure.UNEXPECTED


def test_a_modem_may_count_the_last_line_and_then_say_ok() -> None:
    dialogue = brought_to(3)
    hear(dialogue, whole(set_frame(b"OK%%%4")))
    before = dialogue.state
    hear(dialogue, whole(set_frame(b"OK\r\n")))
    assert (before, dialogue.state) == (State.ENDING, State.DONE)


@pytest.mark.parametrize("counted", [(3, 4), (1, 2)])
def test_firmware_goes_on_where_it_was_and_takes_both_ways_of_counting(counted: tuple[int, int]) -> None:
    dialogue = begun((b"one", b"two", b"three", b"four"), "firmware", first=2)
    (first,) = hear(dialogue, whole(build_frame(FrameKind.FIRMWARE, b"PASSOK")))
    assert first[8:-2] == b"0003three\r"
    for number in counted:
        hear(dialogue, whole(build_frame(FrameKind.FIRMWARE, b"OK%%%%%%%d" % number)))
    assert (dialogue.state, dialogue.acknowledged) == (State.ENDING, 4)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"password": "549"}, "service password"),
        ({"password": "54,92"}, "service password"),
        ({"password": "5492\r"}, "service password"),
        ({"lines": ()}, "1 to 9998 lines, got 0"),
        ({"lines": (b"AT$A=1\r\nAT$B=2",)}, "printable ASCII in line 1"),
        ({"lines": (b"AT$A=1", b"x" * (LINE_LIMIT + 1))}, f"1 to {LINE_LIMIT} bytes in line 2"),
        ({"prefix": "%03d"}, "4 bytes"),
        ({"first": 4}, "within 3 lines"),
    ],
)
def test_what_cannot_go_over_the_wire_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)) as refused:
        Upload(**({"password": "5492", "lines": LINES} | changes))  # type: ignore[arg-type]
    assert "54,92" not in str(refused.value)


def test_nothing_secret_in_its_printed_form() -> None:
    assert "5492" not in repr(Upload(password="5492", lines=LINES))
    assert "WDT" not in repr(Upload(password="5492", lines=LINES))


@given(st.lists(st.binary(max_size=40), max_size=30), st.integers(-1, 3))
def test_no_bytes_of_a_modem_raise_or_write_more_than_one_line_each(pieces: list[bytes], acknowledged: int) -> None:
    dialogue = brought_to(acknowledged)
    for piece in pieces:
        assert len(dialogue.receive_data(piece, 1.0)) <= LINE_LIMIT + 20
    dialogue.expire(1e9)
    assert dialogue.is_over


@given(st.data(), st.integers(1, 40))
def test_however_the_answers_are_cut_every_line_goes_once_and_in_order(data: st.DataObject, count: int) -> None:
    lines = tuple(b"AT$COUNT_TAU1=%d" % number for number in range(count))
    dialogue = begun(lines)
    sent: list[bytes] = []
    answer = set_frame(b"PASSOK")
    for number in range(1, count + 2):
        at = data.draw(st.integers(0, len(answer)))
        written = hear(dialogue, [answer[:at], answer[at:]])
        assert len(written) == 1
        sent.append(written[0][12:-3])
        answer = set_frame(b"OK%%%%%%%d" % number)
    assert sent == [*lines, b"at$boot_end"]
    assert dialogue.state is State.ENDING
