"""Whose turn it is to be woken."""

import asyncio

import pytest

from irzhub.core.tasks import Tasks
from irzhub.fleet.wake_turns import WakeTurns


class Queue:
    """Wakes that wait and go; `gone` are those that had their turn, with whether others called their number."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.turns = WakeTurns(lambda: self.limit)
        self.tasks = Tasks("test")
        self.gone: list[str] = []
        self.met: list[bool] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> "Queue":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.tasks.close()

    async def come(self, name: str, numbers: str, *, goes_first: bool = False) -> None:
        async def wake() -> None:
            async with self.turns.take(frozenset(numbers), goes_first=goes_first) as met:
                self.gone.append(name)
                self.met.append(met)
                await self._ends[name].wait()

        self._ends[name] = asyncio.Event()
        self._running[name] = self.tasks.spawn(wake(), name)
        await asyncio.sleep(0)

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self._running[name]
        await asyncio.sleep(0)

    async def call_off(self, name: str) -> None:
        self._running[name].cancel()
        await asyncio.wait({self._running[name]})
        await asyncio.sleep(0)


async def test_so_many_go_at_once_in_order_of_coming_and_people_first() -> None:
    async with Queue(2) as queue:
        for name in "abcd":
            await queue.come(name, name)
        await queue.come("person", "p", goes_first=True)
        assert queue.gone == ["a", "b"]
        await queue.end("a")
        await queue.end("b")
        assert queue.gone == ["a", "b", "person", "c"]
        await queue.end("person")
        assert queue.gone[-1] == "d"


async def test_a_number_is_called_by_one_at_a_time_and_others_pass() -> None:
    async with Queue(3) as queue:
        await queue.come("a", "12")
        await queue.come("b", "23")
        await queue.come("c", "4")
        assert queue.gone == ["a", "c"]
        await queue.end("a")
        assert (queue.gone, queue.met) == (["a", "c", "b"], [False, False, True])


async def test_a_larger_limit_counts_with_the_next_who_comes() -> None:
    async with Queue(1) as queue:
        await queue.come("a", "1")
        await queue.come("b", "2")
        queue.limit = 3
        await queue.come("c", "3")
        await asyncio.sleep(0)
        assert sorted(queue.gone) == ["a", "b", "c"]


async def test_who_is_called_off_leaves_no_gap() -> None:
    async with Queue(1) as queue:
        for name in "abc":
            await queue.come(name, name)
        await queue.call_off("b")
        await queue.call_off("a")
        assert queue.gone == ["a", "c"]


async def test_a_turn_ends_with_what_fails_in_it() -> None:
    turns = WakeTurns(lambda: 1)
    with pytest.raises(ZeroDivisionError):
        async with turns.take(frozenset("1"), goes_first=False):
            raise ZeroDivisionError
    async with asyncio.timeout(1), turns.take(frozenset("1"), goes_first=False) as met:
        assert not met
