"""Names of hosts as the network writes them: ASCII, small letters, one way to write each."""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_KINDS: Final = ("L", "M", "N")


def ascii_domain(name: str) -> str:
    """Return a host name in the form that DNS, TLS and mail servers know, e.g. `xn--80a1acny.xn--p1ai` for `почта.рф`.

    Names of other alphabets are encoded by IDNA 2003, as Python does it. What merely looks like ASCII (full-width
    letters and dots, circled digits) is refused, for such a name reads as another one to every other program.

    Raises:
        ValueError: no such name can exist; the text says what is wrong with it.
    """
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"expected a host name of 1 to {LONGEST_NAME} characters, got {len(name)}")
    ascii_name = ".".join(_label(each) for each in name.split("."))
    if len(ascii_name) > LONGEST_NAME:
        raise ValueError(f"expected a host name of at most {LONGEST_NAME} characters, got {len(ascii_name)}")
    return ascii_name


def _label(written: str) -> str:
    label = written.lower()
    if not label.isascii():
        label = unicodedata.normalize("NFC", label)
        if label != unicodedata.normalize("NFKC", label) or not all(_is_of_a_word(each) for each in label):
            raise ValueError(f"expected letters, digits and - in a host name, got {written!r}")
        try:
            label = label.encode("idna").decode()
        except UnicodeError as error:
            raise ValueError(f"the host name part {written!r} cannot be encoded: {error}") from None
    if _LABEL.fullmatch(label) is None:
        raise ValueError(f"expected 1 to 63 letters, digits and - between the dots of a host name, got {written!r}")
    return label


def _is_of_a_word(character: str) -> bool:
    return character == "-" or unicodedata.category(character)[0] in _KINDS
