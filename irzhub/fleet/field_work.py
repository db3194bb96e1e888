"""Work at one modem's line by people: who uses it, whose it is, and the hub itself as one more program.

The hub asks a meter as every program does, through the modem's own polling port: so sharing, the flight
recorder and the counters hold for it too, and nothing of the relay is known here.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from irzhub.fleet.networks import reachable_host
from irzhub.fleet.reception import Reception
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.relay.messages import LineProgram, ToRelay
from irzhub.relay.orders import KickClient, PutModem

_CONNECT_S: Final = 5.0
_GAP_S: Final = 1.0
_ANSWER_LIMIT: Final = 4096
_GONE_WITHIN_S: Final = 2.0
_LOOK_S: Final = 0.05


class LineBusy(Exception):
    """The line cannot be had now; `code` says why for programs, the text for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class PortCheck:
    """Whether programs reach a modem's port: how long connecting took, or in words why it was not tried or failed."""

    is_listening: bool
    took_s: float | None = None
    cause: str | None = None


@dataclass(slots=True)
class FieldWork:
    """The lines of modems, as a person in the field needs them."""

    registry: Registry
    reception: Reception
    builder: ModemSettingsBuilder
    send: Callable[[ToRelay], None]

    async def programs(self, modem: str) -> list[LineProgram]:
        """Return who is connected to a modem's port, and who of them holds the line."""
        return await self.reception.read_line(modem)

    async def kick(self, modem: str, client: str) -> bool:
        """Disconnect one program; say whether it was there."""
        is_there = any(each.client == client for each in await self.programs(modem))
        if is_there:
            self.send(KickClient(modem=modem, client=client))
        return is_there

    async def test_port(self, modem: str) -> PortCheck:
        """Connect to a modem's own port as programs do, and hang up without a byte.

        Not tried where it would do harm: it would wake a sleeping modem, or cut off the program that is there.
        """
        row = self.registry.get(modem)
        settings = self.builder.build(row)
        if not self.reception.is_present(modem) and settings.offline == "wake":
            return PortCheck(True, cause="not tried: a connection would wake the modem")
        if settings.sharing.mode == "kick_old" and await self.programs(modem):
            return PortCheck(True, cause="not tried: a connection would cut off the program that is there")
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(_CONNECT_S):
                _, writer = await asyncio.open_connection(reachable_host(row.host), row.port)
        except (OSError, TimeoutError) as error:
            text = getattr(error, "strerror", None) or "nothing answers"
            return PortCheck(False, cause=f"port {row.port} does not answer: {text}")
        took_s = asyncio.get_running_loop().time() - began
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return PortCheck(True, took_s)

    async def ask(self, modem: str, question: bytes, timeout_s: float, is_whole: Callable[[bytes], bool]) -> bytes:
        """Ask the meter one question as a program of the hub's own; return its answer, empty when there was none.

        Args:
            modem: which line.
            question: the bytes as the meter takes them.
            timeout_s: how long the answer may take, the turn of others included.
            is_whole: whether the bytes so far are the whole answer; else a pause of 1 s ends it.

        Raises:
            LineBusy: the modem is away, or the line does not let the hub in.
        """
        async with self._open(modem) as (reader, writer):
            writer.write(question)
            return await _hear(reader, timeout_s, is_whole)

    @contextlib.asynccontextmanager
    async def terminal(
        self, modem: str, *, takes_over: bool
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Open a modem's line for one person alone: no other program is let in until it is closed.

        Args:
            modem: which line.
            takes_over: programs that are connected are disconnected; else they are a reason to refuse.

        Raises:
            LineBusy: another terminal or programs are there, or the modem is away.
        """
        if modem in self.builder.reserved:
            raise LineBusy("terminal_open", "somebody has a terminal open at this modem")
        if (others := await self.programs(modem)) and not takes_over:
            raise LineBusy("in_use", f"{len(others)} programs are connected to this modem")
        self.builder.reserved.add(modem)
        try:
            self._put(modem)
            for each in others:
                self.send(KickClient(modem=modem, client=each.client))
            await self._wait_until_empty(modem)
            async with self._open(modem) as line:
                yield line
        finally:
            self.builder.reserved.discard(modem)
            self._put(modem)

    def _put(self, modem: str) -> None:
        if modem in self.registry:
            self.send(PutModem(settings=self.builder.build(self.registry.get(modem))))

    async def _wait_until_empty(self, modem: str) -> None:
        give_up_at = asyncio.get_running_loop().time() + _GONE_WITHIN_S
        while await self.programs(modem) and asyncio.get_running_loop().time() < give_up_at:  # noqa: ASYNC110 - asked
            await asyncio.sleep(_LOOK_S)

    @contextlib.asynccontextmanager
    async def _open(self, modem: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        row = self.registry.get(modem)
        if not self.reception.is_present(modem):
            raise LineBusy("modem_away", "the modem is not connected")
        try:
            async with asyncio.timeout(_CONNECT_S):
                reader, writer = await asyncio.open_connection(reachable_host(row.host), row.port)
        except (OSError, TimeoutError) as error:
            raise LineBusy("port_closed", f"port {row.port} does not answer") from error
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _hear(reader: asyncio.StreamReader, timeout_s: float, is_whole: Callable[[bytes], bool]) -> bytes:
    answer, loop = bytearray(), asyncio.get_running_loop()
    give_up_at = loop.time() + timeout_s
    while len(answer) < _ANSWER_LIMIT:
        wait_s = min(give_up_at - loop.time(), _GAP_S) if answer else give_up_at - loop.time()
        try:
            async with asyncio.timeout(max(0.0, wait_s)):
                data = await reader.read(_ANSWER_LIMIT)
        except TimeoutError:
            break
        except ConnectionError:  # whom the relay turns away with unread bytes is reset, not closed
            data = b""
        if not data:
            if not answer:
                raise LineBusy("refused", "the line does not let the hub in: another program has it, or `allow` does")
            break
        answer += data
        if is_whole(bytes(answer)):
            break
    return bytes(answer)
