import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.irz.frames import (
    DATA_CHUNK,
    KEEPALIVE,
    NOISE_LIMIT,
    PAYLOAD_LIMIT,
    PREFIX,
    RESYNC_SILENCE_S,
    SUFFIX,
    Frame,
    FrameDecoder,
    FrameKind,
    Landmark,
    Noise,
    Piece,
    build_data,
    build_frame,
    short_hex,
)
from tests.codec.ways import at, byte_by_byte, pieces_of, silence_of, two_ways, whole

DATA = Frame(1, bytes.fromhex("01080027C0"))
DATA_BYTES = bytes.fromhex("C8CACBCCCD01000501080027C00D0A")
BEAT_BYTES = bytes.fromhex("C8CACBCCCD020005B5BCBDBEBF0D0A")
BEAT = Frame(2, KEEPALIVE)


def header(kind: int, declared: int) -> bytes:
    return PREFIX + bytes((kind, declared >> 8, declared & 0xFF))


# docs/protocol.md 7.
VECTORS = {
    "keepalive": ("C8CACBCCCD020005B5BCBDBEBF0D0A", Frame(2, KEEPALIVE)),
    "signal question": ("C8CACBCCCD0C00030040010D0A", Frame(12, b"\x00\x40\x01")),
    "signal answer": ("C8CACBCCCD0C0004014001150D0A", Frame(12, b"\x01\x40\x01\x15")),
    "pins question": ("C8CACBCCCD0C00030040020D0A", Frame(12, b"\x00\x40\x02")),
    "pins answer": ("C8CACBCCCD0C0007014002808080800D0A", Frame(12, b"\x01\x40\x02\x80\x80\x80\x80")),
    "pins answer that declares 7 of 8": (
        "C8CACBCCCD0C000701400280808080820D0A",
        Frame(12, b"\x01\x40\x02\x80\x80\x80\x80\x82", 7),
    ),
    "pins report": ("C8CACBCCCD0C000701400280C280800D0A", Frame(12, b"\x01\x40\x02\x80\xc2\x80\x80")),
    "0x03 question": ("C8CACBCCCD0C00030040030D0A", Frame(12, b"\x00\x40\x03")),
    "0x03 answer": ("C8CACBCCCD0C00040140033F0D0A", Frame(12, b"\x01\x40\x03\x3f")),
    "temperature question": ("C8CACBCCCD0C00030040050D0A", Frame(12, b"\x00\x40\x05")),
    "temperature answer": ("C8CACBCCCD0C00040140057D0D0A", Frame(12, b"\x01\x40\x05\x7d")),
    "ICCID question": ("C8CACBCCCD0C000300400B0D0A", Frame(12, b"\x00\x40\x0b")),
    "ICCID answer": (
        "C8CACBCCCD0C001601400B383937303139393332373234313935393833460D0A",
        Frame(12, b"\x01\x40\x0b897019932724195983F"),
    ),
    "cell question": ("C8CACBCCCD0C00030040040D0A", Frame(12, b"\x00\x40\x04")),
    "settings: PASSOK": ("C8CACBCCCD050006504153534F4B0D0A", Frame(5, b"PASSOK")),
    "settings: PASSWRONG": ("C8CACBCCCD0500095041535357524F4E470D0A", Frame(5, b"PASSWRONG")),
    "settings: line taken": ("C8CACBCCCD0500064F4B252525310D0A", Frame(5, b"OK%%%1")),
    "settings: final OK, CR LF inside": ("C8CACBCCCD0500044F4B0D0A0D0A", Frame(5, b"OK\r\n")),
    "firmware: PASSOK": ("C8CACBCCCD040006504153534F4B0D0A", Frame(4, b"PASSOK")),
    "data": ("C8CACBCCCD01000501080027C00D0A", DATA),
    "output 4 on": ("C8CACBCCCD0C000800246770343D310D0D0A", Frame(12, b"\x00$gp4=1\r")),
}


