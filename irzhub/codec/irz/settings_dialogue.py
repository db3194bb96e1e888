"""The numbered dialogue that brings settings or firmware to a modem (`docs/protocol.md` 1.9). Sans-IO.

The hub answers a hello with MOD=SET or MOD=FRM instead of MOD=DAT. From there on every step is in the table
below, and what is not in it must not happen:

    READY ──answer──> OPENING ──PASSOK──> OPEN ──line──> WAITING ──OK%%%n──> OPEN ... ──last──> ENDING ──OK──> DONE

- OPENING: the modem compares the service password. PASSWRONG ends it.
- OPEN: the next line may go; it goes at once, one frame in one write, never glued to another.
- WAITING: exactly this line is owed its acknowledgement.
- ENDING: `at$boot_end` is sent. A modem that is lost now may have taken the settings or not: nobody can tell
  until it dials in again.
- Every state but the last two can FAIL: by a refusal, a wrong number, bytes that mean nothing, silence, or the
  end of the connection.

Both dialogues are framed (kinds 05 and 04) even when the hello had no COLPROT; a raw PASSOK or PASSWRONG is
taken too. Keepalives and reports in between are passed over and win the modem no time.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.irz.frames import KEEPALIVE, Frame, FrameDecoder, FrameKind, Noise, Piece, build_frame, short_hex
from irzhub.codec.irz.hello import HELLO_START
from irzhub.codec.irz.line_prefix import ZERO_PADDED, build_prefix, check_prefix, room_for

UploadKind: TypeAlias = Literal["settings", "firmware"]

#: The last line of every upload: the modem applies what came, restarts its GSM part and dials in again.
LAST_LINE: Final = b"at$boot_end"
PAGES_LIMIT: Final = 9999
#: A line with its prefix and CR must fit into a frame that any peer of this protocol takes.
LINE_LIMIT: Final = 1440
#: Bytes outside of frames after which the peer does not take part in the dialogue.
NOISE_LIMIT: Final = 256

_FRAME_KINDS: Final = {"settings": FrameKind.SETTINGS, "firmware": FrameKind.FIRMWARE}
_ACKNOWLEDGEMENT: Final = re.compile(rb"OK%%%([0-9]{1,5})[\r\n]*")
_FINAL: Final = re.compile(rb"OK[\r\n]*")
_REFUSAL: Final = re.compile(rb"(?:ACCESS |COMMAND )?ERROR.{0,80}", re.DOTALL)
_PASSWORD: Final = re.compile(r"[!-+\--~]{4,6}", re.ASCII)
_LINE: Final = re.compile(rb"[ -~]+")
_WORDS: Final = (b"PASSOK", b"PASSWRONG")


class State(enum.Enum):
    """Where the dialogue stands."""

    READY = "ready"
    OPENING = "opening"
    OPEN = "open"
    WAITING = "waiting"
    ENDING = "ending"
    DONE = "done"
    FAILED = "failed"


class Step(enum.Enum):
    """What can change the state."""

    ANSWER = "answer"
    ACCEPT = "accept"
    LINE = "line"
    ACKNOWLEDGE = "acknowledge"
    LAST = "last"
    FINISH = "finish"
    FAIL = "fail"


TRANSITIONS: Final[Mapping[State, Mapping[Step, State]]] = MappingProxyType(
    {
        State.READY: {Step.ANSWER: State.OPENING, Step.FAIL: State.FAILED},
        State.OPENING: {Step.ACCEPT: State.OPEN, Step.FAIL: State.FAILED},
        State.OPEN: {Step.LINE: State.WAITING, Step.LAST: State.ENDING, Step.FAIL: State.FAILED},
        State.WAITING: {Step.ACKNOWLEDGE: State.OPEN, Step.FAIL: State.FAILED},
        State.ENDING: {Step.FINISH: State.DONE, Step.FAIL: State.FAILED},
        State.DONE: {},
        State.FAILED: {},
    }
)


class Failure(enum.StrEnum):
    """Why a dialogue failed."""

    PASSWORD_REFUSED = "password_refused"  # noqa: S105 - a reason, not a password
    LINE_REFUSED = "line_refused"
    WRONG_NUMBER = "wrong_number"
    UNEXPECTED = "unexpected_answer"
    TIMED_OUT = "timed_out"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What one dialogue brings.

    Args:
        password: the modem's service password, 4-6 printable characters without space and comma.
        lines: AT commands without CR, or the pages of an image; the last line is not among them.
        prefix: the form of the four bytes before each (`irzhub.codec.irz.line_prefix`).
        first: how many of the lines the modem has from an interrupted dialogue; they are not sent again. With
            all of them only the last line is left.
        opening_s, line_s, ending_s: how long the modem may take for PASSOK, for a line, for the last OK.

    Raises:
        ValueError: something of it cannot go over the wire; the text says what.
    """

    kind: UploadKind = "settings"
    password: str = field(repr=False)
    lines: tuple[bytes, ...] = field(repr=False)
    prefix: str = ZERO_PADDED
    first: int = 0
    answer_end: bytes = b"\r"
    opening_s: float = 30.0
    line_s: float = 30.0
    ending_s: float = 60.0

    def __post_init__(self) -> None:
        check_prefix(self.prefix)
        if not _PASSWORD.fullmatch(self.password):
            raise ValueError("expected a service password of 4-6 printable characters without space and comma")
        if not 1 <= len(self.lines) <= min(PAGES_LIMIT, room_for(self.prefix) - 1):
            raise ValueError(f"expected 1 to {room_for(self.prefix) - 1} lines, got {len(self.lines)}")
        if not 0 <= self.first <= len(self.lines):
            raise ValueError(f"expected to go on within {len(self.lines)} lines, got {self.first}")
        for number, line in enumerate(self.lines, 1):
            if not 0 < len(line) <= LINE_LIMIT:
                raise ValueError(f"expected 1 to {LINE_LIMIT} bytes in line {number}, got {len(line)}")
            if self.kind == "settings" and not _LINE.fullmatch(line):
                raise ValueError(f"expected printable ASCII in line {number}")


