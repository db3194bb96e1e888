"""The TCP conversations of a capture file, as far as `irzhub decode` needs them.

Both formats are read: pcap (either byte order, micro- or nanoseconds) and pcapng (section, interface, enhanced and
simple packet blocks). Link types: Ethernet (VLAN tags too), raw IP, loopback and Linux cooked. A damaged packet is
skipped; a file that ends in the middle of one is read as far as it goes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import groupby
from typing import Final

_PCAP: Final = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
_PCAPNG: Final = b"\x0a\x0d\x0d\x0a"
_TCP: Final = 6
_SYN: Final = 0x02
_NUMBERS: Final = 2**32
#: Segments behind a gap after which the capture is taken to have lost what was there.
_EARLY_LIMIT: Final = 32
#: Where the IP packet begins, by link type: loopback, raw IP (two numbers), Linux cooked v1 and v2.
_IP_OFFSET: Final = {0: 4, 108: 4, 12: 0, 101: 0, 228: 0, 229: 0, 113: 16, 276: 20}
_ETHERNET: Final = 1
_VLAN_TAGS: Final = (b"\x81\x00", b"\x88\xa8")


@dataclass(frozen=True, slots=True)
class Turn:
    """Bytes that one end sent before the other spoke. Ends are `address:port`."""

    sender: str
    receiver: str
    payload: bytes


@dataclass(slots=True)
class _Segment:
    """One TCP segment."""

    sender: str
    receiver: str
    sequence: int
    is_syn: bool
    payload: bytes


@dataclass(slots=True)
class _Way:
    """One direction of a conversation: what number comes next, and what came too early."""

    expected: int | None = None
    early: dict[int, bytes] = field(default_factory=dict)

    def take(self, segment: _Segment) -> bytes:
        """Return the bytes that this segment adds in order: repeats are cut off, gaps wait."""
        if segment.is_syn:
            self.expected = (segment.sequence + 1) % _NUMBERS
            self.early.clear()
            return b""
        if self.expected is None:
            self.expected = segment.sequence
        if len(segment.payload) > len(self.early.get(segment.sequence, b"")):
            self.early[segment.sequence] = segment.payload
        return self._in_order() or (self.skip_gap() if len(self.early) > _EARLY_LIMIT else b"")

    def skip_gap(self) -> bytes:
        """Return what waits behind a gap that nothing fills: the capture lost it."""
        if not self.early:
            return b""
        self.expected = min(self.early, key=self._distance)
        return self._in_order()

    def _distance(self, sequence: int) -> int:
        """How far behind the expected byte a segment begins; negative for a repeat."""
        return (sequence - (self.expected or 0) + _NUMBERS // 2) % _NUMBERS - _NUMBERS // 2

    def _in_order(self) -> bytes:
        whole = b""
        for sequence in sorted(self.early, key=self._distance):
            if (distance := self._distance(sequence)) > 0:
                break
            fresh = self.early.pop(sequence)[-distance:]
            self.expected = ((self.expected or 0) + len(fresh)) % _NUMBERS
            whole += fresh
        return whole


def is_capture(data: bytes) -> bool:
    """Say whether a file that begins so is a capture."""
    return data[:4] in _PCAP or data[:4] == _PCAPNG


def read_turns(data: bytes) -> Iterator[Turn]:
    """Return what the ends of each TCP conversation said, in turns, in order of time."""
    for (sender, receiver), turns in groupby(_said(data), lambda turn: (turn.sender, turn.receiver)):
        yield Turn(sender, receiver, b"".join(turn.payload for turn in turns))


def _said(data: bytes) -> Iterator[Turn]:
    ways: dict[tuple[str, str], _Way] = {}
    for link, packet in _pcapng_packets(data) if data[:4] == _PCAPNG else _pcap_packets(data):
        if (segment := _segment(link, packet)) is None:
            continue
        way = ways.setdefault((segment.sender, segment.receiver), _Way())
        if payload := way.take(segment):
            yield Turn(segment.sender, segment.receiver, payload)
    for (sender, receiver), way in ways.items():
        while payload := way.skip_gap():
            yield Turn(sender, receiver, payload)


def _pcap_packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    order = _PCAP[data[:4]]
    if len(data) < 24:
        return
    (link,) = struct.unpack_from(f"{order}I", data, 20)
    at = 24
    while at + 16 <= len(data):
        (size,) = struct.unpack_from(f"{order}I", data, at + 8)
        yield link & 0xFFFF, data[at + 16 : at + 16 + size]
        at += 16 + size


def _pcapng_packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    at, order, links = 0, "<", [0]
    while at + 12 <= len(data):
        if data[at : at + 4] == _PCAPNG:
            order, links = ("<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"), []
        kind, size = struct.unpack_from(f"{order}II", data, at)
        body = data[at + 8 : at + size - 4]
        if size < 12:
            return
        if kind == 1 and len(body) >= 2:
            links.append(struct.unpack_from(f"{order}H", body)[0])
        elif kind == 6 and len(body) >= 20:
            interface, _, _, captured = struct.unpack_from(f"{order}IIII", body)
            if interface < len(links):
                yield links[interface], body[20 : 20 + captured]
        elif kind == 3 and len(body) >= 4 and links:
            yield links[0], body[4:]
        at += size


def _segment(link: int, packet: bytes) -> _Segment | None:
    """Return the TCP segment in a packet; None when it holds none, or not all of its headers."""
    if link == _ETHERNET:
        start = 14
        while packet[start - 2 : start] in _VLAN_TAGS:
            start += 4
    elif (offset := _IP_OFFSET.get(link)) is not None:
        start = offset
    else:
        return None
    ip = packet[start:]
    try:
        return _ipv4(ip) if ip[0] >> 4 == 4 else _ipv6(ip) if ip[0] >> 4 == 6 else None
    except (IndexError, ValueError, struct.error):
        return None  # it is too short for its own headers


def _ipv4(ip: bytes) -> _Segment | None:
    is_fragment = struct.unpack_from(">H", ip, 6)[0] & 0x1FFF
    if ip[9] != _TCP or is_fragment:
        return None
    (total,) = struct.unpack_from(">H", ip, 2)
    header = (ip[0] & 0x0F) * 4
    # A total of 0 is what a network card leaves to be filled in when it cuts large writes itself.
    return _tcp(str(ip_address(ip[12:16])), str(ip_address(ip[16:20])), ip[header : total or None])


def _ipv6(ip: bytes) -> _Segment | None:
    if ip[6] != _TCP or len(ip) < 40:
        return None
    (size,) = struct.unpack_from(">H", ip, 4)
    source, target = ip_address(ip[8:24]), ip_address(ip[24:40])
    return _tcp(f"[{source}]", f"[{target}]", ip[40 : 40 + size if size else None])


def _tcp(source: str, target: str, tcp: bytes) -> _Segment:
    source_port, target_port, sequence = struct.unpack_from(">HHI", tcp)
    payload = tcp[(tcp[12] >> 4) * 4 :]
    return _Segment(f"{source}:{source_port}", f"{target}:{target_port}", sequence, bool(tcp[13] & _SYN), payload)
