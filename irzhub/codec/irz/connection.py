"""One iRZ session after its hello: bytes to events, and what the hub wants to say to bytes.

A modem with encapsulation (COLPROT in its hello) speaks in frames; one without sends the meter's bytes as they
are, with keepalives in between (`docs/protocol.md` 1.4). In both a hello may come again (1.2).
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from irzhub.codec.driver import Answer, Data, FreshHello, Hello, Ignored, Keepalive, PinReport, Plain, WireEvent
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.irz import commands
from irzhub.codec.irz.answers import DECODERS, decode_pins, decode_raw, decode_text
from irzhub.codec.irz.commands import TEMPLATES, Command, build_command, template_key
from irzhub.codec.irz.frames import (
    KEEPALIVE,
    Frame,
    FrameDecoder,
    FrameKind,
    Noise,
    build_data,
    build_frame,
    read_data,
)
from irzhub.codec.irz.hello import HELLO_START, IrzHelloReader, build_answer
from irzhub.codec.irz.states import Progress, State, Step
from irzhub.codec.scan import held_at_end

#: How long the possible beginning of a keepalive is held back.
HOLD_S: Final = 0.05
#: After this silence in the middle of a fresh hello, what came of it is no hello.
BROKEN_HELLO_S: Final = 5.0

#: A read is looked through in pieces of this size, because what looks like a hello and is none is read again:
#: the cost stays in proportion to the read, whatever a hostile modem puts into it.
PIECE: Final = 2048

#: What a hello begins with, without the two letters with which a read of the meter's bytes often ends.
_HELLO_MARK: Final = HELLO_START.removeprefix(b"AT")
# Numbers, not bytes: `in` with a number is ten times faster (45 ns against 430 ns for both).
_KEEPALIVE_FIRST: Final = KEEPALIVE[0]
_HELLO_MARK_FIRST: Final = _HELLO_MARK[0]


class IrzConnection:
    """Bytes to events and back for one session; see `irzhub.codec.driver.Connection`.

    Args:
        hello: how the session began. answer_end: the bytes behind the answer to it.
        templates: text commands, see `irzhub.codec.irz.commands.TEMPLATES`.
    """

    __slots__ = (
        "_answer_end",
        "_borrowed",
        "_frames",
        "_held",
        "_hello_reader",
        "_outstanding",
        "_progress",
        "_templates",
    )

    def __init__(
        self, hello: Hello, answer_end: bytes = b"\r", templates: Mapping[str, str | None] = TEMPLATES
    ) -> None:
        self._answer_end = answer_end
        self._templates = templates
        self._progress = Progress()
        self._outstanding: Command | None = None
        self._hello_reader: IrzHelloReader | None = None
        self._frames = FrameDecoder(HELLO_START) if hello.encapsulated else None
        self._held = b""  # raw mode: the possible beginning of a keepalive or a hello
        self._borrowed = 0  # letters of a fresh hello that were passed on as data before it was known

    @property
    def state(self) -> State:
        """Where the session stands, by `irzhub.codec.irz.states`."""
        return self._progress.state

    @property
    def takes_commands(self) -> bool:
        """Whether commands can reach this modem (it has encapsulation)."""
        return self._frames is not None

    # Receiving.

    def receive_data(self, data: bytes) -> list[WireEvent]:
        """Take bytes in any cut and return what they mean, in order.

        Raises:
            RemoteProtocolError: more than 8192 bytes without a frame from a modem that should send frames.
        """
        # The two hot paths: bytes of the meter that hold nothing of ours, and one whole data frame.
        if self._hello_reader is not None:
            pass
        elif self._frames is None:
            if not self._held and _read_plain(data) is not None:
                return [Data(data)]
        elif self._frames.is_clean and (payload := read_data(data)) is not None:
            return [Data(payload)]
        if self._progress.state is State.FAILED:
            raise RemoteProtocolError("expected nothing more from a session that failed")
        events: list[WireEvent] = []
        try:
            for start in range(0, len(data), PIECE):
                self._read(data[start : start + PIECE], events)
        except RemoteProtocolError:
            if not events:
                raise  # else what was good before the breach still counts, and the next bytes raise
        return events if len(data) <= PIECE else _joined(events)

    @property
    def plain(self) -> Plain | None:
        """The same short ways, for callers who have nothing else to ask; None while something is under way."""
        if self._hello_reader is not None or self._progress.state is State.FAILED:
            return None
        if self._frames is None:
            return None if self._held else _RAW
        return _FRAMED if self._frames.is_clean else None

    def receive_silence(self) -> list[WireEvent]:
        """Let go what was held back for `silence_s`."""
        events: list[WireEvent] = []
        if self._hello_reader is not None:
            self._end_hello(self._hello_reader, events)
        elif self._frames is not None:
            self._frames.receive_silence()
            self._read(self._read_pieces(self._frames, events), events)
        elif self._held:
            events.append(Data(self._held))
            self._held = b""
        return events

    @property
    def silence_s(self) -> float | None:
        """How long held bytes wait for the rest, counted from the last byte; None: nothing is held."""
        if self._hello_reader is not None:
            return self._hello_reader.silence_s or BROKEN_HELLO_S
        if self._frames is not None:
            return self._frames.silence_s
        return HOLD_S if self._held else None

    # Sending.

    def answer(self, local_time: datetime) -> bytes:
        """Build the answer to the hello.

        Raises:
            LocalProtocolError: the last hello was answered already.
        """
        self._progress.move(Step.ANSWER)
        return build_answer(local_time, self._answer_end)

    def send_data(self, payload: bytes) -> bytes:
        """Return `payload` as it goes to the modem, for one write."""
        return payload if self._frames is None else build_data(payload)

    def send_command(self, command: str, args: Mapping[str, Any], form: str | None = None) -> bytes:
        """Build a command (`docs/contract.md` 3) and remember it as outstanding; `form`: its template for this once.

        Raises:
            LocalProtocolError: unknown command, bad arguments, the hello is not answered yet, one is
                outstanding already, or this modem has no encapsulation.
        """
        if self._frames is None:
            raise LocalProtocolError(f"{command[:40]!r}: this modem works without encapsulation and takes no commands")
        self._progress.check(Step.COMMAND)
        templates = self._templates
        if form is not None and (key := template_key(command, args)) is not None:
            templates = {**templates, key: form}
        built = build_command(command, args, templates)
        self._progress.move(Step.COMMAND)
        self._outstanding = built
        return build_frame(FrameKind.COMMAND, built.payload)

    def cancel_command(self) -> None:
        """Forget the outstanding command: its time is over."""
        self._progress.move(Step.CANCEL)
        self._outstanding = None

    # Reading step by step: each takes bytes and returns those that the next step has to read.

    def _read(self, data: bytes, events: list[WireEvent]) -> None:
        while data:
            if self._hello_reader is not None:
                data = self._read_hello(self._hello_reader, data, events)
            elif self._frames is not None:
                data = self._read_frames(self._frames, data, events)
            else:
                data = self._read_raw(data, events)

    def _read_raw(self, data: bytes, events: list[WireEvent]) -> bytes:
        """Split raw bytes at the first keepalive or hello."""
        buffer = self._held + data
        self._held = b""
        keepalive = buffer.find(KEEPALIVE)
        if (hello := _find_hello(buffer, len(buffer) if keepalive < 0 else keepalive)) >= 0:
            _add_data(events, buffer[:hello])
            return self._open_hello(buffer[hello:])
        if keepalive >= 0:
            _add_data(events, buffer[:keepalive])
            events.append(Keepalive())
            return buffer[keepalive + len(KEEPALIVE) :]
        end = len(buffer) - max(held_at_end(buffer, KEEPALIVE), _hello_held_at_end(buffer))
        _add_data(events, buffer[:end])
        self._held = buffer[end:]
        return b""

    def _read_frames(self, frames: FrameDecoder, data: bytes, events: list[WireEvent]) -> bytes:
        try:
            frames.receive_data(data)
        except RemoteProtocolError:
            self._progress.move(Step.BREACH)
            raise
        return self._read_pieces(frames, events)

    def _read_pieces(self, frames: FrameDecoder, events: list[WireEvent]) -> bytes:
        while (piece := frames.next_piece()) is not None:
            if isinstance(piece, Frame):
                events.extend(self._meaning(piece))
            elif isinstance(piece, Noise):
                events.append(Ignored(piece.raw, "bytes outside of frames"))
            else:
                return self._open_hello(frames.take_rest())
        return b""

    def _open_hello(self, data: bytes) -> bytes:
        """From here on the modem introduces itself again."""
        self._hello_reader = IrzHelloReader()
        self._borrowed = len(HELLO_START) - len(_HELLO_MARK) - data.index(_HELLO_MARK)
        return HELLO_START[: self._borrowed] + data

    def _read_hello(self, reader: IrzHelloReader, data: bytes, events: list[WireEvent]) -> bytes:
        try:
            hello = reader.receive_data(data)
        except RemoteProtocolError as error:
            # Only bytes that look like one, then: they keep their way, and the search goes on behind their beginning.
            return self._drop_hello(reader, str(error), events)
        return b"" if hello is None else self._begin_again(reader, hello, events)

    def _end_hello(self, reader: IrzHelloReader, events: list[WireEvent]) -> None:
        try:
            hello = reader.receive_silence()
        except RemoteProtocolError as error:
            self._read(self._drop_hello(reader, str(error), events), events)
            return
        if hello is None:
            rest = self._drop_hello(reader, "the hello was not finished", events)
        else:
            rest = self._begin_again(reader, hello, events)
        self._read(rest, events)

    def _drop_hello(self, reader: IrzHelloReader, why: str, events: list[WireEvent]) -> bytes:
        self._hello_reader = None
        start, rest = HELLO_START[self._borrowed :], reader.collected[len(HELLO_START) :]
        events.append(Data(start) if self._frames is None else Ignored(start, why))
        return rest

    def _begin_again(self, reader: IrzHelloReader, hello: Hello, events: list[WireEvent]) -> bytes:
        self._progress.move(Step.HELLO)
        self._hello_reader = None
        self._outstanding = None
        self._frames = FrameDecoder(HELLO_START) if hello.encapsulated else None
        events.append(FreshHello(hello))
        return reader.leftover

    # The meaning of frames.

    def _meaning(self, frame: Frame) -> tuple[WireEvent, ...]:
        if frame.kind == FrameKind.COMMAND:
            return self._command_meaning(frame.payload)
        if frame.kind == FrameKind.DATA and frame.payload:
            return (Data(frame.payload),)
        if frame.kind in (FrameKind.DATA, FrameKind.KEEPALIVE):
            return (Keepalive(),)
        return (Ignored(frame.payload, f"a frame that means nothing here: {frame}"),)

    def _command_meaning(self, payload: bytes) -> tuple[WireEvent, ...]:
        """Tell the answer to our command from a report and from what came too late (`docs/protocol.md` 1.7)."""
        asked = self._outstanding
        code = payload[2] if len(payload) >= 3 and payload[1] == commands.QUESTION else None
        if asked is not None and asked.question != code:
            asked = None
        pins = decode_pins(payload[3:]) if code == commands.PINS else None
        if asked is None:
            return (PinReport(pins, asked=False),) if pins else (Ignored(payload, "an answer that nobody waits for"),)
        self._progress.move(Step.REPLY)
        self._outstanding = None
        if pins and asked.name == "pins":
            return (PinReport(pins, asked=True),)
        answer = Answer(asked.name, _values(asked, code, payload), payload)
        return (PinReport(pins, asked=False), answer) if pins else (answer,)


def _find_hello(buffer: bytes, end: int) -> int:
    """Return where a hello begins before `end`, -1 for nowhere.

    Its first letters may have been passed on with the read before.
    """
    at = -1
    while (at := buffer.find(_HELLO_MARK, at + 1, end)) >= 0:
        if HELLO_START.startswith(buffer[max(at - 2, 0) : at], max(2 - at, 0)):
            return max(at - 2, 0)
    return -1


def _hello_held_at_end(buffer: bytes) -> int:
    """Return how many bytes at the end may begin a hello.

    `A` and `AT` may only if nothing else was read: many answers of meters end so, and must not be held up.
    """
    if buffer in (b"A", b"AT"):
        return len(buffer)
    size = held_at_end(buffer, _HELLO_MARK)
    if not size:
        return 0
    before = buffer[:-size][-2:]
    return size + len(before) if HELLO_START.startswith(before, 2 - len(before)) else 0


def _read_plain(data: bytes) -> bytes | None:
    """Return `data` when it neither holds nor begins nor ends anything that is not the meter's."""
    if len(data) <= 2:
        return None
    if _KEEPALIVE_FIRST in data and (_KEEPALIVE_FIRST in data[1 - len(KEEPALIVE) :] or KEEPALIVE in data):
        return None
    if _HELLO_MARK_FIRST in data and (_HELLO_MARK_FIRST in data[1 - len(_HELLO_MARK) :] or _HELLO_MARK in data):
        return None
    return data


_RAW: Final = Plain(read=_read_plain, build=None)
_FRAMED: Final = Plain(read=read_data, build=build_data)


def _add_data(events: list[WireEvent], payload: bytes) -> None:
    if payload:
        events.append(Data(payload))


def _joined(events: list[WireEvent]) -> list[WireEvent]:
    """Return the events with the meter's bytes in one piece again where nothing stands between them."""
    joined: list[WireEvent] = []
    for is_data, run in groupby(events, lambda event: isinstance(event, Data)):
        if is_data:
            joined.append(Data(b"".join(event.payload for event in run if isinstance(event, Data))))
        else:
            joined.extend(run)
    return joined


def _values(asked: Command, code: int | None, payload: bytes) -> Mapping[str, Any]:
    if code is None:
        return decode_raw(payload) if asked.name == "raw" else decode_text(payload)
    known = DECODERS[code](payload[3:]) if code in DECODERS else {}
    return {**decode_raw(payload), **known} if asked.name == "raw" else known
