import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irzhub.cli.pcap import Turn, is_capture, read_turns
from tests.cli.captures import (
    COOKED,
    COOKED2,
    ETHERNET,
    HUB,
    LOOPBACK,
    MODEM,
    RAW_IP,
    Sent,
    enhanced,
    interface,
    ip,
    packet,
    pcap,
    section,
    simple,
)

UP, DOWN = ("10.0.0.7:40001", "192.168.1.2:5009"), ("192.168.1.2:5009", "10.0.0.7:40001")


def up(sequence: int, payload: bytes = b"", flags: int = 0x18) -> Sent:
    return Sent(MODEM, HUB, sequence, payload, flags)


def down(sequence: int, payload: bytes = b"") -> Sent:
    return Sent(HUB, MODEM, sequence, payload)


def turns_of(*sent: Sent) -> list[Turn]:
    return list(read_turns(pcap([packet(ETHERNET, ip(one)) for one in sent])))


TALK = [up(1, b"hello"), down(1, b"answer"), up(6, b"da"), up(8, b"ta")]
TURNS = [Turn(*UP, b"hello"), Turn(*DOWN, b"answer"), Turn(*UP, b"data")]


@pytest.mark.parametrize("link", [ETHERNET, RAW_IP, LOOPBACK, COOKED, COOKED2])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D])
def test_pcap(link: int, order: str, magic: int) -> None:
    data = pcap([packet(link, ip(sent)) for sent in TALK], link=link, order=order, magic=magic)

    assert is_capture(data)
    assert list(read_turns(data)) == TURNS


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng(order: str) -> None:
    packets = [packet(ETHERNET, ip(sent)) for sent in TALK]
    data = section(order) + interface(ETHERNET, order) + interface(RAW_IP, order)
    data += simple(packets[0], order) + enhanced(0, packets[1], order)
    data += enhanced(1, ip(TALK[2]), order) + enhanced(9, packets[3], order) + enhanced(0, packets[3], order)

    assert is_capture(data)
    assert list(read_turns(data)) == TURNS


def test_ipv6() -> None:
    sent = Sent(("fe80::1", 1), ("fe80::2", 2), 7, b"x")

    assert list(read_turns(pcap([packet(ETHERNET, ip(sent))]))) == [Turn("[fe80::1]:1", "[fe80::2]:2", b"x")]
    assert list(read_turns(pcap([packet(ETHERNET, ip(sent, total=0))]))) == [Turn("[fe80::1]:1", "[fe80::2]:2", b"x")]


def test_vlan_tags() -> None:
    frame = bytes(12) + b"\x88\xa8\x00\x01\x81\x00\x00\x02\x08\x00" + ip(TALK[0])

    assert list(read_turns(pcap([frame]))) == TURNS[:1]


def test_padding_of_short_frames_is_no_data() -> None:
    frame = packet(ETHERNET, ip(up(1))) + bytes(6)

    assert list(read_turns(pcap([frame]))) == []
    assert list(read_turns(pcap([packet(ETHERNET, ip(TALK[0], total=0))]))) == TURNS[:1]


# Segments as they come, and what was said.
SEGMENTS: dict[str, tuple[list[Sent], bytes]] = {
    "in order": ([up(1, b"ab"), up(3, b"cd")], b"abcd"),
    "repeated": ([up(1, b"ab"), up(1, b"ab"), up(3, b"cd")], b"abcd"),
    "repeated with more": ([up(1, b"ab"), up(1, b"abcd")], b"abcd"),
    "overlapping": ([up(1, b"abc"), up(3, b"cd")], b"abcd"),
    "turned": ([up(1, b"ab"), up(5, b"ef"), up(3, b"cd")], b"abcdef"),
    "keepalive probe": ([up(1, b"ab"), up(2, b"\x00"), up(3, b"cd")], b"abcd"),
    "a gap that nothing fills": ([up(1, b"ab"), up(5, b"ef"), up(7, b"gh")], b"abefgh"),
    "two gaps": ([up(1, b"ab"), up(5, b"ef"), up(9, b"gh")], b"abefgh"),
    "numbers that begin anew": ([up(2**32 - 2, b"ab"), up(0, b"cd"), up(2, b"ef")], b"abcdef"),
    "numbers that begin anew, turned": ([up(2**32 - 2, b"ab"), up(2, b"ef"), up(0, b"cd")], b"abcdef"),
    "SYN": ([up(99, flags=2), up(100, b"ab"), up(102, b"cd")], b"abcd"),
    "port used again": ([up(1, b"ab"), up(5000, flags=2), up(5001, b"cd")], b"abcd"),
    "grown while waiting": ([up(1, b"a"), up(3, b"c"), up(3, b"cd"), up(2, b"b")], b"abcd"),
}


@pytest.mark.parametrize(("sent", "said"), SEGMENTS.values(), ids=SEGMENTS)
def test_segments(sent: list[Sent], said: bytes) -> None:
    assert turns_of(*sent) == [Turn(*UP, said)]


def test_a_lost_segment_does_not_silence_a_long_capture() -> None:
    sent = [up(1, b"ab"), *(up(10 + at, b"x") for at in range(40)), down(1, b"y")]

    assert turns_of(*sent) == [Turn(*UP, b"ab" + b"x" * 40), Turn(*DOWN, b"y")]


NOT_TCP = {
    "UDP": ip(TALK[0], protocol=17),
    "UDP over IPv6": ip(Sent(("fe80::1", 1), ("fe80::2", 2), 7, b"x"), protocol=17),
    "fragment": ip(TALK[0], fragment=5),
    "other version": b"\x55" + ip(TALK[0])[1:],
    "nothing": b"",
    "cut in the IP header": ip(TALK[0])[:15],
    "cut in the TCP header": ip(TALK[0])[:30],
    "cut in the IPv6 header": ip(Sent(("fe80::1", 1), ("fe80::2", 2), 7, b"x"))[:30],
}


@pytest.mark.parametrize("data", NOT_TCP.values(), ids=NOT_TCP)
def test_other_packets_are_skipped(data: bytes) -> None:
    frames = [bytes(14) + data, packet(ETHERNET, ip(TALK[0]))]

    assert list(read_turns(pcap(frames))) == TURNS[:1]


def test_unknown_link_types_are_skipped() -> None:
    assert list(read_turns(pcap([ip(TALK[0])], link=999))) == []


def test_files_cut_short() -> None:
    old = pcap([packet(ETHERNET, ip(sent)) for sent in TALK])
    new = section() + interface(ETHERNET) + enhanced(0, packet(ETHERNET, ip(TALK[0])))
    for data in (old, new):
        for size in range(4, len(data)):
            turns = list(read_turns(data[:size]))
            assert len(turns) <= 3
    assert list(read_turns(new + b"\x06\x00\x00\x00\x01\x00\x00\x00" + bytes(8))) == TURNS[:1]


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes(data: bytes) -> None:
    for beginning in (pcap([]), section() + interface(ETHERNET), b"\x0a\x0d\x0d\x0a", b"\xd4\xc3\xb2\xa1"):
        for turn in read_turns(beginning + data):
            assert turn.payload


def test_what_is_no_capture() -> None:
    assert not is_capture(b"")
    assert not is_capture(b"C8CACBCC")
