"""One run of the simulator: a fleet, programs that poll it, storms, and what came of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from irzhub.simulator.discovery import ports_from_hub, scan_ports
from irzhub.simulator.faults import PoorLinks, some_fitful
from irzhub.simulator.fleet import IMEI_BASE, Fleet, FleetCounts, raise_descriptor_limit, varied_options
from irzhub.simulator.meters import meter_factory
from irzhub.simulator.options import ModemOptions, Span
from irzhub.simulator.programs import PollCounts, PollingProgram, ProgramOptions, share_ports
from irzhub.simulator.readings import reading_kind
from irzhub.simulator.runtime import Runtime
from irzhub.simulator.truth import TruthLog

SPARE_DESCRIPTORS: Final = 64
FIRST_PORT: Final = 20000
_SCANS: Final = 5
_SCAN_PAUSE_S: Final = 1.0
_TRUTH_EVERY_S: Final = 0.1
_RETURNS_S: Final[Span] = (20.0, 90.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What to simulate; durations in seconds.

    Args:
        encapsulated: True, False, or None for half and half. channel, password: of the hellos.
        meter: echo, modbus, mercury or silent, with `meter_delay_s` before each answer.
        programs: how many poll; `poll_every_s`, `poll_size`, `stays_connected`: how.
        first_port: where the hub's polling ports begin; None: 20000 when the hub is on this machine.
        api, token: the hub's REST, asked for the ports when a token is given.
        gpi_every_s: how often each encapsulated modem changes an input on average. truth: file for all changes.
        is_storm: all dial at once; else `ramp_per_s` a second. storm_every_s: all links drop again and again.
        has_faults: some links are lost and some meters fall silent now and then.
        duration_s: when it ends; None: when it is cancelled.
    """

    modems: int
    host: str = "127.0.0.1"
    port: int = 5009
    imei_base: int = IMEI_BASE
    encapsulated: bool | None = None
    channel: int | None = None
    password: str | None = "5492"  # noqa: S105 - the vendor's default
    keepalive_s: float | None = 60.0
    keepalive_pieces: int = 1
    reconnect_s: Span = (5.0, 10.0)
    meter: str = "echo"
    meter_delay_s: float = 0.05
    programs: int = 0
    poll_every_s: float = 1.0
    poll_size: int = 64
    stays_connected: bool = False
    answer_timeout_s: float = 20.0
    first_port: int | None = None
    api: str = "http://127.0.0.1:8080"
    token: str | None = field(default=None, repr=False)
    gpi_every_s: float | None = None
    truth: Path | None = None
    is_storm: bool = False
    storm_every_s: float | None = None
    ramp_per_s: float = 500.0
    has_faults: bool = False
    duration_s: float | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """The run at a moment."""

    elapsed_s: float
    phase: str
    fleet: FleetCounts
    polls: PollCounts
    changes: int
    all_online_s: float | None

    @property
    def is_good(self) -> bool:
        """No poll failed, no foreign byte came, every modem got through and met no fault of the hub."""
        sums = self.fleet.sums
        return not (self.polls.errors or self.fleet.never_online or sums.faults or sums.answers_refused)

    def summary(self) -> dict[str, Any]:
        """Return the whole result as JSON values; round trips in milliseconds."""
        polls = self.polls
        shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
        trips = {name: polls.percentile(share) for name, share in shares.items()}
        return {
            "good": self.is_good,
            "elapsed_s": round(self.elapsed_s, 3),
            "modems": self.fleet.modems,
            "online": self.fleet.online,
            "never_online": self.fleet.never_online,
            "all_online_s": None if self.all_online_s is None else round(self.all_online_s, 3),
            "modem_counts": asdict(self.fleet.sums),
            "changes": self.changes,
            "polls": polls.polls,
            "answers": polls.answers,
            "errors": polls.errors,
            "failures": polls.failures,
            "stray_bytes": polls.stray_bytes,
            "last_failure": polls.last_failure,
            "round_trip_ms": {name: None if trip is None else round(trip * 1000, 2) for name, trip in trips.items()},
        }


