"""The encapsulation shell of iRZ modems: bytes to frames and back (`docs/protocol.md` 1.5).

A frame is `C8 CA CB CC CD`, one byte of kind, the payload's length in two bytes (big-endian), the payload
and `0D 0A`. There is no checksum, so the reader finds its way back by these rules, in this order:

1. The suffix stands where the length says: the frame is good, whatever its payload looks like.
2. It does not: the frame ends at the first `0D 0A` up to 8 bytes further, or at the next prefix, whichever
   comes first. The frame keeps the length that was declared.
3. Neither comes: the prefix was a chance one. It is noise, and the search goes on behind it.
4. A declared length above 4096 is a chance prefix at once.
5. After 2 s of silence in the middle of a frame, rule 2 is applied to what is there, so that a wrong length
   costs one frame and not all that follow.
"""

import enum
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.scan import held_at_end

PREFIX: Final = bytes.fromhex("C8CACBCCCD")
SUFFIX: Final = b"\r\n"
HEADER_SIZE: Final = len(PREFIX) + 3
OVERHEAD: Final = HEADER_SIZE + len(SUFFIX)
KEEPALIVE: Final = bytes.fromhex("B5BCBDBEBF")

#: Meter data in one frame towards the modem; longer data becomes several frames (`docs/protocol.md` 1.5).
DATA_CHUNK: Final = 1180
#: Longer than anything a modem sends (1480 bytes of serial data at the most).
PAYLOAD_LIMIT: Final = 4096
#: How far behind its declared place the suffix is looked for.
SUFFIX_SLACK: Final = 8
#: Bytes without one good frame after which the peer does not speak this protocol.
NOISE_LIMIT: Final = 8192
RESYNC_SILENCE_S: Final = 2.0

_SHOWN: Final = 24


class FrameKind(enum.IntEnum):
    """What a frame carries."""

    #: Bytes of the meter, both ways.
    DATA = 0x01
    #: Modem to hub, once a minute when nothing else is sent.
    KEEPALIVE = 0x02
    #: The dialogue of a firmware update.
    FIRMWARE = 0x04
    #: The dialogue of a settings upload.
    SETTINGS = 0x05
    #: A command, its answer, or a report that nobody asked for.
    COMMAND = 0x0C


_DATA_HEADER: Final = PREFIX + bytes((FrameKind.DATA,))
_NAMES: Final = {kind.value: kind.name.lower() for kind in FrameKind}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame without its shell. `declared`: the length its header gave, when that was not the real one."""

    kind: int
    payload: bytes
    declared: int | None = None

    def __str__(self) -> str:
        name = _NAMES.get(self.kind, "unknown")
        wrong = "" if self.declared is None else f", declared {self.declared}"
        return f"{self.kind:02X} {name} [{len(self.payload)}{wrong}] {short_hex(self.payload)}".rstrip()


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes outside of frames."""

    raw: bytes

    def __str__(self) -> str:
        return f"-- noise [{len(self.raw)}] {short_hex(self.raw)}"


@dataclass(frozen=True, slots=True)
class Landmark:
    """The bytes that the decoder was told to stop at come next."""


Piece: TypeAlias = Frame | Noise | Landmark


class _Chance:
    """Rules 3 and 4: these bytes only look like a prefix."""


def short_hex(data: bytes) -> str:
    """Return bytes in hex for a line of text; of long ones the beginning and the last two."""
    if len(data) <= _SHOWN:
        return data.hex(" ").upper()
    return f"{data[: _SHOWN - 3].hex(' ').upper()} .. {data[-2:].hex(' ').upper()}"


def build_frame(kind: int, payload: bytes) -> bytes:
    """Return `payload` in its shell.

    Raises:
        LocalProtocolError: the kind is no byte, or the payload is longer than a frame can say.
    """
    if not 0 <= kind <= 0xFF:
        raise LocalProtocolError(f"expected a frame kind of one byte, got {kind}")
    if len(payload) > 0xFFFF:
        raise LocalProtocolError(f"expected at most 65535 bytes of payload, got {len(payload)}")
    return b"%b%c%b%b%b" % (PREFIX, kind, len(payload).to_bytes(2), payload, SUFFIX)


@lru_cache(maxsize=DATA_CHUNK)
def _data_header(size: int) -> bytes:
    return _DATA_HEADER + size.to_bytes(2)


def build_data(payload: bytes) -> bytes:
    """Return meter data as frames of at most 1180 bytes each, joined for one write."""
    size = len(payload)
    if 0 < size <= DATA_CHUNK:
        return _data_header(size) + payload + SUFFIX
    return b"".join(
        build_frame(FrameKind.DATA, payload[start : start + DATA_CHUNK]) for start in range(0, len(payload), DATA_CHUNK)
    )


def read_data(data: bytes) -> bytes | None:
    """Return the payload when `data` is exactly one data frame that is not empty; None for all else.

    Only for bytes at which a frame may begin. That is what nearly every read of meter data is.
    """
    size = len(data) - OVERHEAD
    is_whole = (
        0 < size <= PAYLOAD_LIMIT
        and data.startswith(_DATA_HEADER)
        and (data[6] << 8 | data[7]) == size
        and data.endswith(SUFFIX)
    )
    return data[HEADER_SIZE : -len(SUFFIX)] if is_whole else None