@pytest.mark.parametrize(("text", "frame"), VECTORS.values(), ids=VECTORS)
def test_vector(text: str, frame: Frame) -> None:
    data = bytes.fromhex(text)

    for cut in two_ways(data):
        assert pieces_of(cut) == [frame]
    for cut in two_ways(data + DATA_BYTES):
        assert pieces_of(cut) == [frame, DATA]
    if frame.declared is None:
        assert build_frame(frame.kind, frame.payload) == data


def test_cell_answer_has_169_bytes_of_text() -> None:
    data = bytes.fromhex("C8CACBCCCD0C00AC014004") + b"x" * 169 + SUFFIX

    assert pieces_of(whole(data)) == [Frame(12, b"\x01\x40\x04" + b"x" * 169)]


def test_printed_form(snapshot: SnapshotAssertion) -> None:
    frames = [frame for _, frame in VECTORS.values()]
    frames += [Frame(1, bytes(range(200))), Frame(0x41, b""), Frame(1, b""), Frame(0xFE, b"\x01", 0)]

    assert [str(frame) for frame in frames] + [str(Noise(b"\xc8\xca"))] == snapshot


def test_long_bytes_are_shown_short() -> None:
    assert short_hex(bytes(range(24))).endswith("15 16 17")
    assert short_hex(bytes(range(25))) == "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14 .. 17 18"
    assert short_hex(b"") == ""


# Frames whose suffix stands where the length says: the payload may hold anything.
PAYLOADS = {
    "nothing": b"",
    "one byte": b"\x00",
    "CR LF": SUFFIX,
    "CR LF at both ends": b"\r\n\x01\r\n",
    "a prefix": PREFIX,
    "half a prefix": PREFIX[:3],
    "a whole frame": DATA_BYTES,
    "two whole frames": DATA_BYTES + BEAT_BYTES,
    "a keepalive": KEEPALIVE,
    "a hello": b"AT$IMEI=868441036775234,\n",
    "prefix and an impossible length": PREFIX + b"\x01\xff\xff",
    "CR": b"\r",
    "1034 bytes": bytes(range(256)) * 4 + bytes(10),
    "the longest": b"\xc8" * PAYLOAD_LIMIT,
}


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4, 5, 6, 0x0B, 0x0C, 0x0D, 0xC8, 0xFF])
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_any_payload_travels(kind: int, payload: bytes) -> None:
    data = build_frame(kind, payload)

    assert pieces_of(whole(data + DATA_BYTES)) == [Frame(kind, payload), DATA]
    if kind == 1:
        assert pieces_of(byte_by_byte(data + DATA_BYTES)) == [Frame(kind, payload), DATA]


