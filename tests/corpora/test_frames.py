"""Streams that are no frames, or nearly: what is good is found, the rest is noise, alike in every cut."""

import time
from collections.abc import Sequence
from itertools import groupby

import pytest

from irzhub.codec.errors import RemoteProtocolError
from irzhub.codec.irz.frames import PAYLOAD_LIMIT, Frame, FrameDecoder, Noise
from tests.codec.ways import byte_by_byte, whole
from tests.corpora import Case, read_cases

CASES = read_cases("frames")


def outcome(cut: Sequence[bytes]) -> str:
    """Return what was found, as docs/fuzzing.md writes it; noise that is cut is joined."""
    decoder = FrameDecoder()
    found: list[str | int] = []
    try:
        for part in cut:
            decoder.receive_data(part)
            while (piece := decoder.next_piece()) is not None:
                found.append(len(piece.raw) if isinstance(piece, Noise) else _frame(piece))
            assert decoder.pending <= PAYLOAD_LIMIT + 32 or len(part) > 1
    except RemoteProtocolError:
        return "refused"
    words = []
    for is_noise, run in groupby(found, lambda each: isinstance(each, int)):
        if is_noise:
            words.append(f"noise:{sum(int(size) for size in run)}")
        else:
            words.extend(str(each) for each in run)
    if decoder.pending:
        words.append(f"held:{decoder.pending}")
    decoder.receive_silence()
    while decoder.next_piece() is not None:
        pass
    is_same = len(words) > 2 and len(set(words)) == 1
    return f"{words[0]}*{len(words)}" if is_same else " ".join(words)


def _frame(piece: object) -> str:
    assert isinstance(piece, Frame)
    return f"{piece.kind:02X}:{len(piece.payload)}" + ("" if piece.declared is None else f"!{piece.declared}")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whole_or_byte_by_byte(case: Case) -> None:
    began = time.thread_time()
    at_once, slowly = outcome(whole(case.data)), outcome(byte_by_byte(case.data))

    # Byte by byte the limit of noise is met inside of the stream, not behind it.
    assert slowly in (at_once, "refused")
    assert slowly == at_once or len(case.data) > 8192
    assert case.expected in ("", at_once)
    assert time.thread_time() - began < 2.0


def test_there_are_many() -> None:
    assert len(CASES) >= 200
