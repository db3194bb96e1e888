"""Fifty thousand modems: workers, ports that open when a modem is there, held with keepalives and polled.

Needs `relay.workers`. Each worker and each far side may open as many files as the machine allows one process, so
the modems dial from several processes, each from an address of its own. They dial `BENCH_AT_ONCE` at a time from
each. Held means: none was lost from the last dial to the end, while heartbeats come once in 55 s. The polls of
the last seconds go over 500 connections, 1,000 a second. `BENCH_HOLD_SECONDS=600` holds them for ten minutes,
`BENCH_FIFTY_MODEMS` and `BENCH_WORKERS` make it smaller: each worker has descriptors for some 9,400 modems.
"""

import contextlib
import tempfile
import time
from pathlib import Path

import uvloop

from benchmarks.children import PYTHON, Child, child, hub_cpu_seconds, hub_pss_bytes
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.pingpong import Load, connect, paced
from benchmarks.rig import PORTS_EACH, HubRig, ask
from irzhub.simulator.fleet import raise_descriptor_limit

POLLS_A_SECOND = 1000
_PROGRAMS = 500
_PATIENCE_S = 900.0


def dial_all(rig: HubRig, sides: list[Child], at_once: int) -> float:
    """Let every far side dial its ten thousand; return the seconds until the last modem was answered."""
    started = time.perf_counter()
    for number, far in enumerate(sides):
        first = number * PORTS_EACH
        far.tell(
            dial=min(PORTS_EACH, rig.modems - first),
            port=rig.modem_port,
            at_once=at_once,
            source=f"127.0.0.{2 + number}",
            **{"from": first},
        )
    for far in sides:
        far.hear(_PATIENCE_S)
    return time.perf_counter() - started


async def poll(rig: HubRig, seconds: float) -> Load:
    """Poll modems all over the fleet."""
    places = [rig.place(number) for number in range(0, rig.modems, max(1, rig.modems // _PROGRAMS))][:_PROGRAMS]
    pingers = [pinger for host, port in places for pinger in await connect([port], host)]
    await paced(pingers, bytes(64), POLLS_A_SECOND, 2)
    return await paced(pingers, bytes(64), POLLS_A_SECOND, seconds)


def measure(rig: HubRig, hold_s: int, poll_s: int, at_once: int) -> dict[str, float]:
    """Bring all in, hold them, poll."""
    with contextlib.ExitStack() as stack:
        hub = stack.enter_context(rig.run())
        rig.wait_up("relay", "mqtt", "database", timeout_s=_PATIENCE_S)
        empty = hub_pss_bytes(hub.pid)
        sides = []
        for number in range(-(-rig.modems // PORTS_EACH)):
            command = [PYTHON, "-m", "benchmarks.echo_side"]
            far = child(command, rig.folder / f"far-{number}.log", talks=True)
            sides.append(stack.enter_context(far))
            sides[-1].hear()
        all_in = dial_all(rig, sides, at_once)
        before, began = hub_cpu_seconds(hub.pid), time.perf_counter()
        time.sleep(max(0, hold_s - poll_s))  # noqa: TID251 - no loop runs here
        cpu = (hub_cpu_seconds(hub.pid) - before) / (time.perf_counter() - began) * 100
        load = uvloop.run(poll(rig, poll_s))
        return {
            "all_in_s": all_in,
            "held_s": time.perf_counter() - began,
            "lost": float(rig.modems - sum(ask(far, count=True)["online"] for far in sides)),
            "memory_mib": hub_pss_bytes(hub.pid) / 2**20,
            "kib_per_modem": (hub_pss_bytes(hub.pid) - empty) / 1024 / rig.modems,
            "idle_cpu_percent": cpu,
            "p50_ms": load.percentile(0.5) * 1000,
            "p99_ms": load.percentile(0.99) * 1000,
            "errors": float(load.errors),
        }


_ROWS = {
    "all_in_s": "until the last modem is answered, s",
    "held_s": "held, s",
    "lost": "modems lost meanwhile",
    "memory_mib": "memory of the hub and its workers, MiB",
    "kib_per_modem": "the same for each modem, over the hub that knows them, KiB",
    "idle_cpu_percent": "processor with all connected and quiet, %",
    "p50_ms": "1,000 polls a second p50, ms",
    "p99_ms": "1,000 polls a second p99, ms",
    "errors": "polls without an answer in time",
}


def main() -> None:
    """Measure, write the report."""
    modems, workers = sized("BENCH_FIFTY_MODEMS", 50_000, 12_000), sized("BENCH_WORKERS", 6, 2)
    hold_s, poll_s = sized("BENCH_HOLD_SECONDS", 40, 10), sized("BENCH_SECONDS", 15, 4)
    at_once = sized("BENCH_AT_ONCE", 500, 500)
    machine = describe_machine()
    raise_descriptor_limit(_PROGRAMS + 256)
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        relay = {"workers": workers, "polling": {"open": "on_connect"}}
        rig = HubRig(Path(name) / "hub", modems, {"relay": relay})
        rig.know()
        values = measure(rig, hold_s, poll_s, at_once)
    title = f"{modems} modems, {workers} workers, lazy ports"
    table = plain_table(title, {text: f"{values[key]:.2f}" for key, text in _ROWS.items()})
    data = {"modems": modems, "workers": workers, "values": values}
    print(write_report("fifty_thousand", (__doc__ or "").strip(), [table], data, machine))


if __name__ == "__main__":
    main()