# Streams that need the rules of 1.5: (bytes, pieces).
RESYNC: dict[str, tuple[bytes, list[Piece]]] = {
    "length short by 1": (header(1, 4) + b"12345" + SUFFIX + DATA_BYTES, [Frame(1, b"12345", 4), DATA]),
    "length short by 8": (header(1, 0) + b"12345678" + SUFFIX + DATA_BYTES, [Frame(1, b"12345678", 0), DATA]),
    "length short by 9": (
        header(1, 0) + b"123456789" + SUFFIX + DATA_BYTES,
        [Noise(header(1, 0) + b"123456789" + SUFFIX), DATA],
    ),
    "length long by 1": (header(1, 6) + b"12345" + SUFFIX + DATA_BYTES, [Frame(1, b"12345", 6), DATA]),
    "length long by 8": (header(1, 13) + b"12345" + SUFFIX + DATA_BYTES, [Frame(1, b"12345", 13), DATA]),
    "length long by 20": (header(1, 25) + b"12345" + SUFFIX + DATA_BYTES * 2, [Frame(1, b"12345", 25), DATA, DATA]),
    "length 1 of nothing": (header(2, 1) + SUFFIX + DATA_BYTES, [Frame(2, b"", 1), DATA]),
    "length 65535": (header(1, 65535) + b"12345" + SUFFIX + DATA_BYTES, [Noise(header(1, 65535) + b"12345\r\n"), DATA]),
    "length over the limit": (
        header(1, PAYLOAD_LIMIT + 1) + b"12345" + SUFFIX + DATA_BYTES,
        [Noise(header(1, PAYLOAD_LIMIT + 1) + b"12345\r\n"), DATA],
    ),
    "no suffix, then a frame": (header(1, 5) + b"12345" + DATA_BYTES, [Noise(header(1, 5) + b"12345"), DATA]),
    "LF only": (header(1, 5) + b"12345\n" + DATA_BYTES, [Noise(header(1, 5) + b"12345\n"), DATA]),
    "CR only": (header(1, 5) + b"12345\r" + DATA_BYTES, [Noise(header(1, 5) + b"12345\r"), DATA]),
    "LF CR": (header(1, 5) + b"12345\n\r" + DATA_BYTES, [Noise(header(1, 5) + b"12345\n\r"), DATA]),
    "false prefix": (b"\xc8\xca\xcb\xcc\xc8" + DATA_BYTES, [Noise(b"\xc8\xca\xcb\xcc\xc8"), DATA]),
    "false prefix that overlaps": (b"\xc8\xca\xcb\xcc" + DATA_BYTES, [Noise(b"\xc8\xca\xcb\xcc"), DATA]),
    "prefix alone, then a frame": (PREFIX + DATA_BYTES, [Noise(PREFIX), DATA]),
    "many prefixes": (PREFIX * 100 + DATA_BYTES, [Noise(PREFIX * 100), DATA]),
    "header alone, then a frame": (header(1, 5) + DATA_BYTES, [Noise(header(1, 5)), DATA]),
    "empty header alone, then a frame": (header(2, 0) + DATA_BYTES, [Noise(header(2, 0)), DATA]),
    "noise before": (b"\x00\x01\x02" + DATA_BYTES, [Noise(b"\x00\x01\x02"), DATA]),
    "CR LF between": (DATA_BYTES + SUFFIX + DATA_BYTES, [DATA, Noise(SUFFIX), DATA]),
    "raw keepalive between": (DATA_BYTES + KEEPALIVE + DATA_BYTES, [DATA, Noise(KEEPALIVE), DATA]),
    "noise behind": (DATA_BYTES + b"\xff\xff\xff", [DATA, Noise(b"\xff\xff\xff")]),
    "only noise": (b"hello world", [Noise(b"hello world")]),
    "text": (b"GET / HTTP/1.1\r\n\r\n", [Noise(b"GET / HTTP/1.1\r\n\r\n")]),
    "short twice": (
        (header(1, 4) + b"12345" + SUFFIX) * 2 + DATA_BYTES,
        [Frame(1, b"12345", 4), Frame(1, b"12345", 4), DATA],
    ),
    "long twice": (
        (header(1, 6) + b"12345" + SUFFIX) * 2 + DATA_BYTES,
        [Frame(1, b"12345", 6), Frame(1, b"12345", 6), DATA],
    ),
    "quirk, then keepalive": (
        bytes.fromhex("C8CACBCCCD0C000701400280808080820D0A") + BEAT_BYTES,
        [Frame(12, bytes.fromhex("0140028080808082"), 7), BEAT],
    ),
}


@pytest.mark.parametrize(("data", "pieces"), RESYNC.values(), ids=RESYNC)
def test_resync(data: bytes, pieces: list[Piece]) -> None:
    for cut in two_ways(data):
        assert pieces_of(cut) == pieces
    # With a tail: the piece behind is found as well.
    for cut in two_ways(data + BEAT_BYTES):
        assert pieces_of(cut) == [*pieces, BEAT]


