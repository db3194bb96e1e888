"""The GSM 7-bit alphabet with its extension table (3GPP TS 23.038 6.2.1), and its packing into octets."""

from typing import Final

_ESCAPE: Final = 0x1B
BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_SEPTETS: Final[dict[str, bytes]] = {
    **{sign: bytes((code,)) for code, sign in enumerate(BASIC) if code != _ESCAPE},
    **{sign: bytes((_ESCAPE, code)) for code, sign in EXTENSION.items()},
}


def septets_of(sign: str) -> bytes | None:
    """Return the one or two septets of a character, None where the alphabet lacks it."""
    return _SEPTETS.get(sign)


def is_gsm7(text: str) -> bool:
    """Say whether all of a text can be written in this alphabet."""
    return all(sign in _SEPTETS for sign in text)


def encode_septets(text: str) -> bytes:
    """Return a text as septets, one to an octet.

    Raises:
        ValueError: the alphabet lacks one of its characters.
    """
    try:
        return b"".join(_SEPTETS[sign] for sign in text)
    except KeyError as error:
        raise ValueError(f"expected characters of the GSM alphabet, got {error.args[0]!r}") from None


def decode_septets(septets: bytes) -> str:
    """Return the text that septets mean; an escape before an unknown code leaves the basic character, as phones do."""
    signs: list[str] = []
    is_escaped = False
    for code in septets:
        if is_escaped:
            signs.append(EXTENSION.get(code, BASIC[code] if code != _ESCAPE else " "))
            is_escaped = False
        elif code == _ESCAPE:
            is_escaped = True
        else:
            signs.append(BASIC[code])
    return "".join(signs)


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Return septets packed into octets behind `fill_bits` empty bits, which align them after a header."""
    value, length = 0, fill_bits
    for code in septets:
        value |= code << length
        length += 7
    return value.to_bytes((length + 7) // 8, "little")


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """Return `count` septets that are packed in octets behind `fill_bits` empty bits, fewer where some are missing."""
    value = int.from_bytes(octets, "little") >> fill_bits
    count = min(count, (len(octets) * 8 - fill_bits) // 7)
    return bytes((value >> 7 * place) & 0x7F for place in range(count))
