"""SMS as the modem gives and takes them: TPDUs of 3GPP TS 23.040, sent as hex, so that no text meets an AT parser."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

from .address import BadAddress, decode_address, encode_address
from .gsm7 import decode_septets, encode_septets, pack, unpack
from .text import Alphabet, split_text

_SUBMIT: Final = 0x01
_RELATIVE_VALIDITY: Final = 0x10
_REPORT: Final = 0x20
_HEADER: Final = 0x40
_DCS: Final[dict[Alphabet, int]] = {"gsm7": 0x00, "ucs2": 0x08}
_CONCAT_8: Final = 0x00
_CONCAT_16: Final = 0x08
_LONGEST: Final = 400
"""Octets of the longest PDU that is looked at; the standard's are below 180."""


class BadPdu(ValueError):
    """Octets from a modem that are no SMS; the text says what was expected where."""


@dataclass(frozen=True, slots=True)
class Submit:
    """One PDU to send: hex for the modem, and the number of octets that `AT+CMGS` wants to know."""

    hex: str
    length: int


@dataclass(frozen=True, slots=True)
class PartOf:
    """Which part of a longer text an SMS is: `reference` is the same in all of them, `number` counts from 1."""

    reference: int
    total: int
    number: int
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Deliver:
    """An SMS that came in; `text` may end in half a character while it is one part of several."""

    number: str
    text: str = dataclasses.field(repr=False)
    sent_at: datetime | None
    part: PartOf | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What the network says of an SMS that was sent: `status` is the octet TP-ST, `reference` that of `+CMGS`."""

    reference: int
    number: str
    status: int

    @property
    def outcome(self) -> Literal["delivered", "trying", "failed"]:
        """Whether it has arrived, is still on the way, or never will."""
        if self.status < 0x20:
            return "delivered"
        return "trying" if self.status < 0x40 else "failed"


def build_submits(
    number: str, text: str, reference: int, *, report: bool = False, validity_s: float = 86400.0
) -> tuple[Submit, ...]:
    """Return the PDUs of a text, in order.

    Args:
        number: digits, with a `+` before them or without.
        text: any; which alphabet and how many parts it needs is found out here.
        reference: 0..255, joins the parts; only used when there are several.
        report: whether the network is to report the delivery.
        validity_s: how long it keeps trying.

    Raises:
        BadAddress: the number cannot be written. TextTooLong: the text needs more than 255 parts.
    """
    parts = split_text(text)
    address, total = encode_address(number), len(parts.texts)
    first = _SUBMIT | _RELATIVE_VALIDITY | (_REPORT if report else 0) | (_HEADER if total > 1 else 0)
    validity = _validity(validity_s)
    found = []
    for place, part in enumerate(parts.texts, 1):
        header = bytes((5, _CONCAT_8, 3, reference & 0xFF, total, place)) if total > 1 else b""
        length, data = _user_data(part, parts.alphabet, header)
        body = bytes((first, 0)) + address + bytes((0, _DCS[parts.alphabet], validity, length)) + data
        found.append(Submit("00" + body.hex().upper(), len(body)))
    return tuple(found)


def decode_incoming(text: str, length: int | None = None) -> Deliver | StatusReport:
    """Return what a PDU from the modem holds.

    Args:
        text: hex, with the service centre before it or without.
        length: octets without the service centre, where the modem told.

    Raises:
        BadPdu: it is neither a delivered SMS nor a status report, or is cut off.
    """
    try:
        octets = bytes.fromhex(text) if len(text) <= 2 * _LONGEST and text.isascii() else b""
    except ValueError:
        octets = b""
    if not octets:
        raise BadPdu(f"expected up to {_LONGEST} octets in hex, got {len(text)} characters")
    reader = _Reader(octets)
    if length is None or length != len(octets):
        reader.take(reader.octet("the service centre's length"), "the service centre")
    first = reader.octet("the first octet")
    if first & 0x03 == 0x00:
        return _deliver(reader, first)
    if first & 0x03 == 0x02:
        return _report(reader)
    raise BadPdu(f"expected a delivered SMS or a status report, got message type {first & 0x03}")


def join_texts(parts: list[str]) -> str:
    """Return the text of all parts together; a surrogate pair that the sender cut in two is whole again."""
    return "".join(parts).encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")


def _validity(seconds: float) -> int:
    """Return TP-VP, relative form: five minutes to 63 weeks, rounded up."""
    minutes = max(5.0, seconds / 60)
    for limit, step, base in ((720, 5, 0), (1440, 30, 143), (43200, 1440, 166), (635040, 10080, 192)):
        if minutes <= limit:
            rounded = -int(-(minutes - (720 if base == 143 else 0)) // step)
            return base + rounded - (1 if base == 0 else 0)
    return 255


def _user_data(part: str, alphabet: Alphabet, header: bytes) -> tuple[int, bytes]:
    if alphabet == "ucs2":
        data = header + part.encode("utf-16-be")
        return len(data), data
    septets = encode_septets(part)
    header_septets = (len(header) * 8 + 6) // 7
    fill = header_septets * 7 - len(header) * 8
    return header_septets + len(septets), header + pack(septets, fill)


def _deliver(reader: "_Reader", first: int) -> Deliver:
    number = reader.address()
    reader.octet("the protocol")
    coding = reader.octet("the coding")
    sent_at = _time(reader.take(7, "the time"))
    length = reader.octet("the length of the text")
    data = reader.rest()
    header, part = b"", None
    if first & _HEADER:
        if not data or len(data) < data[0] + 1:
            raise BadPdu("expected a header before the text, it is cut off")
        header, part = data[: data[0] + 1], _part(data[1 : data[0] + 1])
    return Deliver(number, _text(data, header, length, _alphabet(coding)), sent_at, part)


def _report(reader: "_Reader") -> StatusReport:
    reference = reader.octet("the reference")
    number = reader.address()
    reader.take(14, "the times")
    return StatusReport(reference, number, reader.octet("the status"))


def _alphabet(coding: int) -> Literal["gsm7", "ucs2", "octets"]:
    """Return the alphabet that TP-DCS names (3GPP TS 23.038 4); reserved groups are read as the default one."""
    group = coding >> 4
    if group < 0x8:
        if coding & 0x20:
            return "octets"  # compressed: nobody sends it
        return {0: "gsm7", 1: "octets", 2: "ucs2"}.get((coding >> 2) & 0x03, "gsm7")  # type: ignore[return-value]
    if group == 0xE:
        return "ucs2"
    return "octets" if group == 0xF and coding & 0x04 else "gsm7"


def _text(data: bytes, header: bytes, length: int, alphabet: Literal["gsm7", "ucs2", "octets"]) -> str:
    if alphabet == "gsm7":
        header_septets = (len(header) * 8 + 6) // 7
        fill = header_septets * 7 - len(header) * 8
        return decode_septets(unpack(data[len(header) :], max(0, length - header_septets), fill))
    body = data[len(header) : length]
    if alphabet == "ucs2":
        return body[: len(body) // 2 * 2].decode("utf-16-be", "surrogatepass")
    return body.decode("latin-1")


def _part(header: bytes) -> PartOf | None:
    """Return which part of several this is, None for one alone; a numbering that cannot be is none."""
    place, found = 0, None
    while place + 2 <= len(header):
        kind, size = header[place], header[place + 1]
        value = header[place + 2 : place + 2 + size]
        place += 2 + size
        if len(value) < size:
            break
        if kind == _CONCAT_8 and size == 3:
            found = PartOf(value[0], value[1], value[2])
        elif kind == _CONCAT_16 and size == 4:
            found = PartOf(value[0] << 8 | value[1], value[2], value[3], is_wide=True)
    if found is None or found.total < 2 or not 1 <= found.number <= found.total:
        return None
    return found


def _time(octets: bytes) -> datetime | None:
    """Return TP-SCTS as UTC, None where it names no moment."""
    try:
        year, month, day, hour, minute, second = (_swapped(octet) for octet in octets[:6])
        zone = octets[6]
        quarters = ((zone & 0x07) * 10) + (zone >> 4)
        offset = timedelta(minutes=15 * (-quarters if zone & 0x08 else quarters))
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _swapped(octet: int) -> int:
    tens, ones = octet & 0x0F, octet >> 4
    if tens > 9 or ones > 9:
        raise ValueError("no decimal digits")
    return tens * 10 + ones


class _Reader:
    """Takes octets from the front; says what is missing when there are too few."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._place = 0

    def take(self, count: int, what: str) -> bytes:
        taken = self._octets[self._place : self._place + count]
        if len(taken) < count:
            raise BadPdu(f"expected {count} octets for {what}, it ends after {len(taken)}")
        self._place += count
        return taken

    def octet(self, what: str) -> int:
        return self.take(1, what)[0]

    def rest(self) -> bytes:
        return self._octets[self._place :]

    def address(self) -> str:
        half_octets, kind = self.octet("a number's length"), self.octet("a number's type")
        if half_octets > 24:
            raise BadPdu(f"expected a number of at most 24 half octets, got {half_octets}")
        return decode_address(half_octets, kind, self.take((half_octets + 1) // 2, "a number"))


__all__ = [
    "BadAddress",
    "BadPdu",
    "Deliver",
    "PartOf",
    "StatusReport",
    "Submit",
    "build_submits",
    "decode_incoming",
    "join_texts",
]