class Run:
    """A scenario that runs. As a context manager it holds the fleet; `finish` says when it is over."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.runtime = Runtime(seed=scenario.seed)
        self.polls = PollCounts()
        self.phase = "dialling"
        self.all_online_s: float | None = None
        self._programs: list[asyncio.Task[None]] = []
        self._started = self.runtime.clock.monotonic()
        base = ModemOptions(
            password=scenario.password,
            channel=scenario.channel,
            keepalive_s=scenario.keepalive_s,
            keepalive_pieces=scenario.keepalive_pieces,
            reconnect_s=scenario.reconnect_s,
        )
        meter = meter_factory(scenario.meter, scenario.meter_delay_s)
        self.fleet = Fleet(
            scenario.host,
            scenario.port,
            scenario.modems,
            imei_base=scenario.imei_base,
            options=varied_options(self.runtime, scenario.encapsulated, base),
            meter=some_fitful(meter) if scenario.has_faults else meter,
            ramp_per_s=None if scenario.is_storm else scenario.ramp_per_s,
            gpi_every_s=scenario.gpi_every_s,
            returns_s=_RETURNS_S if scenario.has_faults else None,
            runtime=self.runtime,
        )

    def progress(self) -> Progress:
        """Return the present figures."""
        elapsed_s = self.runtime.clock.monotonic() - self._started
        fleet = self.fleet.counts()
        return Progress(elapsed_s, self.phase, fleet, self.polls, self.runtime.truth.count, self.all_online_s)

    async def finish(self) -> None:
        """Dial, find the ports, poll, storm, and return after `duration_s`, or never without one.

        Raises:
            OSError: the ports cannot be learned.
        """
        scenario = self.scenario
        started = self.runtime.clock.monotonic()
        deadline = asyncio.timeout(scenario.duration_s)
        try:
            async with deadline:
                await self.fleet.wait_online(timeout_s=float("inf"))
                self.all_online_s = self.runtime.clock.monotonic() - started
                if scenario.programs:
                    self.phase = "finding the ports"
                    self._start_programs(await self._find_ports())
                self.phase = "running"
                if scenario.has_faults:
                    PoorLinks(self.fleet).begin()
                await self._storms()
        except TimeoutError:
            if not deadline.expired():
                raise
            self.phase = "over"

    async def _storms(self) -> None:
        if self.scenario.storm_every_s is None:
            await asyncio.Event().wait()
            return
        while True:
            await asyncio.sleep(self.scenario.storm_every_s)
            self.phase = "storm"
            self.fleet.storm(within_s=1.0)
            await self.fleet.wait_online(timeout_s=float("inf"))
            self.phase = "running"

    async def _find_ports(self) -> dict[int, str]:
        scenario = self.scenario
        kind = reading_kind(scenario.meter, scenario.poll_size)
        identities = {kind.identity_of(imei): imei for imei in self.fleet.by_imei}
        wanted = len(self.fleet.modems)
        found: dict[int, str] = {}
        for attempt in range(_SCANS):
            if attempt:
                await asyncio.sleep(_SCAN_PAUSE_S)
            if scenario.token is not None:
                by_imei = {imei: kind.identity_of(imei) for imei in self.fleet.by_imei}
                found = await ports_from_hub(scenario.api, scenario.token, by_imei)
            else:
                found = await scan_ports(scenario.host, first_port(scenario), identities, kind)
            if len(found) == wanted:
                return found
        for _ in range(wanted - len(found)):
            self.polls.fail("no port", f"{wanted - len(found)} of {wanted} modems have no port that answers")
        return found

    def _start_programs(self, expected: dict[int, str]) -> None:
        scenario = self.scenario
        if not expected:
            return
        options = ProgramOptions(
            every_s=scenario.poll_every_s,
            stays_connected=scenario.stays_connected,
            answer_timeout_s=scenario.answer_timeout_s,
        )
        for number, ports in enumerate(share_ports(expected, scenario.programs)):
            program = PollingProgram(
                f"p{number}",
                scenario.host,
                ports,
                reading_kind(scenario.meter, scenario.poll_size),
                counts=self.polls,
                options=options,
                runtime=self.runtime,
            )
            self._programs.append(self.runtime.tasks.spawn(program.run(), f"program {number}"))

    async def stop_programs(self) -> None:
        """End the programs; a poll that is under way then counts for nothing."""
        for program in self._programs:
            program.cancel()
        if self._programs:
            await asyncio.wait(self._programs)


@asynccontextmanager
async def run_scenario(scenario: Scenario) -> AsyncIterator[Run]:
    """Yield the run with its modems dialling; switch everything off at the end.

    Raises:
        ValueError: the scenario contradicts itself; the text says how.
        OSError: this process may not open that many files, or the truth file cannot be written.
    """
    check(scenario)
    raise_descriptor_limit(scenario.modems + scenario.programs * 2 + SPARE_DESCRIPTORS)
    run = Run(scenario)
    if scenario.truth is None:
        async with _switched_on(run):
            yield run
        return
    await asyncio.to_thread(_start_file, scenario.truth)
    run.runtime.truth.keeps_lines = True
    try:
        async with _switched_on(run):
            _ = run.runtime.tasks.spawn(_write_truth(run.runtime.truth, scenario.truth), "truth")
            yield run
    finally:
        await asyncio.to_thread(_append, scenario.truth, run.runtime.truth.take_lines())


@asynccontextmanager
async def _switched_on(run: Run) -> AsyncIterator[None]:
    async with run.fleet:
        try:
            yield
        finally:
            # The programs leave first: a modem that leaves under a poll would look like a failure of the hub.
            await run.stop_programs()


async def _write_truth(truth: TruthLog, path: Path) -> None:
    """Write the changes so far, again and again; whole lines at once, so that a reader beside us sees no half one."""
    while True:
        await asyncio.sleep(_TRUTH_EVERY_S)
        if lines := truth.take_lines():
            await asyncio.shield(asyncio.to_thread(_append, path, lines))


def _start_file(path: Path) -> None:
    path.write_text("", encoding="utf-8")


def _append(path: Path, lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


def check(scenario: Scenario) -> None:
    """Look whether a scenario can be run.

    Raises:
        ValueError: it cannot; the text says what to change.
    """
    if scenario.modems < 1:
        raise ValueError(f"expected at least one modem, got {scenario.modems}")
    digits = len(str(scenario.imei_base + scenario.modems - 1))
    if not 14 <= len(str(scenario.imei_base)) <= digits <= 17:
        raise ValueError(f"expected IMEIs of 14 to 17 digits, got {scenario.imei_base} and {scenario.modems} on")
    meter_factory(scenario.meter)
    if scenario.programs:
        reading_kind(scenario.meter)
        first_port(scenario)


def first_port(scenario: Scenario) -> int:
    """Return where to look for the polling ports.

    Asking ports who they are puts bytes on meter lines, so it is done unasked on this machine only.

    Raises:
        ValueError: the hub is elsewhere and neither a port nor a token was given.
    """
    if scenario.first_port is not None:
        return scenario.first_port
    if scenario.token is not None or _is_loopback(scenario.host):
        return FIRST_PORT
    raise ValueError(f"the hub at {scenario.host} is not on this machine: give --token or --first-port for the ports")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
