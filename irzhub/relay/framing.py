"""Messages on a byte stream between two processes of one hub: four bytes of length, then the message."""

from typing import Final

FRAME_LIMIT: Final = 64 * 1024 * 1024
"""Longer than any message: the traffic of a hundred thousand modems has a tenth of it."""
_HEAD: Final = 4


class FramingError(Exception):
    """The other side sent what cannot be a message."""


def pack(message: bytes) -> bytes:
    """Return one message as it goes on the stream."""
    return len(message).to_bytes(_HEAD) + message


class Deframer:
    """Cuts a stream back into messages, however it arrives."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes and return all messages that are whole now.

        Raises:
            FramingError: a length that no message has.
        """
        buffer, messages, start = self._buffer, [], 0
        buffer += data
        while len(buffer) - start >= _HEAD:
            size = int.from_bytes(buffer[start : start + _HEAD])
            if size > FRAME_LIMIT:
                raise FramingError(f"expected a message of at most {FRAME_LIMIT} bytes, its head says {size}")
            end = start + _HEAD + size
            if len(buffer) < end:
                break
            messages.append(bytes(buffer[start + _HEAD : end]))
            start = end
        del buffer[:start]
        return messages