class FrameDecoder:
    """Finds the frames in a stream. Give it bytes with `receive_data`, then take pieces until there are none.

    It holds one unfinished frame at the most, besides what was given last and not taken yet.

    Args:
        landmark: bytes that end the search between frames, such as the beginning of a hello; the decoder
            gives `Landmark` in front of them and goes no further until `take_rest`. None: there is none.
    """

    __slots__ = ("_at", "_buffer", "_landmark", "_noise", "_scan", "_was_silent")

    def __init__(self, landmark: bytes | None = None) -> None:
        self._landmark = landmark
        self._buffer = b""
        self._at = 0  # what is before is taken
        self._scan = 0  # what is between `_at` and here is noise, not taken yet
        self._noise = 0
        self._was_silent = False

    @property
    def pending(self) -> int:
        """How many bytes wait for more."""
        return len(self._buffer) - self._at

    @property
    def silence_s(self) -> float | None:
        """After how long a silence to call `receive_silence`; None when no frame waits, or it was called already."""
        return RESYNC_SILENCE_S if self.pending >= HEADER_SIZE and not self._was_silent else None

    def receive_data(self, data: bytes) -> None:
        """Take bytes in any cut.

        Raises:
            RemoteProtocolError: more than 8192 bytes have come since the last frame.
        """
        if self._noise > NOISE_LIMIT:
            raise RemoteProtocolError(f"expected a frame, got {self._noise} bytes that are none")
        self._buffer = self._buffer[self._at :] + data if self.pending else data
        self._scan -= self._at
        self._at = 0
        self._was_silent = False

    @property
    def is_clean(self) -> bool:
        """Whether nothing waits and nothing was lost, so that the next read begins a frame."""
        return not self._noise and self._at == len(self._buffer)

    def receive_silence(self) -> None:
        """Let rule 5 act; then take pieces as after `receive_data`."""
        self._was_silent = True

    def next_piece(self) -> Piece | None:
        """Return the next frame, noise or landmark; None when more bytes are needed."""
        while True:
            start = self._buffer.find(PREFIX, self._scan)
            limit = start if start >= 0 else len(self._buffer)
            if self._landmark and (mark := self._buffer.find(self._landmark, self._scan, limit)) >= 0:
                return self._take_noise(mark) or Landmark()
            if start < 0:
                return self._take_noise(limit - self._held_at_end())
            if start > self._at:
                return self._take_noise(start)
            frame = self._frame_at(start)
            if not isinstance(frame, _Chance):
                return frame
            self._scan = start + len(PREFIX)

    def take_rest(self) -> bytes:
        """Return, and forget, all that is not taken yet."""
        rest = self._buffer[self._at :]
        self._buffer, self._at, self._scan = b"", 0, 0
        return rest

    def _frame_at(self, start: int) -> Frame | _Chance | None:
        """Return the frame whose prefix stands at `start`; None when the bytes so far do not decide it."""
        size = len(self._buffer)
        body = start + HEADER_SIZE
        if size < body:
            return None
        kind = self._buffer[body - 3]
        declared = int.from_bytes(self._buffer[body - 2 : body])
        if declared > PAYLOAD_LIMIT:
            return _Chance()
        end = body + declared
        if self._buffer.startswith(SUFFIX, end):
            return self._take_frame(kind, end, None)
        if size < end + len(SUFFIX) and not self._was_silent:
            return None
        return self._resync(kind, body, end)

    def _resync(self, kind: int, body: int, end: int) -> Frame | _Chance | None:
        """Apply rule 2 to the frame whose suffix is not at `end`."""
        last = end + SUFFIX_SLACK
        following = self._buffer.find(PREFIX, body, last + len(PREFIX))
        suffix = self._buffer.find(SUFFIX, end + 1, last + len(SUFFIX))
        if following >= 0 and not 0 <= suffix < following:
            suffix = following - len(SUFFIX)
            return self._take_frame(kind, suffix, end - body) if self._ends_at(body, suffix) else _Chance()
        if suffix >= 0:
            return self._take_frame(kind, suffix, end - body)
        size = len(self._buffer)
        if self._was_silent and size < end + len(SUFFIX):
            suffix = size - len(SUFFIX)
            is_short = suffix >= end - SUFFIX_SLACK and self._ends_at(body, suffix)
            return self._take_frame(kind, suffix, end - body) if is_short else None
        return _Chance() if self._was_silent or size >= last + len(PREFIX) else None

    def _ends_at(self, body: int, suffix: int) -> bool:
        return suffix >= body and self._buffer.startswith(SUFFIX, suffix)

    def _take_frame(self, kind: int, suffix: int, declared: int | None) -> Frame:
        frame = Frame(kind, self._buffer[self._at + HEADER_SIZE : suffix], declared)
        self._at = self._scan = suffix + len(SUFFIX)
        self._noise = 0
        return frame

    def _take_noise(self, end: int) -> Noise | None:
        """Take what is before `end`; None when that is nothing."""
        if end <= self._at:
            return None
        noise = Noise(self._buffer[self._at : end])
        self._noise += len(noise.raw)
        self._at = self._scan = end
        return noise

    def _held_at_end(self) -> int:
        """Return how many bytes at the end may begin a prefix or the landmark; they are few and may wait."""
        return max(held_at_end(self._buffer, PREFIX), held_at_end(self._buffer, self._landmark or b""))
