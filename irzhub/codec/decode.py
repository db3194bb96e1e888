"""What bytes between an iRZ modem and its server mean, as lines for people.

Either direction can be given: hellos and answers to them, frames and raw bytes are told apart by how they begin.
The passwords of hellos and answers are not shown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from irzhub.codec.driver import Hello
from irzhub.codec.errors import RemoteProtocolError
from irzhub.codec.irz.answers import DECODERS, decode_text
from irzhub.codec.irz.commands import QUESTION, QUESTIONS
from irzhub.codec.irz.frames import (
    KEEPALIVE,
    OVERHEAD,
    PAYLOAD_LIMIT,
    PREFIX,
    SUFFIX_SLACK,
    Frame,
    FrameDecoder,
    FrameKind,
    short_hex,
)
from irzhub.codec.irz.hello import HELLO_LIMIT, HELLO_START, IrzHelloReader

_ANSWER: Final = re.compile(rb"([0-9]{14}),MOD=(DAT|SET|FRM),(?:PSW=[^,]{1,20},)?(?:PAG=([0-9]{4}),)?\r\n?")
_BEGINNINGS: Final = re.compile(
    b"|".join((re.escape(HELLO_START), re.escape(PREFIX), re.escape(KEEPALIVE), _ANSWER.pattern))
)
_NAMES: Final = {code: name for name, code in QUESTIONS.items()}
_FRAME_WINDOW: Final = PAYLOAD_LIMIT + OVERHEAD + SUFFIX_SLACK + len(PREFIX)
_MODES: Final = {b"DAT": "work", b"SET": "settings upload", b"FRM": "firmware update"}


def explain(data: bytes) -> Iterator[str]:
    """Return a line for each hello, answer, frame, keepalive and run of other bytes, in order."""
    at = 0
    while at < len(data):
        match = _BEGINNINGS.search(data, at)
        start = match.start() if match else len(data)
        if start > at:
            yield _raw_line(data[at:start])
            at = start
            continue
        line, size = _one(data, at)
        yield line
        at += size


def explain_frame(frame: Frame) -> str:
    """Return a frame and what it means, e.g. `0C command [4] 01 40 01 15 = answer signal: csq 21, rssi_dbm -71`."""
    meaning = _meaning(frame)
    return f"{frame} = {meaning}" if meaning else str(frame)


def _one(data: bytes, at: int) -> tuple[str, int]:
    """Return the line for what begins at `at`, and its size."""
    if data.startswith(PREFIX, at):
        return _frame(data[at : at + _FRAME_WINDOW])
    if data.startswith(KEEPALIVE, at):
        return "keepalive", len(KEEPALIVE)
    if match := _ANSWER.match(data, at):
        time, mode, pages = match.groups()
        more = f", {int(pages)} pages" if pages else ""
        return f"answer {_MODES[mode]}, local time {_clock(time.decode())}{more}", len(match.group())
    return _hello(data[at : at + HELLO_LIMIT + 2])


def _frame(window: bytes) -> tuple[str, int]:
    decoder = FrameDecoder()
    decoder.receive_data(window)
    piece = decoder.next_piece()
    if piece is None:
        decoder.receive_silence()
        piece = decoder.next_piece()
    if isinstance(piece, Frame):
        return explain_frame(piece), len(window) - decoder.pending
    if piece is None:
        return f"-- unfinished frame [{len(window)}] {short_hex(window)}", len(window)
    return _raw_line(window[: len(PREFIX)]), len(PREFIX)


def _hello(window: bytes) -> tuple[str, int]:
    reader = IrzHelloReader()
    try:
        hello = reader.receive_data(window) or reader.receive_silence()
    except RemoteProtocolError as error:
        return f"-- no hello: {error}", len(HELLO_START)
    if hello is None:
        return f"-- unfinished hello [{len(window)}]", len(window)
    return _hello_line(hello), len(window) - len(reader.leftover)


def _hello_line(hello: Hello) -> str:
    keys = ", ".join(
        f"{key}=({len(value)} characters)" if key == "PSW" else f"{key}={value}"
        for key, value in hello.keys.items()
        if key != "IMEI"
    )
    return f"hello {hello.modem} {'with' if hello.encapsulated else 'without'} encapsulation: {keys or 'nothing more'}"


def _raw_line(data: bytes) -> str:
    text = data.strip(b"\r\n")
    shown = f' "{text[:60].decode()}"' if len(text) > 3 and text.isascii() and text.decode().isprintable() else ""
    return f"bytes [{len(data)}] {short_hex(data)}{shown}"


def _meaning(frame: Frame) -> str:
    payload = frame.payload
    if frame.kind == FrameKind.COMMAND:
        return _command(payload)
    if frame.kind == FrameKind.DATA and not payload:
        return "keepalive"
    if frame.kind in (FrameKind.SETTINGS, FrameKind.FIRMWARE) and payload.strip(b"\r\n").isascii():
        return repr(payload.decode("ascii", "backslashreplace"))
    return ""


def _command(payload: bytes) -> str:
    if len(payload) >= 3 and payload[1] == QUESTION:
        name = _NAMES.get(payload[2], f"0x{payload[2]:02X}")
        if len(payload) == 3:
            return f"question {name}"
        decode = DECODERS.get(payload[2])
        return f"answer {name}: {_values(decode(payload[3:])) if decode else payload[3:].hex(' ').upper()}"
    text = decode_text(payload)["text"]
    return f"text {text!r}" if payload[:1] == b"\0" else f"answer {text!r}"


def _values(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_value(key, value)}" for key, value in values.items())


def _value(key: str, value: Any) -> str:
    if key == "pins" and value is not None:
        return " ".join(
            f"{pin['pin']}:{'out' if pin['is_output'] else 'in'}-{'high' if pin['is_high'] else 'low'}" for pin in value
        )
    if key == "cell":
        fields = (f"{name} {field}" for name, field in value.items() if name not in ("raw", "neighbours"))
        return f"{' '.join(fields) or 'unreadable'} with {len(value.get('neighbours', []))} neighbours"
    return "unknown" if value is None else str(value)


def _clock(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"
