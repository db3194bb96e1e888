"""The flight recorder as pcapng: TCP packets as Wireshark and `irzhub decode` read them.

The recorder keeps payload, not packets: addresses are made up (the modem is 10.0.0.1, the hub 10.0.0.2),
sequence numbers grow with the bytes, and checksums are right. Bytes that were dropped carry a comment.
"""

import struct
from collections.abc import Iterable
from typing import Final

from irzhub.core.services import TrafficEntry

MEDIA: Final = "application/x-pcapng"
_MODEM: Final = (b"\x0a\x00\x00\x01", 40000)
_HUB: Final = (b"\x0a\x00\x00\x02", 5009)
_LINK_RAW: Final = 101
_SNAP: Final = 65535
_SEGMENT: Final = 1400
_COMMENT: Final = 1
_APPLICATION: Final = 4
_RESOLUTION: Final = 9


def to_pcapng(modem: str, entries: Iterable[TrafficEntry], version: str) -> bytes:
    """Return a capture file of one modem's record, from old to new."""
    out = bytearray(_section(f"irzhub {version}, flight recorder of modem {modem}"))
    out += _interface(f"modem {modem}")
    sent = {True: 1, False: 1}
    for at, direction, data in entries:
        is_up = direction != ">"
        for start in range(0, len(data), _SEGMENT):
            part = data[start : start + _SEGMENT]
            packet = _tcp_packet(is_up, sent[is_up], sent[not is_up], part)
            out += _packet(at, packet, _word(direction))
            sent[is_up] = (sent[is_up] + len(part)) & 0xFFFFFFFF
    return bytes(out)


def _word(direction: str) -> str | None:
    return {"-": "dropped by the hub", "=": "meter data"}.get(direction)


def _block(kind: int, body: bytes) -> bytes:
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def _options(*options: tuple[int, bytes]) -> bytes:
    out = b"".join(struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4) for code, value in options)
    return out + struct.pack("<HH", 0, 0)


def _section(application: str) -> bytes:
    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    return _block(0x0A0D0D0A, head + _options((_APPLICATION, application.encode())))


def _interface(name: str) -> bytes:
    head = struct.pack("<HHI", _LINK_RAW, 0, _SNAP)
    return _block(1, head + _options((2, name.encode()), (_RESOLUTION, b"\x06")))


def _packet(at: float, packet: bytes, comment: str | None) -> bytes:
    microseconds = int(at * 1_000_000)
    head = struct.pack("<IIIII", 0, microseconds >> 32, microseconds & 0xFFFFFFFF, len(packet), len(packet))
    options = b"" if comment is None else _options((_COMMENT, comment.encode()))
    return _block(6, head + packet + bytes(-len(packet) % 4) + options)


def _tcp_packet(is_up: bool, sequence: int, acknowledged: int, data: bytes) -> bytes:
    (source, source_port), (target, target_port) = (_MODEM, _HUB) if is_up else (_HUB, _MODEM)
    tcp = struct.pack(
        "!HHIIBBHHH",
        source_port,
        target_port,
        sequence & 0xFFFFFFFF,
        acknowledged & 0xFFFFFFFF,
        0x50,
        0x18,
        65535,
        0,
        0,
    )
    pseudo = source + target + struct.pack("!BBH", 0, 6, len(tcp) + len(data))
    tcp = tcp[:16] + struct.pack("!H", _checksum(pseudo + tcp + data)) + tcp[18:]
    total = 20 + len(tcp) + len(data)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 0, 0x4000, 64, 6, 0, source, target)
    return ip[:10] + struct.pack("!H", _checksum(ip)) + ip[12:] + tcp + data


def _checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    padded = data + bytes(len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
