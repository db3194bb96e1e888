"""Every byte case is read three ways: whole, byte by byte, and with a tail behind it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from irzhub.codec.driver import Connection, Data, Hello, HelloReader, Ignored, WireEvent
from irzhub.codec.irz.frames import FrameDecoder, Landmark, Noise, Piece

Cut = Sequence[bytes]


def whole(data: bytes) -> Cut:
    return [data]


def byte_by_byte(data: bytes) -> Cut:
    return [data[at : at + 1] for at in range(len(data))]


def at(data: bytes, cuts: Iterable[int]) -> Cut:
    """Cut `data` at these places, wherever they are."""
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def two_ways(data: bytes) -> Iterator[Cut]:
    yield whole(data)
    yield byte_by_byte(data)


def said_hello(reader: HelloReader, cut: Cut) -> tuple[Hello | None, bytes]:
    """Give a reader all pieces, then silence where that may end the hello; return hello and what is left over."""
    pieces = iter(cut)
    for piece in pieces:
        if (hello := reader.receive_data(piece)) is not None:
            return hello, reader.leftover + b"".join(pieces)
    return reader.receive_silence(), reader.leftover


def heard(connection: Connection, cut: Cut) -> list[WireEvent]:
    """Give a connection all pieces, then as many silences as it asks for; return the events, neighbours joined."""
    events: list[WireEvent] = []
    for piece in cut:
        events += connection.receive_data(piece)
    for _ in range(10):
        if connection.silence_s is None:
            break
        events += connection.receive_silence()
    return joined(events)


def joined(events: Iterable[WireEvent]) -> list[WireEvent]:
    """Return events with neighbouring data made one, and what was ignored too: cuts do not matter then."""
    result: list[WireEvent] = []
    for event in events:
        last = result[-1] if result else None
        if isinstance(event, Data) and isinstance(last, Data):
            result[-1] = Data(last.payload + event.payload)
        elif isinstance(event, Ignored) and isinstance(last, Ignored) and event.why == last.why:
            result[-1] = Ignored(last.raw + event.raw, event.why)
        else:
            result.append(event)
    return result


def pieces_of(cut: Cut, *, landmark: bytes | None = None, is_silent: bool = False) -> list[Piece]:
    """Return what a frame decoder finds in these pieces, neighbouring noise joined; stops at a landmark."""
    decoder = FrameDecoder(landmark)
    pieces: list[Piece] = []
    for part in cut:
        decoder.receive_data(part)
        if not _take(decoder, pieces):
            return pieces
    if is_silent:
        decoder.receive_silence()
        _take(decoder, pieces)
    return pieces


def _take(decoder: FrameDecoder, pieces: list[Piece]) -> bool:
    while (piece := decoder.next_piece()) is not None:
        last = pieces[-1] if pieces else None
        if isinstance(piece, Noise) and isinstance(last, Noise):
            pieces[-1] = Noise(last.raw + piece.raw)
        else:
            pieces.append(piece)
        if isinstance(piece, Landmark):
            return False
    return True


def silence_of(reader: HelloReader | Connection | FrameDecoder) -> float | None:
    """Return what silence it asks for now; by a call, so that mypy does not take it for a constant."""
    return reader.silence_s


def error_of(read: Callable[[Cut], object], data: bytes, error: type[Exception]) -> None:
    """Check that `data` gives `error` in every cut."""
    for cut in two_ways(data):
        try:
            got = read(cut)
        except error:
            continue
        raise AssertionError(f"expected {error.__name__}, got {got!r} from {data[:80]!r}")
