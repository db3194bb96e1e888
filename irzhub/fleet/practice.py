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
from irzhub.core.clock import Clock
from irzhub.core.events import ModemRegistered
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.belongings import Belongings
from irzhub.fleet.networks import reachable_host
from irzhub.storage.inputs import InputRow
from irzhub.storage.sites import SiteRow

_log = logging.getLogger(__name__)

MOST: Final = 10_000
_FIRST_IMEI: Final = 990_000_000_000_000
"""99 is no country's: no real modem has such a number (3GPP TS 23.003, 6.2)."""
_GUARD: Final = "irzhub.core.child_guard"
_STOP_S: Final = 5.0
_PROGRAMS: Final = 6
_SITE: Final = "practice"
_MIDDLE: Final = (59.22, 39.88)
_SPREAD: Final = (0.35, 0.75)
"""Degrees around the middle within which the places lie."""
_GOLDEN: Final = 0.6180339887
"""Multiples of it, without their whole part, fill a stretch evenly however many there are."""


@dataclass(frozen=True, slots=True)
class _Words:
    """How a practice fleet is named, in one language."""

    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    inputs: tuple[str, ...]
    streets: tuple[str, ...]
    town: str
    comment: str


_WORDS: Final = {
    "ru": _Words(
        ("ТП", "РП", "КНС", "ЦТП", "Котельная", "Скважина"),
        ("Северный РЭС/Садовая", "Северный РЭС/Заречье", "Южный РЭС", "Тепловые сети", "Водоканал"),
        ("Дверь шкафа", "Затопление", "Ввод 0,4 кВ"),
        ("ул. Садовая", "ул. Заречная", "Северный пер.", "Советский пр.", "ул. Лесная", "ул. Мира"),
        "Вологда",
        "Учебный модем",
    ),
    "en": _Words(
        ("Substation", "Switchboard", "Pump", "Heat point", "Boiler", "Well"),
        ("North/Garden Street", "North/Riverside", "South", "Heat network", "Water works"),
        ("Cabinet door", "Flooding", "Supply"),
        ("Garden St", "Riverside", "North Lane", "High St", "Forest Rd", "Mill Lane"),
        "Vologda",
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
        edit: gives a modem its name, group, place and inputs. delete: forgets a modem. places: where sites are kept.
        modem_port: the port that modems dial, None while it is not bound.
    """

    settings: Settings
    states: StateStore
    bus: Bus
    edit: Callable[..., Awaitable[None]]
    delete: Callable[[str], Awaitable[None]]
    modem_port: Callable[[], int | None]
    places: Belongings
    clock: Clock
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

    async def begin(self, modems: int) -> None:
        """Start the simulator with the hub, where it can be; else the log says why not."""
        try:
            await self.start(modems)
        except CannotPractise as error:
            _log.warning("no practice fleet: %s", error)

    async def stop(self) -> None:
        """End the simulator and forget its modems."""
        await self._end()
        for modem in self.modems:
            await self.delete(modem)
        for site in self.places.sites():
            if site.id.startswith(_SITE):
                await self.places.delete_site(site.id)

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
        name, site = f"{kind}-{1100 + number}", self._site_of(number, words)
        await self.places.save_site(site)
        await self.edit(modem, inputs=rows, name=name, group=group, site=site.id, comment=words.comment)

    def _site_of(self, number: int, words: _Words) -> SiteRow:
        street, house = words.streets[number % len(words.streets)], 1 + number // len(words.streets)
        return SiteRow(
            f"{_SITE}{number:05}",
            f"{street}, {house}",
            self.clock.now(),
            address=words.town,
            latitude=round(_MIDDLE[0] + (number * _GOLDEN % 1 - 0.5) * _SPREAD[0], 5),
            longitude=round(_MIDDLE[1] + ((number + 0.5) / 60 % 1 - 0.5) * _SPREAD[1], 5),
            comment=words.comment,
        )

    def _command(self, modems: int) -> Sequence[str]:
        relay = self.settings.relay
        port, first = self.modem_port(), relay.polling.pools[0].first
        # fmt: off
        return [
            sys.executable, "-m", _GUARD, str(os.getpid()), sys.executable, "-m", "irzhub", "simulate",
            "--modems", str(modems), "--host", reachable_host(relay.modems.host), "--port", str(port),
            "--imei-base", str(_FIRST_IMEI), "--gpi-every", "480", "--first-port", str(first),
            "--pollers", str(min(_PROGRAMS, modems)), "--poll-every", "20", "--meter", "mercury", "--ramp", "100",
            "--faults",
        ]
        # fmt: on


def is_practice(modem: str) -> bool:
    """Say whether a modem's id is one of the practice fleet."""
    return modem.isdecimal() and modem.isascii() and _FIRST_IMEI <= int(modem) < _FIRST_IMEI + MOST
