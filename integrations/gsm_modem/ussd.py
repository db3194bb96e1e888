"""What the network answers to a short request such as `*100#`, and the balance in it."""

import re
from typing import Final

from .at import fields_of
from .gsm7 import decode_septets, unpack

_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){2,400}", re.ASCII)
_AMOUNT: Final = re.compile(r"(?<![0-9])[-−–]?[0-9][0-9\u00a0 ]{0,14}(?:[.,][0-9]{1,2})?(?![0-9])")
_LONGEST: Final = 400


def check_code(text: str) -> str:
    """Return a request that may be sent.

    Raises:
        ValueError: it is no USSD code.
    """
    if re.fullmatch(r"[*#][0-9*#]{1,30}#", text, re.ASCII) is None:
        raise ValueError("expected a code such as *100#")
    return text


def read_ussd(answer: str) -> str:
    """Return the text behind `+CUSD:`; empty when the network said nothing.

    Modems give it as text, as UCS-2 in hex, or as packed septets in hex; the coding they name is often wrong.
    """
    fields = fields_of(answer)
    if len(fields) < 2:
        return ""
    text = fields[1][: _LONGEST * 4]
    coding = int(fields[2]) if len(fields) > 2 and re.fullmatch(r"[0-9]{1,3}", fields[2], re.ASCII) else 15
    if _HEX.fullmatch(text) is None:
        return text.strip()[:_LONGEST]
    octets = bytes.fromhex(text)
    wide = octets.decode("utf-16-be", "replace") if len(octets) % 2 == 0 else ""
    if wide and (coding & 0x0C == 0x08 or _is_readable(wide)):
        return wide.strip()[:_LONGEST]
    narrow = decode_septets(unpack(octets, len(octets) * 8 // 7)).rstrip("\r@")
    return (narrow if _is_readable(narrow) else text).strip()[:_LONGEST]


def read_balance(text: str) -> float | None:
    """Return the first amount of money in an answer: one with a decimal part, else the first number."""
    amounts = [found[0] for found in _AMOUNT.finditer(text)]
    with_part = [each for each in amounts if re.search(r"[.,][0-9]{1,2}\Z", each)]
    for amount in with_part or amounts:
        plain = re.sub(r"[\u00a0 ]", "", amount).replace(",", ".").replace("−", "-").replace("–", "-")
        return float(plain)
    return None


def _is_readable(text: str) -> bool:
    """Whether most of a text are letters, digits and what stands between them, of Latin or Cyrillic."""
    good = sum(
        (sign.isascii() and sign.isprintable()) or "\u0400" <= sign <= "\u04ff" or sign in "\n\r«»№₽" for sign in text
    )
    return bool(text) and good >= 0.9 * len(text)
