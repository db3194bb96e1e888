"""A GSM modem on a pseudo terminal, for whoever drives one over a serial port (docs/gsm_modem.md)."""

import asyncio
import contextlib
import os
import tty
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from irzhub.core.tasks import Tasks
from irzhub.simulator.gsm_firmware import GsmFirmware

_READ: Final = 4096


class GsmModem:
    """A module behind a terminal that can be unplugged and plugged in again under the same stable name.

    Args:
        firmware: the module.
        link: a symbolic link to the terminal, as `/dev/serial/by-id` has them; None: there is none.
        slow_s: how long the module and its network take for each answer.
    """

    def __init__(self, firmware: GsmFirmware, link: Path | None = None, slow_s: float = 0.0) -> None:
        self.firmware = firmware
        self.slow_s = slow_s
        self.tty: str | None = None
        self._link = link
        self._ends: tuple[int, int] | None = None
        self._tasks = Tasks("gsm modem")
        self._answers: asyncio.Queue[str] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self.firmware.say = self.say
        await self.plug()
        self._tasks.spawn(self._answer(), "answer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.close()
        await self.unplug()

    @property
    def path(self) -> str:
        """Where a program finds the modem."""
        found = self.tty if self._link is None else str(self._link)
        assert found is not None, "the modem is unplugged and has no stable name"
        return found

    @property
    def is_plugged(self) -> bool:
        """Whether it is there."""
        return self._ends is not None

    async def plug(self) -> None:
        """Put the modem in: it has another terminal than before, and the same stable name."""
        if self._ends is not None:
            return
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._ends, self.tty = (master, slave), os.ttyname(slave)
        self.firmware.restart()
        asyncio.get_running_loop().add_reader(master, self._read, master)
        await asyncio.to_thread(self._name, self.tty)

    async def unplug(self) -> None:
        """Pull the modem out: whoever has its terminal open loses it."""
        if self._ends is None:
            return
        (master, slave), self._ends, self.tty = self._ends, None, None
        asyncio.get_running_loop().remove_reader(master)
        for end in (slave, master):
            os.close(end)
        await asyncio.to_thread(self._name, None)

    def say(self, data: bytes) -> None:
        """Send bytes to the program, as they are."""
        if self._ends is not None:
            with contextlib.suppress(BlockingIOError):  # nobody reads: a serial line loses it too
                os.write(self._ends[0], data)

    def _name(self, target: str | None) -> None:
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            if target is not None:
                self._link.symlink_to(target)

    def _read(self, master: int) -> None:
        try:
            data = os.read(master, _READ)
        except (BlockingIOError, OSError):
            return
        for answer in self.firmware.receive(data):
            if self.slow_s > 0:
                self._answers.put_nowait(answer)
            else:
                self.say(answer.encode())

    async def _answer(self) -> None:
        while True:
            answer = await self._answers.get()
            await asyncio.sleep(self.slow_s)
            self.say(answer.encode())


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: `seconds verb words`, the seconds counted from the step before."""

    after_s: float
    verb: str
    words: str


VERBS: Final[dict[str, Callable[[GsmModem, str], Awaitable[None] | None]]] = {
    "sms": lambda modem, words: modem.firmware.deliver(*_two(words)),
    "pdu": lambda modem, words: modem.firmware.deliver_pdu(words, len(words) // 2 - 8),
    "ring": lambda modem, words: modem.firmware.ring(words),
    "report": lambda modem, words: modem.firmware.report(
        int(words.split()[0]), words.split()[1], int(words.split()[2])
    ),
    "answer": lambda modem, words: modem.firmware.expect(*_two(words)),
    "silent": lambda modem, words: modem.firmware.expect(words, None),
    "say": lambda modem, words: modem.say(words.encode().decode("unicode_escape").encode("latin-1")),
    "slow": lambda modem, words: setattr(modem, "slow_s", float(words)),
    "unplug": lambda modem, _: modem.unplug(),
    "plug": lambda modem, _: modem.plug(),
    "deaf": lambda modem, words: setattr(modem.firmware, "is_deaf", words != "off"),
    "sim_out": lambda modem, _: modem.firmware.remove_sim(),
    "sim_in": lambda modem, _: modem.firmware.insert_sim(),
    "network": lambda modem, words: setattr(modem.firmware, "registration", int(words)),
    "signal": lambda modem, words: setattr(modem.firmware, "csq", int(words)),
    "balance": lambda modem, words: setattr(modem.firmware, "balance", words or None),
    "call": lambda modem, words: setattr(modem.firmware, "answer_of_call", words),
    "room": lambda modem, words: setattr(modem.firmware, "room", int(words)),
}
"""What a script can have happen: the network's doing, the modem's answers, its plug and its SIM card."""


def parse_script(text: str) -> list[Step]:
    """Return the steps of a script; empty lines and those with `#` before them say nothing.

    Raises:
        ValueError: with the line's number and what was expected there.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        after, _, rest = line.strip().partition(" ")
        verb, _, words = rest.strip().partition(" ")
        try:
            step = Step(float(after), verb, words.strip())
        except ValueError:
            raise ValueError(f"line {number}: expected seconds before a verb, got {after!r}") from None
        if step.after_s < 0 or verb not in VERBS:
            raise ValueError(f"line {number}: expected one of {', '.join(VERBS)} behind seconds, got {line.strip()!r}")
        found.append(step)
    return found


async def perform(modem: GsmModem, steps: list[Step]) -> None:
    """Have everything in a script happen.

    Raises:
        ValueError: the words of a step do not fit its verb.
    """
    for step in steps:
        await asyncio.sleep(step.after_s)
        try:
            if (under_way := VERBS[step.verb](modem, step.words)) is not None:
                await under_way
        except (ValueError, IndexError, TypeError) as error:
            raise ValueError(f"{step.verb} {step.words}: {error}") from error


def _two(words: str) -> tuple[str, str]:
    first, _, second = words.partition(" ")
    return first, second.strip()
