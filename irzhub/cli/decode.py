"""What `irzhub decode` says of hex, of a flight recorder's dump and of a capture file."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail
from irzhub.cli.pcap import is_capture, read_turns
from irzhub.codec.decode import explain
from irzhub.codec.hexdump import parse_hex

#: A line of the flight recorder: time, direction, hex. `<` from the modem, `>` to it, `=` of the meter, `-` dropped.
_RECORDED: Final = re.compile(r"\s*(\S+)\s+([<>=-])\s+([0-9A-Fa-f ]*)\s*", re.ASCII)
_HELLO_OR_ANSWER: Final = re.compile(r"\s*(?:AT\$IMEI=|[0-9]{14},MOD=)", re.ASCII)

_LARGEST: Final = 256 * 1024 * 1024


def decode(
    source: Annotated[
        str, typer.Argument(metavar="HEX-or-FILE", help="Hex, a file of it, a flight recorder's dump, a pcap, or -.")
    ],
    config: ConfigDir = CONFIG_DIR,
) -> None:
    """Print the frames in some bytes of the wire, and what they mean; the configuration does not matter."""
    del config
    try:
        for line in decode_lines(_bytes_of(source)):
            typer.echo(line)
    except ValueError as error:
        raise fail(str(error)) from error


def _bytes_of(source: str) -> bytes | str:
    if source == "-":
        return sys.stdin.buffer.read(_LARGEST)
    try:
        if not (file := Path(source)).is_file():
            return source
        with file.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError:
        return source  # hex can be longer than any name of a file


def decode_lines(source: bytes | str) -> Iterator[str]:
    """Return lines for people about `source`.

    Args:
        source: hex or a flight recorder's dump as text; as bytes the same in a file, or a pcap or pcapng file,
            or the bytes of the wire themselves.

    Raises:
        ValueError: the text is neither; it says where.
    """
    if isinstance(source, bytes):
        if is_capture(source):
            return _capture_lines(source)
        if not (text := _as_text(source)):
            return explain(source)
        source = text
    return _text_lines(source)


def _as_text(data: bytes) -> str:
    """Return the text of a file that is one; empty for the bytes of the wire."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return text if all(char.isprintable() or char in "\r\n\t" for char in text) else ""


def _text_lines(text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    recorded = [_RECORDED.fullmatch(line) for line in lines]
    if lines and all(recorded):
        return _recorded_lines([match.groups() for match in recorded if match])
    if _HELLO_OR_ANSWER.match(text):
        return explain(text.lstrip().encode())
    return explain(parse_hex(text))


def _recorded_lines(entries: list[tuple[str, ...]]) -> Iterator[str]:
    """Explain entries that follow each other in one direction together: a frame may be split among them."""
    at = 0
    while at < len(entries):
        time, direction, _ = entries[at]
        turn = at
        while turn < len(entries) and entries[turn][1] == direction:
            turn += 1
        payload = b"".join(parse_hex(digits) for _, _, digits in entries[at:turn])
        for line in explain(payload):
            yield f"{time} {direction} {line}"
        at = turn


def _capture_lines(data: bytes) -> Iterator[str]:
    for turn in read_turns(data):
        yield f"{turn.sender} > {turn.receiver}"
        for line in explain(turn.payload):
            yield f"  {line}"
