"""Messages on a stream, however it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.relay.framing import FRAME_LIMIT, Deframer, FramingError, pack


@given(st.lists(st.binary(max_size=300)), st.lists(st.integers(1, 400)))
def test_what_is_packed_comes_out_whole_and_in_order(messages: list[bytes], cuts: list[int]) -> None:
    stream, deframer, found = b"".join(map(pack, messages)), Deframer(), []
    for cut in cuts:
        found += deframer.feed(stream[:cut])
        stream = stream[cut:]
    found += deframer.feed(stream)
    assert found == messages


def test_an_impossible_length_is_refused() -> None:
    with pytest.raises(FramingError, match=str(FRAME_LIMIT + 1)):
        Deframer().feed((FRAME_LIMIT + 1).to_bytes(4))
