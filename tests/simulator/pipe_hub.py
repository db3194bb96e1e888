"""The smallest hub that programs can poll through: raw modems, one port each, bytes piped as they come."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from tests.simulator.scripted_hub import Line, ScriptedHub

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class PipeHub(ScriptedHub):
    """Gives each modem the next port on loopback. `is_mixed_up` makes it give answers to the wrong program."""

    def __init__(self) -> None:
        super().__init__()
        self.ports: list[int] = []
        self.first = 0
        self.is_mixed_up = False
        self.adds = b""
        self._listeners: list[asyncio.Server] = []
        self._work: list[asyncio.Task[None]] = []
        self._programs: list[asyncio.StreamWriter | None] = []

    async def __aexit__(self, *exc: object) -> None:
        for listener in self._listeners:
            listener.close()
        for task in self._work:
            task.cancel()
        for program in self._programs:
            if program is not None:
                program.transport.abort()
        await super().__aexit__(*exc)

    async def open_ports(self, count: int) -> None:
        """Open neighbouring ports, then give them to so many modems in the order in which they dial in."""
        self.first = await self._open_neighbours(count)
        await self.line(count - 1)
        for number in range(count):
            self.ports.append(self.first + number)
            self._work.append(asyncio.get_running_loop().create_task(self._upwards(number, self.lines[number])))

    async def _open_neighbours(self, count: int) -> int:
        self._programs = [None] * count
        while True:
            first = random.randrange(21000, 32000)
            try:
                for number in range(count):
                    listener = await asyncio.start_server(self._take(number), "127.0.0.1", first + number)
                    self._listeners.append(listener)
                return first
            except OSError:
                while self._listeners:
                    self._listeners.pop().close()

    def _take(self, number: int) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._programs[number] = writer
            try:
                while data := await reader.read(4096):
                    self.lines[number].writer.write(data)
            except ConnectionError:
                pass
            finally:
                writer.close()

        return serve

    async def _upwards(self, number: int, line: Line) -> None:
        while data := await line.reader.read(4096):
            target = (number + 1) % len(self._programs) if self.is_mixed_up else number
            program = self._programs[target]
            if program is not None and not program.is_closing():
                program.write(data + self.adds)
