"""The capture file, taken apart again block by block."""

import struct
from collections.abc import Iterator

from irzhub.web.pcapng import to_pcapng

AT = 1_795_287_423.25
RECORD = [(AT, "<", b"hello"), (AT + 1, ">", b"x" * 3000), (AT + 2, "=", b"meter"), (AT + 3, "-", b"late")]


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give type and body of each block; both lengths must agree."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length % 4 == 0
        assert struct.unpack_from("<I", data, at + length - 4) == (length,)
        yield kind, data[at + 8 : at + length - 4]
        at += length
    assert at == len(data)


def checksum(data: bytes) -> int:
    padded = data + bytes(len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def packets(data: bytes) -> list[tuple[float, int, int, bytes, bytes]]:
    """Return time, source port, sequence number, payload and options of each packet, its checksums proved."""
    found = []
    for kind, body in blocks(data):
        if kind != 6:
            continue
        interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
        assert (interface, captured) == (0, original)
        packet = body[20 : 20 + captured]
        assert checksum(packet[:20]) == 0xFFFF, "IP"
        tcp = packet[20:]
        assert checksum(packet[12:20] + struct.pack("!BBH", 0, 6, len(tcp)) + tcp) == 0xFFFF, "TCP"
        source, _, sequence = struct.unpack_from("!HHI", tcp)
        options = body[20 + captured + -captured % 4 :]
        found.append((((high << 32) | low) / 1e6, source, sequence, tcp[20:], options))
    return found


def test_all_bytes_come_back_in_order_with_their_times() -> None:
    data = to_pcapng("868441036775234", RECORD, "1.0")

    kinds = [kind for kind, _ in blocks(data)]
    assert kinds[:2] == [0x0A0D0D0A, 1]
    found = packets(data)
    assert [len(each[3]) for each in found] == [5, 1400, 1400, 200, 5, 4]
    assert b"".join(each[3] for each in found) == b"".join(entry[2] for entry in RECORD)
    assert [each[0] for each in found] == [AT, AT + 1, AT + 1, AT + 1, AT + 2, AT + 3]


def test_each_direction_counts_its_own_bytes() -> None:
    found = packets(to_pcapng("868441036775234", RECORD, "1.0"))

    assert [(each[1], each[2]) for each in found] == [
        (40000, 1),
        (5009, 1),
        (5009, 1401),
        (5009, 2801),
        (40000, 6),
        (40000, 11),
    ]


def test_what_was_dropped_says_so() -> None:
    found = packets(to_pcapng("868441036775234", RECORD, "1.0"))

    assert b"dropped by the hub" in found[-1][4]
    assert found[0][4] == b""


def test_an_empty_record_is_a_valid_file() -> None:
    assert [kind for kind, _ in blocks(to_pcapng("868441036775234", [], "1.0"))] == [0x0A0D0D0A, 1]
