"""Polling programs through a hub of a few lines, which can be told to do wrong."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import EchoMeter, Meter, SilentMeter
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.programs import PollCounts, PollFailed, PollingProgram, ProgramOptions, share_ports
from irzhub.simulator.programs import connect_program as connect
from irzhub.simulator.readings import reading_kind
from irzhub.simulator.runtime import Runtime
from tests.simulator.pipe_hub import PipeHub

RAW = ModemOptions(encapsulated=False, reconnect_s=None)
PROMPT = ProgramOptions(every_s=0.01, answer_timeout_s=0.5)


@dataclass
class Site:
    """Two modems behind the hub, and what polls them has met."""

    hub: PipeHub
    fleet: Fleet
    counts: PollCounts

    def program(self, ports: dict[int, str] | None = None, options: ProgramOptions = PROMPT) -> PollingProgram:
        return PollingProgram(
            "p1",
            "127.0.0.1",
            ports if ports is not None else self.expected(),
            reading_kind("echo"),
            counts=self.counts,
            options=options,
            runtime=Runtime(),
        )

    def expected(self) -> dict[int, str]:
        imeis = [line.hello.split(b",")[0].removeprefix(b"AT$IMEI=").decode() for line in self.hub.lines]
        return dict(zip(self.hub.ports, imeis, strict=True))


@pytest.fixture
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    def meter(imei: str) -> Meter:
        return SilentMeter() if getattr(request, "param", "") == "silent" else EchoMeter(imei)

    async with PipeHub() as hub, Fleet("127.0.0.1", hub.port, 2, options=RAW, meter=meter) as fleet:
        await hub.open_ports(2)
        await fleet.wait_online()
        yield Site(hub, fleet, PollCounts())


async def test_reads_both_meters_and_finds_nothing_wrong(site: Site) -> None:
    program = site.program()
    for port in site.hub.ports * 3:
        await program.poll(port)

    assert (site.counts.polls, site.counts.answers, site.counts.errors) == (6, 6, 0)
    assert site.counts.percentile(0.5) == sorted(site.counts.round_trips)[3]
    assert site.counts.percentile(1.0) == max(site.counts.round_trips)


async def test_keeps_the_connection_only_when_told(site: Site) -> None:
    port = site.hub.ports[0]
    staying = site.program(options=ProgramOptions(stays_connected=True))
    await staying.poll(port)
    before = site.hub._programs[0]
    await staying.poll(port)
    assert site.hub._programs[0] is before

    await site.program().poll(port)
    assert site.hub._programs[0] is not before
    staying._forget(port)


async def test_answer_of_another_modem_is_foreign(site: Site) -> None:
    (first, imei), (second, _) = site.expected().items()
    await site.program({second: imei}).poll(second)

    assert site.counts.failures == {"foreign": 1}
    assert site.counts.last_failure.startswith(f"port {second}: expected {imei} at port {second}, got 86800")
    assert first != second


async def test_answer_that_goes_to_the_wrong_program_is_seen_by_both(site: Site) -> None:
    site.hub.is_mixed_up = True
    first, second = site.hub.ports
    waiting = await connect("127.0.0.1", second, 1.0)
    await site.program().poll(first)
    assert site.counts.failures == {"unanswered": 1}
    assert waiting.take_stray_bytes().startswith(b"!WHO 86800")
    waiting.close()


async def test_stray_bytes_behind_an_answer_are_an_error(site: Site) -> None:
    site.hub.adds = b"late"
    await site.program(options=ProgramOptions(linger_s=0.05)).poll(site.hub.ports[0])

    assert site.counts.stray_bytes == 4
    assert site.counts.errors == 1


@pytest.mark.parametrize("site", ["silent"], indirect=True)
async def test_silence_is_an_unanswered_poll(site: Site) -> None:
    await site.program(options=ProgramOptions(answer_timeout_s=0.1)).poll(site.hub.ports[0])

    assert site.counts.failures == {"unanswered": 1}
    assert "no whole answer within 0.1 s, got nothing" in site.counts.last_failure


async def test_closed_connection_and_refused_port_have_names_of_their_own(site: Site) -> None:
    port = site.hub.ports[0]
    connection = await connect("127.0.0.1", port, 1.0)
    await asyncio.sleep(0.05)
    program = site.hub._programs[0]
    assert program is not None
    program.close()
    with pytest.raises(PollFailed, match="the hub closed the connection"):
        await connection.ask(next(reading_kind("echo").make("n")), 1.0)
    with pytest.raises(PollFailed, match="the connection is gone"):
        await connection.ask(next(reading_kind("echo").make("n")), 1.0)

    site.hub._listeners[0].close()
    await site.program().poll(port)
    assert site.counts.failures == {"refused": 1}


async def test_runs_until_cancelled(site: Site) -> None:
    runtime = Runtime()
    running = runtime.tasks.spawn(site.program().run(), "p1")
    async with asyncio.timeout(5):
        while site.counts.answers < 5:
            await asyncio.sleep(0.01)
    await runtime.close()

    assert running.cancelled()
    assert site.counts.errors == 0


def test_percentile_of_nothing_is_unknown() -> None:
    assert PollCounts().percentile(0.5) is None


@pytest.mark.parametrize(
    ("programs", "shares"),
    [
        (1, [{1: "a", 2: "b", 3: "c"}]),
        (2, [{1: "a", 3: "c"}, {2: "b"}]),
        (3, [{1: "a"}, {2: "b"}, {3: "c"}]),
        (4, [{1: "a"}, {2: "b"}, {3: "c"}, {1: "a"}]),
    ],
)
def test_ports_are_dealt_evenly(programs: int, shares: list[dict[int, str]]) -> None:
    assert share_ports({3: "c", 1: "a", 2: "b"}, programs) == shares
