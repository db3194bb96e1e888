"""From a text to the parts of an SMS: which alphabet, and where it may be cut."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from .gsm7 import is_gsm7, septets_of

Alphabet: TypeAlias = Literal["gsm7", "ucs2"]

SINGLE: Final[dict[Alphabet, int]] = {"gsm7": 160, "ucs2": 70}
"""Room of an SMS that stands alone: septets, or units of UTF-16."""
PART: Final[dict[Alphabet, int]] = {"gsm7": 153, "ucs2": 67}
"""Room of one part of several: six octets go for the header that says which part it is."""
MOST_PARTS: Final = 255


class TextTooLong(ValueError):
    """A text needs more parts than an SMS can have."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A text cut for sending: the alphabet of all of it, and the texts of its parts."""

    alphabet: Alphabet
    texts: tuple[str, ...]


def clean_text(text: str) -> str:
    """Return a text without what no SMS can show: control characters become spaces, broken surrogates U+FFFD."""
    mended = text.replace("\r\n", "\n").encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
    return "".join(" " if unicodedata.category(sign) == "Cc" and sign != "\n" else sign for sign in mended)


def split_text(text: str) -> Parts:
    """Return the parts of a text; no character, escape or surrogate pair is ever cut in two.

    Raises:
        TextTooLong: it would need more than 255 parts.
    """
    alphabet: Alphabet = "gsm7" if is_gsm7(text) else "ucs2"
    sizes = [_size(sign, alphabet) for sign in text]
    if sum(sizes) <= SINGLE[alphabet]:
        return Parts(alphabet, (text,))
    texts = tuple(_cut(zip(text, sizes, strict=True), PART[alphabet]))
    if len(texts) > MOST_PARTS:
        raise TextTooLong(f"expected a text of at most {MOST_PARTS} parts, this one needs {len(texts)}")
    return Parts(alphabet, texts)


def _cut(signs: Iterable[tuple[str, int]], room: int) -> Iterable[str]:
    part, used = "", 0
    for sign, size in signs:
        if used + size > room:
            yield part
            part, used = "", 0
        part += sign
        used += size
    yield part


def _size(sign: str, alphabet: Alphabet) -> int:
    if alphabet == "ucs2":
        return 2 if ord(sign) > 0xFFFF else 1
    return len(septets_of(sign) or b"")
