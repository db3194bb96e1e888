"""The modem's half of the wire (docs/protocol.md 1).

It shares nothing with the hub's decoder, so that each can catch the other. Nothing here forgives:
what a real modem or the vendor's emulator would not take raises `HubFault`.
"""

import re
from dataclasses import dataclass
from typing import Final

PREFIX: Final = bytes.fromhex("C8CACBCCCD")
SUFFIX: Final = b"\r\n"
HEARTBEAT: Final = bytes.fromhex("B5BCBDBEBF")

DATA: Final = 0x01
KEEPALIVE: Final = 0x02
FIRMWARE: Final = 0x04
SETTINGS: Final = 0x05
COMMAND: Final = 0x0C

_KINDS_FROM_HUB: Final = frozenset({DATA, FIRMWARE, SETTINGS, COMMAND})
_HEAD: Final = len(PREFIX) + 3

_ANSWER: Final = re.compile(
    rb"([0-9]{4}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]),"
    rb"MOD=(?:(DAT),|(SET),PSW=([\x20-\x7E]{4,6}),|(FRM),PSW=([\x20-\x7E]{4,6}),PAG=([0-9]{4}),)\r"
)


class HubFault(Exception):
    """The hub sent what a modem does not take; the text says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """The line that answers a hello: local time as 14 digits, `DAT`, `SET` or `FRM`, and the service password."""

    local_time: str
    mode: str
    password: str | None = None
    pages: int | None = None


def build_frame(kind: int, payload: bytes, declared: int | None = None) -> bytes:
    """Return one encapsulation frame (docs/protocol.md 1.5); `declared` overrides the length, as a quirk does."""
    length = len(payload) if declared is None else declared
    return PREFIX + bytes((kind, length >> 8, length & 0xFF)) + payload + SUFFIX


def parse_answer(line: bytes) -> HubAnswer:
    """Return what one whole read after the hello says, checked as strictly as the emulator does.

    Raises:
        HubFault: any other layout: CR LF, something glued behind, an impossible time (docs/protocol.md 1.3).
    """
    if (found := _ANSWER.fullmatch(line)) is None:
        raise HubFault(f"expected an answer like '20260922140000,MOD=DAT,\\r' in one read, got {line[:80]!r}")
    time, data, settings, settings_password, firmware, firmware_password, pages = found.groups()
    password = settings_password or firmware_password
    return HubAnswer(
        local_time=time.decode(),
        mode=(data or settings or firmware).decode(),
        password=None if password is None else password.decode(),
        pages=None if pages is None else int(pages),
    )


class FrameSplitter:
    """Cuts the hub's bytes into frames; bytes may come in any cut, but nothing may stand between frames."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = b""

    def receive(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return the frames that are whole now, as (kind, payload).

        Raises:
            HubFault: no prefix where a frame must begin, a kind that no modem knows, or no suffix at the end.
        """
        buffer = self._buffer + data if self._buffer else data
        frames: list[tuple[int, bytes]] = []
        start = 0
        while len(buffer) - start >= _HEAD:
            if not buffer.startswith(PREFIX, start):
                raise HubFault(f"expected a frame {PREFIX.hex()}, got {buffer[start : start + 32].hex(' ')}")
            kind = buffer[start + 5]
            if kind not in _KINDS_FROM_HUB:
                raise HubFault(f"expected a frame of kind 01, 04, 05 or 0C, got {kind:02X}")
            body = start + _HEAD
            end = body + (buffer[start + 6] << 8 | buffer[start + 7])
            if len(buffer) < end + len(SUFFIX):
                break
            if not buffer.startswith(SUFFIX, end):
                raise HubFault(f"expected 0d 0a at the end of a frame, got {buffer[end : end + 2].hex(' ')}")
            frames.append((kind, buffer[body:end]))
            start = end + len(SUFFIX)
        self._buffer = buffer[start:]
        return frames