class UploadDialogue:
    """One dialogue, seen from the hub. Times are monotonic seconds, given by the caller.

    Write what `begin` and `receive_data` return, each in one write. Call `expire` when `deadline` has come and
    `receive_eof` when the connection has ended. It is over as soon as `is_over`; then the caller closes.
    """

    __slots__ = (
        "_decoder",
        "_kind",
        "_noise",
        "_out",
        "_sent",
        "_word",
        "acknowledged",
        "deadline",
        "detail",
        "failure",
        "may_have_applied",
        "state",
        "upload",
    )

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.state = State.READY
        self.deadline = float("inf")
        self.acknowledged = upload.first
        self.failure: Failure | None = None
        self.detail = ""
        self.may_have_applied = False
        self._kind = _FRAME_KINDS[upload.kind]
        self._decoder = FrameDecoder(HELLO_START)
        self._sent = 0  # lines sent on this connection
        self._word = b""  # of a raw PASSOK
        self._noise = 0
        self._out = b""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be sent or waited for."""
        return self.state in (State.DONE, State.FAILED)

    @property
    def is_ending(self) -> bool:
        """Whether the last line is sent and its OK still to come."""
        return self.state is State.ENDING

    @property
    def total(self) -> int:
        """How many lines the modem has to acknowledge, the last one not counted."""
        return len(self.upload.lines)

    def begin(self, local_time: datetime, now: float) -> bytes:
        """Return the answer to the hello: 33 bytes for settings, 42 for firmware, with a password of four."""
        upload = self.upload
        mode = "SET" if upload.kind == "settings" else "FRM"
        pages = "" if upload.kind == "settings" else f"PAG={len(upload.lines):04d},"
        self._move(Step.ANSWER)
        self.deadline = now + upload.opening_s
        text = f"{local_time:%Y%m%d%H%M%S},MOD={mode},PSW={upload.password},{pages}"
        return text.encode("ascii") + upload.answer_end

    def receive_data(self, data: bytes, now: float) -> bytes:
        """Take bytes in any cut; return what to write now, empty for nothing."""
        if not self.is_over:
            try:
                self._decoder.receive_data(data)
                self._read(now)
            except RemoteProtocolError as error:
                self._fail(Failure.UNEXPECTED, str(error))
        out, self._out = self._out, b""
        return out

    def receive_eof(self) -> None:
        """The connection has ended."""
        self._fail(Failure.DISCONNECTED, f"the modem hung up {self._where()}")

    def expire(self, now: float) -> bytes:
        """The deadline has come: what is half there is looked at once more; return what to write, if anything."""
        if now >= self.deadline and not self.is_over:
            self._decoder.receive_silence()
            self._read(now)
            if now >= self.deadline:
                self._fail(Failure.TIMED_OUT, f"the modem did not answer {self._where()}")
        out, self._out = self._out, b""
        return out

    # Reading.

    def _read(self, now: float) -> None:
        while not self.is_over and (piece := self._decoder.next_piece()) is not None:
            self._take(piece, now)

    def _take(self, piece: Piece, now: float) -> None:
        if isinstance(piece, Noise):
            self._take_noise(piece.raw, now)
        elif not isinstance(piece, Frame):
            self._fail(Failure.UNEXPECTED, f"the modem said hello again {self._where()}")
        elif piece.kind == self._kind:
            self._take_words(piece.payload, now)
        elif piece.kind in _FRAME_KINDS.values():
            self._fail(Failure.UNEXPECTED, f"expected a frame of kind {self._kind:02X} {self._where()}, got {piece}")

    def _take_noise(self, raw: bytes, now: float) -> None:
        self._word = (self._word + raw).replace(KEEPALIVE, b"").lstrip(b"\r\n")
        word = self._word.rstrip(b"\r\n")
        if self.state is State.OPENING and word in _WORDS:
            self._word = b""
            self._take_words(word, now)
            return
        if self.state is State.OPENING and any(known.startswith(word) for known in _WORDS):
            return
        self._noise += len(self._word)
        self._word = b""
        if self._noise > NOISE_LIMIT:
            self._fail(Failure.UNEXPECTED, f"expected frames {self._where()}, got {short_hex(raw)}")

    def _take_words(self, words: bytes, now: float) -> None:
        if self._out:
            self._fail(Failure.UNEXPECTED, f"the modem answered before it was asked: {_shown(words)}")
        elif self.state is State.OPENING:
            self._open(words, now)
        elif _REFUSAL.fullmatch(words):
            self._fail(Failure.LINE_REFUSED, f"the modem refused {self._where()}: {_shown(words)}")
        elif (found := _ACKNOWLEDGEMENT.fullmatch(words)) is not None:
            self._acknowledge(int(found[1]), now)
        elif self.state is State.ENDING and _FINAL.fullmatch(words):
            self._move(Step.FINISH)
            self.deadline = float("inf")
        else:
            self._fail(
                Failure.UNEXPECTED, f"expected OK%%%{self.acknowledged + 1} {self._where()}, got {_shown(words)}"
            )

    def _open(self, words: bytes, now: float) -> None:
        word = words.rstrip(b"\r\n")
        if word == b"PASSOK":
            self._move(Step.ACCEPT)
            self._send_next(now)
        elif word == b"PASSWRONG":
            self._fail(Failure.PASSWORD_REFUSED, "the modem has another service password")
        else:
            self._fail(Failure.UNEXPECTED, f"expected PASSOK or PASSWRONG, got {_shown(words)}")

    def _acknowledge(self, number: int, now: float) -> None:
        """Take OK%%%n. A modem that goes on after a break may count from the beginning or from where it went on."""
        if self.state is State.ENDING and number in (self.total + 1, self._sent):
            return  # some count the last line too; its OK is still to come
        if number not in (self.acknowledged + 1, self._sent) or self.state is not State.WAITING:
            self._fail(
                Failure.WRONG_NUMBER, f"expected OK%%%{self.acknowledged + 1} {self._where()}, got OK%%%{number}"
            )
            return
        self.acknowledged += 1
        self._move(Step.ACKNOWLEDGE)
        self._send_next(now)

    # Sending.

    def _send_next(self, now: float) -> None:
        upload, number = self.upload, self.acknowledged + 1
        is_last = self.acknowledged == self.total
        line = LAST_LINE if is_last else upload.lines[self.acknowledged]
        self._out = build_frame(self._kind, build_prefix(upload.prefix, number) + line + b"\r")
        self._sent += 1
        self._move(Step.LAST if is_last else Step.LINE)
        self.deadline = now + (upload.ending_s if is_last else upload.line_s)

    # State.

    def _where(self) -> str:
        noun = "line" if self.upload.kind == "settings" else "page"
        return {
            State.READY: "before it was answered",
            State.OPENING: "to the answer with the password",
            State.ENDING: "after the last line",
        }.get(self.state, f"at {noun} {self.acknowledged + 1} of {self.total}")

    def _fail(self, failure: Failure, detail: str) -> None:
        if self.is_over:
            return
        self.may_have_applied = self.is_ending
        self.failure, self.detail = failure, detail
        self.deadline = float("inf")
        self._out = b""
        self._move(Step.FAIL)

    def _move(self, step: Step) -> None:
        if (state := TRANSITIONS[self.state].get(step)) is None:
            raise LocalProtocolError(f"expected another step in state {self.state.value}, got {step.value}")
        self.state = state


def _shown(words: bytes) -> str:
    return ascii(words[:40].decode("latin-1"))
