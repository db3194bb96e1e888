"""Texts that may hold anything, made fit for a line of a log or a terminal."""

from typing import Final

_BYTE_END: Final = 0x100
_CONTROLS: Final = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x2028,  # line and paragraph separators
    0x2029,
    *range(0x202A, 0x202F),  # turn the direction of writing
    *range(0x2066, 0x206A),
)
_SHOWN: Final = {code: f"\\x{code:02x}" if code < _BYTE_END else f"\\u{code:04x}" for code in _CONTROLS}


def printable(text: str) -> str:
    """Return `text` in one line, every control character shown and none obeyed.

    Whatever came from outside may stand in a message; nobody shall forge a second line of it or move the
    cursor of whoever reads it.
    """
    return text.translate(_SHOWN)


def whole(text: str) -> str:
    """Return `text` as every store and every way takes it.

    Half an emoji that some program cut, or a byte of another alphabet that a library kept for later, becomes a `?`.
    """
    return text.encode("utf-8", "replace").decode()
