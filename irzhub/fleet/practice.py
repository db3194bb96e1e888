"""The practice fleet: simulated modems for a hub that has none of its own yet, to learn on and to show.

They are the simulator's, a program of its own that dials in as all modems do; the hub only starts it, gives its
modems names and groups as an utility would, and forgets them all when the practice ends.
"""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.events import ModemRegistered
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.networks import reachable_host
from irzhub.storage.inputs import InputRow

_log = logging.getLogger(__name__)

MOST: Final = 500
_FIRST_IMEI: Final = 990_000_000_000_000
"""99 is no country's: no real modem has such a number (3GPP TS 23.003, 6.2)."""
_GUARD: Final = "irzhub.core.child_guard"
_STOP_S: Final = 5.0
_PROGRAMS: Final = 6


@dataclass(frozen=True, slots=True)
class _Words:
    """How a practice fleet is named, in one language."""

    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    inputs: tuple[str, ...]
    comment: str


_WORDS: Final = {
    "ru": _Words(
        ("ТП", "РП", "КНС", "ЦТП", "Котельная", "Скважина"),
        ("Северный РЭС/Садовая", "Северный РЭС/Заречье", "Южный РЭС", "Тепловые сети", "Водоканал"),
        ("Дверь шкафа", "Затопление", "Ввод 0,4 кВ"),
        "Учебный модем",
    ),
    "en": _Words(
        ("Substation", "Switchboard", "Pump", "Heat point", "Boiler", "Well"),
        ("North/Garden Street", "North/Riverside", "South", "Heat network", "Water works"),
        ("Cabinet door", "Flooding", "Supply"),
        "Practice modem",
    ),
}
_DOOR: Final = 1
_FLOOD: Final = 2


class CannotPractise(Exception):
    """The practice fleet cannot be started now; `code` says why for programs, the text for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class PracticeFleet:
    """Simulated modems beside the hub.

    Args:
        edit: gives a modem its name, group and inputs. delete: forgets a modem.
        modem_port: the port that modems dial, None while it is not bound.
    """

    settings: Settings
    states: StateStore
    bus: Bus
    edit: Callable[..., Awaitable[None]]
    delete: Callable[[str], Awaitable[None]]
    modem_port: Callable[[], int | None]
    _tasks: Tasks = field(default_factory=lambda: Tasks("practice"))
    _child: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        """Whether the simulator runs."""
        return self._child is not None and self._child.returncode is None

    @property
    def modems(self) -> list[str]:
        """The practice modems that the hub knows."""
        return [state.modem for state in self.states if is_practice(state.modem)]

    @property
    def is_possible(self) -> bool:
        """Whether a practice fleet would stand beside no modem of somebody's own."""
        return self.modem_port() is not None and all(is_practice(state.modem) for state in self.states)

    async def start(self, modems: int) -> None:
        """Start the simulator with so many modems.

        Raises:
            CannotPractise: it runs already, there are modems of one's own, or it cannot be started.
        """
        if self.is_running:
            raise CannotPractise("practice_runs", "the practice fleet runs already")
        if not self.is_possible:
            raise CannotPractise("modems_here", "there are modems of your own: practise on another hub")
        ending = self.bus.subscribe(ModemRegistered, self._registered)
        try:
            self._child = await asyncio.create_subprocess_exec(
                *self._command(modems),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            ending()
            raise CannotPractise("cannot_start", f"the simulator cannot be started: {error}") from error
        _log.info("a practice fleet of %d modems dials in, process %d", modems, self._child.pid)
        self._tasks.spawn(self._follow(self._child, ending), "simulator")

    async def stop(self) -> None:
        """End the simulator and forget its modems."""
        await self._end()
        for modem in self.modems:
            await self.delete(modem)

    async def close(self) -> None:
        """End the simulator with the hub; its modems stay until the practice is ended by hand."""
        await self._end()
        await self._tasks.close()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), _STOP_S)
        except TimeoutError:
            child.kill()
            await child.wait()

    async def _follow(self, child: asyncio.subprocess.Process, ending: Callable[[], None]) -> None:
        status = await child.wait()
        ending()
        if child is self._child:
            _log.warning("the practice fleet ended by itself with status %d", status)

    def _registered(self, event: ModemRegistered) -> None:
        if event.modem is not None and is_practice(event.modem):
            self._tasks.spawn(self._name(event.modem), "name")

    async def _name(self, modem: str) -> None:
        number, words = int(modem) - _FIRST_IMEI, _WORDS[self.settings.hub.language]
        door, flood, supply = words.inputs
        rows = {
            _DOOR: InputRow(modem, _DOOR, door, normal="OFF"),
            _FLOOD: InputRow(modem, _FLOOD, flood, normal="OFF"),
            3: InputRow(modem, 3, supply),
        }
        kind, group = words.kinds[number % len(words.kinds)], words.groups[number * 7 % len(words.groups)]
        await self.edit(modem, inputs=rows, name=f"{kind}-{1100 + number}", group=group, comment=words.comment)

    def _command(self, modems: int) -> Sequence[str]:
        relay = self.settings.relay
        port, first = self.modem_port(), relay.polling.pools[0].first
        # fmt: off
        return [
            sys.executable, "-m", _GUARD, str(os.getpid()), sys.executable, "-m", "irzhub", "simulate",
            "--modems", str(modems), "--host", reachable_host(relay.modems.host), "--port", str(port),
            "--imei-base", str(_FIRST_IMEI), "--gpi-every", "90", "--first-port", str(first),
            "--pollers", str(min(_PROGRAMS, modems)), "--poll-every", "20", "--meter", "mercury", "--ramp", "50",
        ]
        # fmt: on


def is_practice(modem: str) -> bool:
    """Say whether a modem's id is one of the practice fleet."""
    return modem.isdecimal() and modem.isascii() and _FIRST_IMEI <= int(modem) < _FIRST_IMEI + MOST
