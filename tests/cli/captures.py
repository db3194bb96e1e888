"""Builds capture files byte by byte, as tcpdump and Wireshark write them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

MODEM = ("10.0.0.7", 40001)
HUB = ("192.168.1.2", 5009)
End = tuple[str, int]

ETHERNET, RAW_IP, LOOPBACK, COOKED, COOKED2 = 1, 101, 0, 113, 276


@dataclass(frozen=True)
class Sent:
    """One TCP segment."""

    source: End
    target: End
    sequence: int
    payload: bytes = b""
    flags: int = 0x18


def tcp(sent: Sent) -> bytes:
    ports = struct.pack(">HHIIBBHHH", sent.source[1], sent.target[1], sent.sequence, 0, 5 << 4, sent.flags, 512, 0, 0)
    return ports + sent.payload


def ip(sent: Sent, *, protocol: int = 6, fragment: int = 0, total: int | None = None) -> bytes:
    body = tcp(sent)
    source, target = ip_address(sent.source[0]), ip_address(sent.target[0])
    if source.version == 6:
        size = len(body) if total is None else total
        return struct.pack(">IHBB", 6 << 28, size, protocol, 64) + source.packed + target.packed + body
    size = 20 + len(body) if total is None else total
    header = struct.pack(">BBHHHBBH", 0x45, 0, size, 1, fragment, 64, protocol, 0)
    return header + source.packed + target.packed + body


def packet(link: int, data: bytes) -> bytes:
    kind = b"\x86\xdd" if data[0] >> 4 == 6 else b"\x08\x00"
    before = {
        ETHERNET: bytes(12) + kind,
        RAW_IP: b"",
        LOOPBACK: bytes(4),
        COOKED: bytes(14) + kind,
        COOKED2: kind + bytes(18),
    }
    return before[link] + data


def pcap(packets: Sequence[bytes], *, link: int = ETHERNET, order: str = "<", magic: int = 0xA1B2C3D4) -> bytes:
    head = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    return head + b"".join(struct.pack(f"{order}IIII", 1, 2, len(data), len(data)) + data for data in packets)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + size + body + size


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, order: str = "<") -> bytes:
    return block(1, struct.pack(f"{order}HHI", link, 0, 0), order)


def enhanced(number: int, data: bytes, order: str = "<") -> bytes:
    return block(6, struct.pack(f"{order}IIIII", number, 0, 0, len(data), len(data)) + data, order)


def simple(data: bytes, order: str = "<") -> bytes:
    return block(3, struct.pack(f"{order}I", len(data)) + data, order)