# Unfinished streams: (bytes, pieces before a silence, pieces after it too).
UNFINISHED: dict[str, tuple[bytes, list[Piece], list[Piece]]] = {
    "half a prefix": (PREFIX[:3], [], []),
    "half a header": (header(1, 5)[:7], [], []),
    "half a payload": (header(1, 5) + b"123", [], []),
    "no suffix yet": (header(1, 5) + b"12345", [], []),
    "half a suffix": (header(1, 5) + b"12345\r", [], []),
    "long by 1, last": (header(1, 6) + b"12345" + SUFFIX, [], [Frame(1, b"12345", 6)]),
    "long by 8, last": (header(1, 13) + b"12345" + SUFFIX, [], [Frame(1, b"12345", 13)]),
    "long by 9, last": (header(1, 14) + b"12345" + SUFFIX, [], []),
    "CR LF in the middle of a long payload": (header(1, 100) + b"12345" + SUFFIX, [], []),
    "far too long, frames behind": (
        header(1, 4000) + b"12345" + SUFFIX + DATA_BYTES,
        [],
        [Frame(1, b"12345", 4000), DATA],
    ),
    "far too long, no suffix, frame behind": (
        header(1, 4000) + b"12345" + DATA_BYTES,
        [],
        [Noise(header(1, 4000) + b"12345"), DATA],
    ),
    "wrong suffix": (header(1, 5) + b"12345xx", [], [Noise(header(1, 5) + b"12345xx")]),
    "noise and half a prefix": (b"abc" + PREFIX[:4], [Noise(b"abc")], [Noise(b"abc")]),
}


@pytest.mark.parametrize(("data", "before", "after"), UNFINISHED.values(), ids=UNFINISHED)
def test_unfinished(data: bytes, before: list[Piece], after: list[Piece]) -> None:
    for cut in two_ways(data):
        assert pieces_of(cut) == before
        assert pieces_of(cut, is_silent=True) == after


def test_a_frame_that_was_late_is_whole_after_all() -> None:
    decoder = FrameDecoder()
    decoder.receive_data(DATA_BYTES[:10])
    assert decoder.next_piece() is None
    assert silence_of(decoder) == RESYNC_SILENCE_S

    decoder.receive_silence()
    assert decoder.next_piece() is None
    assert silence_of(decoder) is None

    decoder.receive_data(DATA_BYTES[10:])
    assert decoder.next_piece() == DATA
    assert decoder.next_piece() is None
    assert (decoder.pending, silence_of(decoder)) == (0, None)


def test_a_prefix_split_by_a_silence_is_whole_after_all() -> None:
    decoder = FrameDecoder()
    decoder.receive_data(DATA_BYTES[:3])
    assert decoder.next_piece() is None
    assert silence_of(decoder) is None

    decoder.receive_silence()
    assert decoder.next_piece() is None

    decoder.receive_data(DATA_BYTES[3:])
    assert decoder.next_piece() == DATA


def test_a_thousand_frames_in_one_segment() -> None:
    assert pieces_of(whole(DATA_BYTES * 1000)) == [DATA] * 1000


def test_endless_prefixes_end_the_session() -> None:
    decoder = FrameDecoder()

    with pytest.raises(RemoteProtocolError, match=r"expected a frame, got 8[0-9]{3} bytes that are none"):
        for _ in range(NOISE_LIMIT):
            decoder.receive_data(PREFIX)
            while decoder.next_piece() is not None:
                pass
            assert decoder.pending < 2 * PAYLOAD_LIMIT


def test_noise_is_forgiven_by_a_frame() -> None:
    decoder = FrameDecoder()
    for _ in range(10):
        decoder.receive_data(b"x" * NOISE_LIMIT + DATA_BYTES)
        assert [decoder.next_piece(), decoder.next_piece(), decoder.next_piece()] == [
            Noise(b"x" * NOISE_LIMIT),
            DATA,
            None,
        ]


def test_noise_over_the_limit_ends_the_session_with_the_next_bytes() -> None:
    decoder = FrameDecoder()
    decoder.receive_data(b"x" * (NOISE_LIMIT + 1))
    assert decoder.next_piece() == Noise(b"x" * (NOISE_LIMIT + 1))

    with pytest.raises(RemoteProtocolError):
        decoder.receive_data(b"x")


