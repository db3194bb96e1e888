"""A command for the whole fleet while programs poll: what a bulk job adds to the polls, and how long it takes.

Modems and programs are simulated, the hub is one process. Programs poll for some seconds without a job, then a job
asks every modem for its signal; round trips of both times stand side by side.
"""

import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.machine import describe_machine, plain_table, sized, write_report
from irzhub.simulator.fleet import Fleet, raise_descriptor_limit
from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.programs import PollCounts, PollingProgram, ProgramOptions
from irzhub.simulator.readings import reading_kind
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess

_PROGRAMS = 100
_QUIET_S = 15.0


async def call(hub: HubProcess, method: str, path: str, body: Any = None) -> Any:
    """Call REST as an administrator."""
    await hub.get("/api/v1/modems?limit=1")

    def send() -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{hub.web_port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {hub._token}", "Content-Type": "application/json"},  # noqa: SLF001
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    return await asyncio.to_thread(send)


def shown(counts: PollCounts) -> dict[str, float]:
    """Return the figures of one stretch of time, in milliseconds."""
    return {
        "polls": counts.polls,
        "p50": (counts.percentile(0.5) or 0) * 1000,
        "p99": (counts.percentile(0.99) or 0) * 1000,
        "errors": counts.errors,
    }


def reset(counts: PollCounts) -> None:
    """Begin a new stretch of time."""
    counts.polls = counts.answers = counts.stray_bytes = 0
    counts.failures.clear()
    counts.round_trips.clear()


async def measure(folder: Path, modems: int) -> dict[str, Any]:
    """Bring the fleet in, poll it, and send it one command meanwhile."""
    runtime, counts = Runtime(), PollCounts()
    changes = {"relay": {"modems": {"register_limit": "100000/min"}}}
    options = ModemOptions(command_delay_s=(0.05, 0.3), reconnect_s=(1.0, 5.0))
    async with (
        HubProcess(folder / "hub", changes) as hub,
        Fleet(
            "127.0.0.1", hub.modem_port, modems, options=options, meter=EchoMeter, ramp_per_s=300, runtime=runtime
        ) as fleet,
    ):
        await fleet.wait_online(timeout_s=300)
        known = await hub.modems()
        kind = reading_kind("echo")
        ports = sorted((each["port"], kind.identity_of(imei)) for imei, each in known.items())[:_PROGRAMS]
        programs = [
            PollingProgram(
                f"program {number}",
                "127.0.0.1",
                {port: identity},
                kind,
                counts=counts,
                options=ProgramOptions(every_s=0.5, stays_connected=True),
                runtime=runtime,
            )
            for number, (port, identity) in enumerate(ports)
        ]
        tasks = [runtime.tasks.spawn(program.run(), "poll") for program in programs]
        await asyncio.sleep(20)  # first questions of the hub are through
        reset(counts)
        await asyncio.sleep(_QUIET_S)
        quiet = shown(counts)
        reset(counts)
        began = time.monotonic()
        job = await call(hub, "POST", "/api/v1/commands", {"command": "signal", "target": {"filter": "state:online"}})
        while (view := await hub.get(f"/api/v1/jobs/{job['id']}"))["status"] != "done":
            await asyncio.sleep(0.5)
        took_s = time.monotonic() - began
        busy = shown(counts)
        for task in tasks:
            task.cancel()
        # A busy machine may not stop the hub in time; the figures are here all the same.
        sys.stderr.write(f"{quiet} {busy} {took_s:.1f} s {view['counts']}\n")
    return {"quiet": quiet, "busy": busy, "took_s": took_s, "counts": view["counts"], "modems": modems}


def main() -> None:
    """Measure, write the report."""
    modems = sized("BENCH_MODEMS", 5000, 500)
    raise_descriptor_limit(2 * modems + 500)
    machine = describe_machine()
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        found = uvloop.run(measure(Path(name), modems))
    quiet, busy = found["quiet"], found["busy"]
    table = plain_table(
        f"one command for {modems} modems while {_PROGRAMS} programs poll twice a second",
        {
            "the job took, s": f"{found['took_s']:.1f}",
            "results": str(found["counts"]),
            "polls, p50 / p99 without a job, ms": f"{quiet['p50']:.1f} / {quiet['p99']:.1f}",
            "polls, p50 / p99 beside the job, ms": f"{busy['p50']:.1f} / {busy['p99']:.1f}",
            "polls without / beside": f"{quiet['polls']} / {busy['polls']}",
            "failed polls without / beside": f"{quiet['errors']} / {busy['errors']}",
        },
    )
    how = (__doc__ or "").strip()
    sys.stdout.write(write_report("bulk_commands", how, [table], found, machine) + "\n")


if __name__ == "__main__":
    main()
