"""Letting others on the loop go first: modems and meters cannot wait, who is told of them can."""

import asyncio
from typing import Final

_LOOK_S: Final = 0.001
_IN_TIME_S: Final = 0.003


async def give_way(longest_s: float) -> None:
    """Wait until the loop has nothing to do, `longest_s` at the most: a portion of work in between still goes on.

    A loop that wakes us in time is one that was idle.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + longest_s
    while (now := loop.time()) < until:
        await asyncio.sleep(_LOOK_S)
        if loop.time() - now < _IN_TIME_S:
            return
