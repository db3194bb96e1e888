"""One open port with one modem behind it: commands one at a time, each with its time-out, unsolicited lines aside."""

import asyncio
from collections.abc import Callable
from typing import Final

from .at import CTRL_Z, ESCAPE, AtEngine, Prompt, Result, Urc
from .port import Port, PortFailed

_READ: Final = 4096
QUIET_S: Final = 0.3
PROMPT_S: Final = 10.0
SETTLE_S: Final = 2.0


class NoAnswer(Exception):
    """The modem did not answer in time; `was_text_sent`: the text of an SMS had left by then."""

    def __init__(self, command: str, *, was_text_sent: bool = False) -> None:
        super().__init__(f"no answer to {command}")
        self.was_text_sent = was_text_sent


class Unplugged(PortFailed):
    """The port went away; `was_text_sent`: the text of an SMS had left by then."""

    def __init__(self, why: str, *, was_text_sent: bool = False) -> None:
        super().__init__(why)
        self.was_text_sent = was_text_sent


class ModemLink:
    """Talks AT over a port; `keep_reading` has to run all the time.

    Args:
        on_urc: is called with each unsolicited line, in the loop's own turn.
    """

    def __init__(self, port: Port, on_urc: Callable[[Urc], None]) -> None:
        self._port = port
        self._on_urc = on_urc
        self._engine = AtEngine()
        self._lock = asyncio.Lock()
        self._result: asyncio.Future[Result] | None = None
        self._prompt: asyncio.Future[None] | None = None
        self._lost: str | None = None

    @property
    def noise(self) -> int:
        """How much came that nobody could read."""
        return self._engine.noise

    def leave_prompt(self) -> None:
        """Have the modem forget a text that it may wait for: a program before may have ended behind a prompt."""
        self._write(ESCAPE + b"\r")

    def write_blindly(self, command: str) -> None:
        """Send a command whose result nobody waits for: whatever comes is noise."""
        self._write(command.encode("ascii") + b"\r")

    async def keep_reading(self) -> str:
        """Read until the port goes away; return why it has."""
        why = "the port was closed"
        try:
            while data := await self._port.reader.read(_READ):
                for event in self._engine.receive(data):
                    self._take(event)
        except OSError as error:
            why = str(error)
        self._lose(why)
        return self._lost or why

    async def run(self, command: str, timeout_s: float = 5.0, *, prefix: str = "") -> Result:
        """Send a command and return its result.

        Raises:
            NoAnswer: none came in time. Unplugged: the port is gone.
        """
        async with self._lock:
            return await self._await(command, timeout_s, self._begin(command, prefix))

    async def send_pdu(self, length: int, pdu: str, timeout_s: float) -> Result:
        """Hand one SMS to the modem and return what became of it.

        Raises:
            NoAnswer, Unplugged: with `was_text_sent` when it may have left.
        """
        command = f"AT+CMGS={length}"
        async with self._lock:
            self._prompt = asyncio.get_running_loop().create_future()
            result = self._begin(command, "+CMGS:", prompt=True)
            prompt = self._prompt
            try:
                done, _ = await asyncio.wait((prompt, result), timeout=PROMPT_S, return_when=asyncio.FIRST_COMPLETED)
                if result in done:
                    return result.result()
                if not done:
                    self._write(ESCAPE)  # the modem may wait for a text after all: nothing that follows may become one
                    raise NoAnswer(f"{command}: it did not ask for the text")
                prompt.result()
                self._write(pdu.encode("ascii") + CTRL_Z)
                try:
                    return await self._await(command, timeout_s, result)
                except (NoAnswer, Unplugged) as error:
                    error.was_text_sent = True
                    raise
            finally:
                self._prompt = None
                self._forget()

    async def settle(self) -> bool:
        """Find back to the modem after an answer that did not come; return whether it answers.

        Raises:
            Unplugged: the port is gone.
        """
        for _ in range(3):
            await asyncio.sleep(QUIET_S)  # what comes late is noise by now
            try:
                if (await self.run("AT", SETTLE_S)).is_ok:
                    return True
            except NoAnswer:
                continue
        return False

    def close(self) -> None:
        """Let the port go."""
        self._lose("the port was closed")
        self._port.writer.close()

    def _begin(self, command: str, prefix: str, *, prompt: bool = False) -> asyncio.Future[Result]:
        if self._lost is not None:
            raise Unplugged(self._lost)
        self._result = asyncio.get_running_loop().create_future()
        self._write(self._engine.begin(command, prefix, prompt=prompt))
        return self._result

    async def _await(self, command: str, timeout_s: float, result: asyncio.Future[Result]) -> Result:
        try:
            async with asyncio.timeout(timeout_s):
                return await result
        except TimeoutError:
            raise NoAnswer(command.partition("=")[0]) from None
        finally:
            self._forget()

    def _forget(self) -> None:
        self._engine.abandon()
        self._result = None

    def _write(self, data: bytes) -> None:
        try:
            self._port.writer.write(data)
        except OSError as error:
            self._lose(str(error))
            raise Unplugged(str(error)) from error

    def _take(self, event: Result | Urc | Prompt) -> None:
        if isinstance(event, Urc):
            self._on_urc(event)
        elif isinstance(event, Prompt):
            if self._prompt is not None and not self._prompt.done():
                self._prompt.set_result(None)
        elif self._result is not None and not self._result.done():
            self._result.set_result(event)

    def _lose(self, why: str) -> None:
        self._lost = self._lost or why
        for waiting in (self._result, self._prompt):
            if waiting is not None and not waiting.done():
                waiting.set_exception(Unplugged(why))
                waiting.exception()  # looked at, so that nobody complains where nobody waits
