"""The window: so many messages and bytes on their way, in order of asking."""

import asyncio

import pytest

from irzhub.mqtt.window import Window


async def takes(window: Window, size: int) -> asyncio.Task[None]:
    task = asyncio.get_running_loop().create_task(window.acquire(size))
    await asyncio.sleep(0)
    return task


async def test_messages_are_bounded() -> None:
    window = Window(2, 1000)
    await window.acquire(1)
    await window.acquire(1)
    third = await takes(window, 1)
    assert not third.done()
    window.release(1)
    await third
    assert window.in_flight == 2


async def test_bytes_are_bounded() -> None:
    window = Window(100, 1000)
    await window.acquire(600)
    second = await takes(window, 600)
    assert not second.done()
    window.release(600)
    await second


async def test_one_message_fits_however_long_it_is() -> None:
    window = Window(1, 10)
    await window.acquire(1_000_000)
    assert window.in_flight == 1


async def test_turns_go_by_order_of_asking_even_when_a_later_one_would_fit() -> None:
    window = Window(10, 1000)
    await window.acquire(900)
    long, short = await takes(window, 500), await takes(window, 1)
    assert not long.done()
    assert not short.done()
    window.release(900)
    await asyncio.gather(long, short)


async def test_who_gives_up_waiting_leaves_no_hole() -> None:
    window = Window(1, 1000)
    await window.acquire(1)
    gone, next_ = await takes(window, 1), await takes(window, 1)
    gone.cancel()
    await asyncio.sleep(0)
    window.release(1)
    await next_
    window.release(1)
    assert window.in_flight == 0


async def test_who_is_cancelled_in_its_very_turn_gives_the_room_back() -> None:
    window = Window(1, 1000)
    await window.acquire(1)
    gone = await takes(window, 1)
    window.release(1)
    gone.cancel()
    await asyncio.wait((gone,))
    assert gone.cancelled()
    assert window.in_flight == 0


async def test_after_the_end_everybody_gets_the_reason() -> None:
    window = Window(1, 1000)
    await window.acquire(1)
    waiting = await takes(window, 1)
    window.close(ConnectionError("gone"))
    with pytest.raises(ConnectionError, match="gone"):
        await waiting
    with pytest.raises(ConnectionError, match="gone"):
        await window.acquire(1)


async def test_empty_is_told() -> None:
    window = Window(2, 1000)
    await asyncio.wait_for(window.wait_empty(), 1)
    await window.acquire(1)
    waiting = asyncio.get_running_loop().create_task(window.wait_empty())
    await asyncio.sleep(0)
    assert not waiting.done()
    window.release(1)
    await asyncio.wait_for(waiting, 1)