def test_landmark_stops_the_search() -> None:
    mark = b"AT$IMEI="
    data = DATA_BYTES + b"noise" + mark + b"123" + DATA_BYTES
    for cut in two_ways(data):
        assert pieces_of(cut, landmark=mark) == [DATA, Noise(b"noise"), Landmark()]

    decoder = FrameDecoder(mark)
    decoder.receive_data(data)
    assert [decoder.next_piece(), decoder.next_piece(), decoder.next_piece()] == [DATA, Noise(b"noise"), Landmark()]
    assert decoder.take_rest() == mark + b"123" + DATA_BYTES
    assert (decoder.pending, decoder.next_piece()) == (0, None)


def test_landmark_inside_a_payload_is_payload() -> None:
    mark = b"AT$IMEI="
    data = build_frame(1, mark)

    assert pieces_of(byte_by_byte(data), landmark=mark) == [Frame(1, mark)]


def test_landmark_behind_a_chance_prefix() -> None:
    mark = b"AT$IMEI="
    data = header(1, 65535) + b"xx" + mark

    for cut in two_ways(data):
        assert pieces_of(cut, landmark=mark) == [Noise(header(1, 65535) + b"xx"), Landmark()]


@pytest.mark.parametrize(
    ("size", "frames"),
    [(0, 0), (1, 1), (1034, 1), (DATA_CHUNK, 1), (DATA_CHUNK + 1, 2), (2 * DATA_CHUNK, 2), (65536, 56)],
)
def test_data_is_cut_at_1180_bytes(size: int, frames: int) -> None:
    payload = (bytes(range(256)) * 256)[:size]

    pieces = pieces_of(whole(build_data(payload)))

    assert len(pieces) == frames
    assert all(isinstance(piece, Frame) and piece.kind == FrameKind.DATA for piece in pieces)
    assert b"".join(piece.payload for piece in pieces if isinstance(piece, Frame)) == payload
    assert len(build_data(payload)) == size + 10 * frames


@pytest.mark.parametrize(("kind", "payload"), [(-1, b""), (256, b""), (1, b"x" * 65536)])
def test_what_fits_no_frame(kind: int, payload: bytes) -> None:
    with pytest.raises(LocalProtocolError, match="expected"):
        build_frame(kind, payload)


def test_the_longest_frame_can_be_built() -> None:
    assert build_frame(1, b"x" * 65535)[5:8] == b"\x01\xff\xff"


frames = st.builds(build_frame, st.integers(0, 255), st.binary(max_size=60))
wrong = st.builds(
    lambda declared, payload: header(1, declared) + payload + SUFFIX, st.integers(0, 70), st.binary(max_size=40)
)
stream = st.lists(frames | wrong | st.binary(max_size=12) | st.just(PREFIX) | st.just(DATA_BYTES[:9]), max_size=8)


@given(st.lists(frames, max_size=8), st.lists(st.integers(0, 600), max_size=8))
def test_good_frames_survive_any_cut(parts: list[bytes], cuts: list[int]) -> None:
    pieces = pieces_of(at(b"".join(parts), cuts))

    assert [build_frame(piece.kind, piece.payload) for piece in pieces if isinstance(piece, Frame)] == parts
    assert len(pieces) == len(parts)


@given(stream, st.lists(st.integers(0, 600), max_size=8))
@settings(max_examples=500)
def test_cuts_never_matter(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)

    assert pieces_of(at(data, cuts)) == pieces_of(whole(data)) == pieces_of(byte_by_byte(data))


@given(stream)
@settings(max_examples=300)
def test_nothing_is_lost_or_made_up(parts: list[bytes]) -> None:
    data = b"".join(parts)
    decoder = FrameDecoder()
    decoder.receive_data(data)
    seen = b""
    while (piece := decoder.next_piece()) is not None:
        if isinstance(piece, Frame):
            declared = len(piece.payload) if piece.declared is None else piece.declared
            seen += header(piece.kind, declared) + piece.payload + SUFFIX
        elif isinstance(piece, Noise):
            seen += piece.raw

    assert seen + decoder.take_rest() == data
