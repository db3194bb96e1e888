"""Many modems in one process, with the chance, the storms and the pins of a real fleet."""

import asyncio
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from ipaddress import ip_address
from typing import Final

from irzhub.simulator.meters import EchoMeter, MeterFactory
from irzhub.simulator.modem import ModemCounts, SimulatedModem
from irzhub.simulator.options import ModemOptions, Span
from irzhub.simulator.runtime import Runtime

IMEI_BASE: Final = 868_000_000_000_000
PORTS_PER_SOURCE: Final = 20_000
_MODELS: Final = ("ATM21", "ATM31", "ATM41", "ATM42")

OptionsFactory = Callable[[int], ModemOptions]


@dataclass(frozen=True, slots=True)
class FleetCounts:
    """The fleet at a moment: how many modems are online, never were, and the sums of `ModemCounts`."""

    modems: int
    online: int
    never_online: int
    sums: ModemCounts


def varied_options(
    runtime: Runtime, encapsulated: bool | None = None, base: ModemOptions | None = None
) -> OptionsFactory:
    """Return what gives each modem traits of its own: half of them encapsulated unless `encapsulated` says.

    Signal, temperature, model and ICCID differ, so that a page full of them looks alive.
    """
    common = base or ModemOptions()

    def options(number: int) -> ModemOptions:
        chance = runtime.chance
        return replace(
            common,
            encapsulated=number % 2 == 0 if encapsulated is None else encapsulated,
            model=_MODELS[number % len(_MODELS)],
            csq=chance.randint(6, 31),
            temperature_c=chance.randint(-20, 55),
            iccid=f"89701{number:014d}",
            sim=int(chance.random() < 0.1),
        )

    return options


def loopback_sources(host: str, count: int) -> Sequence[str | None]:
    """Return the local addresses to dial from: several loopback ones when one has too few ports for `count`."""
    try:
        is_loopback = ip_address(host).is_loopback and ip_address(host).version == 4
    except ValueError:
        is_loopback = host == "localhost"
    if not is_loopback or count <= PORTS_PER_SOURCE:
        return (None,)
    return tuple(f"127.0.0.{2 + number}" for number in range(-(-count // PORTS_PER_SOURCE)))


def raise_descriptor_limit(needed: int) -> None:
    """Raise the soft limit of open files to the hard one.

    Raises:
        OSError: even that is less than `needed`.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise OSError(
            f"this process may open {hard} files and {needed} are needed: raise `ulimit -n` or use fewer modems"
        )


class Fleet:
    """`count` modems with neighbouring IMEIs, dialling one hub.

    As a context manager it starts to dial and switches all off at the end.

    Args:
        options: the same for all, or a function of the modem's number. meter: makes the meter of an IMEI.
        ramp_per_s: dials a second at the start; None: all at once.
        gpi_every_s: each encapsulated modem changes an input so often on average, once the hub has asked for its pins.
        returns_s: a changed input changes back after so long, as a door is closed again; None: it stays.
    """

    def __init__(
        self,
        host: str,
        port: int,
        count: int,
        *,
        imei_base: int = IMEI_BASE,
        options: ModemOptions | OptionsFactory | None = None,
        meter: MeterFactory = EchoMeter,
        ramp_per_s: float | None = None,
        gpi_every_s: float | None = None,
        returns_s: Span | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        self.runtime = runtime or Runtime()
        self._ramp_per_s = ramp_per_s
        self._gpi_every_s = gpi_every_s
        self._returns_s = returns_s
        sources = loopback_sources(host, count)
        traits: OptionsFactory = options if callable(options) else (lambda _number: options or ModemOptions())
        self.modems = [
            SimulatedModem(
                host,
                port,
                imei := str(imei_base + number),
                traits(number),
                meter=meter(imei),
                source=sources[number % len(sources)],
                runtime=self.runtime,
            )
            for number in range(count)
        ]
        self.by_imei = {modem.imei: modem for modem in self.modems}

    async def __aenter__(self) -> "Fleet":
        for number, modem in enumerate(self.modems):
            if self._ramp_per_s is None:
                modem.start()
            else:
                self.runtime.wheel.after(number / self._ramp_per_s, modem.start)
            if self._gpi_every_s is not None and modem.options.encapsulated:
                self.runtime.wheel.after(self._gpi_pause(self._gpi_every_s), partial(self._toggle, modem))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.runtime.wheel.close()
        for modem in self.modems:
            modem.switch_off()
        for _ in range(100):
            if all(modem.state == "off" for modem in self.modems):
                break
            await asyncio.sleep(0.02)
        await self.runtime.close()

    @property
    def online(self) -> int:
        """How many modems the hub has answered."""
        return sum(modem.is_online for modem in self.modems)

    async def wait_online(self, count: int | None = None, timeout_s: float = 60.0) -> float:
        """Wait until `count` modems, by default all, are online; return the seconds it took.

        Raises:
            TimeoutError: fewer are within `timeout_s`; the text says how many and why the first one is not.
        """
        wanted = len(self.modems) if count is None else count
        loop = asyncio.get_running_loop()
        started = loop.time()
        while self.online < wanted:
            if loop.time() - started > timeout_s:
                missing = next(modem for modem in self.modems if not modem.is_online)
                raise TimeoutError(
                    f"expected {wanted} modems online within {timeout_s} s, {self.online} are;"
                    f" {missing.imei} is {missing.state}: {missing.last_fault or 'no fault seen'}"
                )
            await asyncio.sleep(0.02)
        return loop.time() - started

    def storm(self, within_s: float = 0.0) -> None:
        """Drop every link at once; all dial again within `within_s`."""
        for modem in self.modems:
            modem.drop(redial_s=self.runtime.between((0.0, within_s)))

    def stop_changes(self) -> None:
        """Leave all inputs as they are from now on; the links live on."""
        self._gpi_every_s = None

    def counts(self) -> FleetCounts:
        """Return the fleet's present figures."""
        sums = ModemCounts()
        for each in fields(ModemCounts):
            setattr(sums, each.name, sum(getattr(modem.counts, each.name) for modem in self.modems))
        return FleetCounts(
            modems=len(self.modems),
            online=self.online,
            never_online=sum(not modem.counts.answered for modem in self.modems),
            sums=sums,
        )

    def _gpi_pause(self, every_s: float) -> float:
        # Exponential pauses make the changes of a fleet a Poisson stream, as independent doors are.
        return min(self.runtime.chance.expovariate(1 / every_s), every_s * 5)

    def _toggle(self, modem: SimulatedModem) -> None:
        if self._gpi_every_s is None:
            return
        # Before the hub has seen the pins for the first time, a report is state and no event (ARCHITECTURE D7).
        if modem.was_asked_for_pins:
            inputs = [pin for pin in range(1, 4) if not modem.pins.is_output(pin)]
            if inputs:
                pin = self.runtime.chance.choice(inputs)
                modem.toggle_pin(pin)
                if self._returns_s is not None:
                    self.runtime.wheel.after(self.runtime.between(self._returns_s), partial(modem.toggle_pin, pin))
        self.runtime.wheel.after(self._gpi_pause(self._gpi_every_s), partial(self._toggle, modem))
