"""Writes of one turn leave as one, in order, and none is lost at the end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from irzhub.mqtt.cork import CorkedTransport


class Wire(asyncio.Transport):
    """Keeps what is written, piece by piece."""

    def __init__(self) -> None:
        super().__init__({"sockname": "here"})
        self.pieces: list[bytes] = []
        self.is_over = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.pieces.append(bytes(data))

    def is_closing(self) -> bool:
        return self.is_over

    def close(self) -> None:
        self.is_over = True

    abort = close

    def get_write_buffer_size(self) -> int:
        return 7


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    yield Wire()


async def test_what_is_written_in_one_turn_leaves_in_one_piece_and_in_order(wire: Wire) -> None:
    corked = CorkedTransport(wire)
    corked.write(b"a")
    corked.write(bytearray(b"bc"))
    assert wire.pieces == [] and corked.get_write_buffer_size() == 3 + 7

    await asyncio.sleep(0)
    assert wire.pieces == [b"abc"] and corked.get_write_buffer_size() == 7
    corked.write(b"d")
    await asyncio.sleep(0)
    assert wire.pieces == [b"abc", b"d"]


async def test_closing_sends_what_waits_and_aborting_does_not(wire: Wire) -> None:
    corked = CorkedTransport(wire)
    corked.write(b"goodbye")
    corked.close()
    assert wire.pieces == [b"goodbye"] and corked.is_closing()

    cut = Wire()
    corked = CorkedTransport(cut)
    corked.write(b"late")
    corked.abort()
    await asyncio.sleep(0)
    assert cut.pieces == [] and corked.get_extra_info("sockname") == "here"
