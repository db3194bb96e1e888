"""Several programs on one meter, and one program on a slow meter, through the whole product."""

import asyncio
import time
from pathlib import Path

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import EchoMeter, MercuryMeter, Meter, SlowMeter
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.programs import PollCounts, PollingProgram, ProgramOptions
from irzhub.simulator.readings import ReadingKind, read_echo, read_mercury
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess

IMEI = "868441036775234"


async def dial_in(hub: HubProcess, meter: Meter, encapsulated: bool = True) -> tuple[SimulatedModem, int]:
    """Dial in one modem with a meter; return it and its polling port."""
    modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, ModemOptions(encapsulated=encapsulated), meter=meter)
    await modem.__aenter__()
    return modem, (await hub.modems())[IMEI]["port"]


async def test_lone_program_waits_forty_seconds_and_gets_its_answer_whole_in_six_pieces(hub: HubProcess) -> None:
    modem, port = await dial_in(hub, SlowMeter(EchoMeter(IMEI), delay_s=40.0, pieces=6, gap_s=1.0))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    question = b"?WHO " + b"x" * 300 + b"\n"
    began = time.monotonic()

    writer.write(question)
    answer, pieces = b"", 0
    async with asyncio.timeout(60):
        while not answer.endswith(b"\n"):
            answer += await reader.read(65536)
            pieces += 1

    assert answer == b"!WHO " + IMEI.encode() + b" " + question[5:]
    assert pieces == 6
    assert time.monotonic() - began >= 45
    writer.close()
    await modem.stop()


async def test_three_programs_with_sessions_of_two_levels_fail_no_read(hub: HubProcess) -> None:
    meter = MercuryMeter(serial=IMEI[-8:], delay_s=0.02)
    modem, port = await dial_in(hub, meter)
    counts, runtime = PollCounts(), Runtime()
    programs = [
        PollingProgram(
            f"program {number}",
            "127.0.0.1",
            {port: IMEI[-8:]},
            ReadingKind(lambda nonce, level=level: read_mercury(nonce, level=level), lambda imei: imei[-8:]),  # type: ignore[misc]
            counts=counts,
            options=ProgramOptions(every_s=0.2),
            runtime=runtime,
        )
        for number, level in enumerate((1, 2, 1))
    ]

    tasks = [asyncio.get_running_loop().create_task(program.run()) for program in programs]
    await asyncio.sleep(20)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert (counts.errors, counts.last_failure) == (0, "")
    assert counts.answers >= 30
    assert meter.broken_sessions == 0
    await modem.stop()


async def test_three_programs_at_once_never_see_each_others_answers(hub: HubProcess) -> None:
    modem, port = await dial_in(hub, EchoMeter(IMEI, 0.03), encapsulated=False)
    counts, runtime = PollCounts(), Runtime()
    programs = [
        PollingProgram(
            f"program {number}",
            "127.0.0.1",
            {port: IMEI},
            ReadingKind(read_echo, lambda imei: imei),
            counts=counts,
            options=ProgramOptions(every_s=0.05, stays_connected=number == 0),
            runtime=runtime,
        )
        for number in range(3)
    ]

    tasks = [asyncio.get_running_loop().create_task(program.run()) for program in programs]
    await asyncio.sleep(15)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert (counts.errors, counts.stray_bytes, counts.last_failure) == (0, 0, "")
    assert counts.answers >= 6
    await modem.stop()


async def test_answer_that_comes_after_its_program_left_reaches_nobody(hub: HubProcess) -> None:
    modem, port = await dial_in(hub, EchoMeter(IMEI, 1.5))
    _, first = await asyncio.open_connection("127.0.0.1", port)
    first.write(b"?WHO first\n")
    await first.drain()
    await asyncio.sleep(0.8)
    first.close()
    await asyncio.sleep(0.1)

    reader, second = await asyncio.open_connection("127.0.0.1", port)
    second.write(b"?WHO second\n")
    async with asyncio.timeout(20):
        answer = await reader.readline()

    assert answer == b"!WHO " + IMEI.encode() + b" second\n"
    second.close()
    await modem.stop()


async def test_program_that_stops_reading_costs_little_and_disturbs_nobody(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "hub", {"relay": {"polling": {"sharing": {"mode": "broadcast"}}}}) as hub:
        runtime = Runtime()
        async with Fleet("127.0.0.1", hub.modem_port, 2, meter=Flood, runtime=runtime) as fleet:
            await fleet.wait_online()
            modems = await hub.modems()
            flooded, other = fleet.modems
            stalled_reader, stalled = await asyncio.open_connection(
                "127.0.0.1", modems[flooded.imei]["port"], limit=1024
            )
            before = hub.rss

            stalled.write(b"flood\n")
            await asyncio.sleep(0.6)
            polls, reports = [], []
            for _ in range(10):
                reports.append(await seconds_until_shown(hub, flooded))
                began = time.monotonic()
                reader, writer = await asyncio.open_connection("127.0.0.1", modems[other.imei]["port"])
                writer.write(b"?WHO there\n")
                async with asyncio.timeout(5):
                    assert (await reader.readline()).startswith(b"!WHO")
                polls.append(time.monotonic() - began)
                writer.close()
                await asyncio.sleep(0.2)

            # The meter has more to say than the hub keeps: its reports queue behind its data, two seconds at most.
            assert max(reports) < 2.0, reports
            assert max(polls) < 1.0
            assert hub.rss - before < 8 * 1024 * 1024
            state = (await hub.modems())[flooded.imei]
            assert state["state"] == "online"
            stalled.transport.abort()
            del stalled_reader


async def seconds_until_shown(hub: HubProcess, modem: SimulatedModem) -> float:
    """Change input 1 of a modem; return how long it takes until REST shows the new level."""
    modem.toggle_pin(1)
    level, began = "ON" if modem.pins.is_high(1) else "OFF", time.monotonic()
    async with asyncio.timeout(10):
        while (await hub.get(f"/api/v1/modems/{modem.imei}"))["gpi"].get("1") != level:
            await asyncio.sleep(0.05)
    return time.monotonic() - began


class Flood:
    """Answers `flood` with megabytes, and anything else as an echo meter does."""

    def __init__(self, imei: str) -> None:
        self.echo = EchoMeter(imei)

    def receive(self, data: bytes, now: float) -> list[tuple[float, bytes]]:
        """Answer."""
        if data.startswith(b"flood"):
            return [(0.005 * number, b"y" * 65536) for number in range(400)]
        return self.echo.receive(data, now)
