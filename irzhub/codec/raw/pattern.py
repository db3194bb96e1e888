"""The registration packet of a raw modem as an operator writes it down, and how much of it came.

It is text or hex with `{id}` in it, e.g. `ID={id};` or `7E01{id}0D`. Hex is what consists of pairs of hex digits
only; `text:` or `hex:` in front settles it where both could be meant, such as `text:DEAD{id}`.
"""

import re
from dataclasses import dataclass
from typing import Final

ID_LIMIT: Final = 32

_PLACE: Final = "{id}"
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)
_ID_PART: Final = re.compile(rb"[0-9A-Za-z-]{0,32}")
_ID: Final = re.compile(rb"[0-9A-Za-z-]{1,32}")


def parse_bytes(text: str) -> bytes:
    """Return the bytes that a setting such as `7E7E` or `text:BEEF` names; a text is taken in UTF-8.

    Raises:
        ValueError: `hex:` stands before what is no hex, or there is nothing.
    """
    (data,) = _parse_parts(text, [text])
    if not data:
        raise ValueError(f"expected text or hex, got {text!r}")
    return data


def parse_pattern(text: str) -> "Pattern":
    """Return the registration packet that a setting such as `ID={id};` describes.

    Raises:
        ValueError: not exactly one `{id}`, or nothing but it: then every socket would register something.
    """
    parts = text.split(_PLACE)
    if len(parts) != 2:
        raise ValueError(f"expected a pattern with one {_PLACE}, got {text!r}")
    before, behind = _parse_parts(text, parts)
    if not before and not behind:
        raise ValueError(f"expected a pattern with more than {_PLACE}, got {text!r}")
    return Pattern(before, behind)


@dataclass(frozen=True, slots=True)
class Packet:
    """A whole registration packet: the id in it, and where it ends."""

    modem: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """What stands before and behind the id."""

    before: bytes
    behind: bytes

    def find(self, data: bytes) -> Packet | None:
        """Return the packet with which `data` begins, if it is whole; the shortest id counts.

        Without anything behind the id, it ends in front of the first byte that cannot belong to it.
        """
        if not data.startswith(self.before):
            return None
        start = len(self.before)
        if not self.behind:
            run = _ID_PART.match(data, start)
            assert run is not None  # the pattern matches nothing too
            return Packet(run.group(), run.end()) if run.group() and run.end() < len(data) else None
        end = data.find(self.behind, start + 1, start + ID_LIMIT + len(self.behind))
        if end < 0 or not _ID.fullmatch(data, start, end):
            return None
        return Packet(data[start:end], end + len(self.behind))

    def may_become(self, data: bytes) -> bool:
        """Say whether more bytes can make a packet of `data`, which is none yet."""
        if len(data) <= len(self.before):
            return self.before.startswith(data)
        if not data.startswith(self.before):
            return False
        body = data[len(self.before) :]
        if _ID_PART.fullmatch(body):
            return True
        return any(
            body.endswith(self.behind[:size]) and _ID.fullmatch(body[:-size]) for size in range(1, len(self.behind))
        )


def _parse_parts(text: str, parts: list[str]) -> list[bytes]:
    kind, colon, _ = text.partition(":")
    if colon and kind in ("text", "hex"):
        parts = [parts[0].removeprefix(f"{kind}:"), *parts[1:]]
    else:
        kind = "hex" if all(_HEX.fullmatch(part) for part in parts) else "text"
    if kind == "text":
        return [part.encode() for part in parts]
    if not all(_HEX.fullmatch(part) for part in parts):
        raise ValueError(f"expected pairs of hex digits, got {text!r}")
    return [bytes.fromhex(part) for part in parts]
