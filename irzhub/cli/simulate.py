"""`irzhub simulate`: a fleet that speaks the real protocol, with a live progress line."""

import asyncio
import json as json_text
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail, load, misused
from irzhub.cli.simulate_gsm_modem import simulate_gsm_modem
from irzhub.config.rules import is_loopback
from irzhub.simulator.fleet import IMEI_BASE
from irzhub.simulator.scenario import Progress, Run, Scenario, run_scenario

_SHOW_EVERY_S = 0.5
_LINE_EVERY_S = 5.0


app = typer.Typer(invoke_without_command=True)
app.command("gsm-modem")(simulate_gsm_modem)


@app.callback()
def simulate(
    context: typer.Context,
    modems: Annotated[int, typer.Option(min=1, help="How many modems.")] = 10,
    host: Annotated[str, typer.Option(help="Where the hub listens for modems.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port the modems dial; by default the one of --config.")
    ] = None,
    imei_base: Annotated[int, typer.Option(help="IMEI of the first modem; the others follow.")] = IMEI_BASE,
    encapsulation: Annotated[
        bool | None, typer.Option("--encapsulation/--raw", help="All of one kind; by default half and half.")
    ] = None,
    channel: Annotated[int | None, typer.Option(min=1, max=5, help="CHN of the hello.")] = None,
    password: Annotated[str, typer.Option(help="PSW of the hello; empty for none.")] = "irzhub-sim",  # noqa: S107
    keepalive: Annotated[float, typer.Option(min=0, help="Seconds of silence before a heartbeat; 0: none.")] = 60.0,
    split_keepalive: Annotated[bool, typer.Option(help="Heartbeats come in two segments.")] = False,
    reconnect: Annotated[str, typer.Option(metavar="FROM-TO", help="Seconds before a modem dials again.")] = "5-10",
    meter: Annotated[str, typer.Option(help="echo, modbus, mercury or silent.")] = "echo",
    meter_delay: Annotated[float, typer.Option(min=0, help="Seconds a meter takes to answer.")] = 0.05,
    pollers: Annotated[int, typer.Option(min=0, help="How many polling programs.")] = 0,
    poll_every: Annotated[float, typer.Option(min=0, help="Seconds between two readings of a program.")] = 1.0,
    poll_size: Annotated[int, typer.Option(min=40, max=4096, help="Bytes of an echo question.")] = 64,
    keep_open: Annotated[bool, typer.Option(help="Programs keep their connections between readings.")] = False,
    answer_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds a program waits for an answer.")] = 20.0,
    first_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="First polling port; 20000 for a hub on this machine.")
    ] = None,
    api: Annotated[str, typer.Option(help="The hub's REST, asked for the ports with --token.")] = (
        "http://127.0.0.1:8080"
    ),
    token: Annotated[str | None, typer.Option(envvar="IRZHUB_TOKEN", help="Token for REST.")] = None,
    gpi_every: Annotated[
        float | None, typer.Option(min=0.001, help="Seconds between two changes of a modem's inputs, on average.")
    ] = None,
    truth: Annotated[Path | None, typer.Option(help="Write every change of an input to this file.")] = None,
    storm: Annotated[bool, typer.Option(help="All dial at once.")] = False,
    storm_every: Annotated[float | None, typer.Option(min=1, help="Drop all links every so many seconds.")] = None,
    faults: Annotated[bool, typer.Option(help="Some links are lost and some meters fall silent now and then.")] = False,
    ramp: Annotated[float, typer.Option(min=1, help="Dials a second without --storm.")] = 500.0,
    duration: Annotated[float | None, typer.Option(min=0.1, help="End after so many seconds.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same chance.")] = 0,
    json: Annotated[bool, typer.Option(help="Print the result as JSON at the end.")] = False,
    config: ConfigDir = CONFIG_DIR,
) -> None:
    """Dial in as a fleet of modems with meters, and poll them, until Ctrl-C or --duration.

    Ends with status 1 when a poll failed, a modem never got through, or the hub broke the protocol.
    """
    if context.invoked_subcommand is not None:
        return
    if port is None:
        port, pool = _ports_of(config)
        first_port = pool if first_port is None and is_loopback(host) else first_port
    scenario = Scenario(
        modems=modems,
        host=host,
        port=port,
        imei_base=imei_base,
        encapsulated=encapsulation,
        channel=channel,
        password=password or None,
        keepalive_s=keepalive or None,
        keepalive_pieces=2 if split_keepalive else 1,
        reconnect_s=_span(reconnect),
        meter=meter,
        meter_delay_s=meter_delay,
        programs=pollers,
        poll_every_s=poll_every,
        poll_size=poll_size,
        stays_connected=keep_open,
        answer_timeout_s=answer_timeout,
        first_port=first_port,
        api=api,
        token=token,
        gpi_every_s=gpi_every,
        truth=truth,
        is_storm=storm,
        storm_every_s=storm_every,
        ramp_per_s=ramp,
        has_faults=faults,
        duration_s=duration,
        seed=seed,
    )
    try:
        result = _run(scenario, Console(stderr=json, highlight=False, soft_wrap=True))
    except ValueError as error:
        raise misused(str(error)) from error
    except OSError as error:
        raise fail(str(error)) from error
    if json:
        typer.echo(json_text.dumps(result.summary(), ensure_ascii=False))
    if not result.is_good:
        raise typer.Exit(1)


def _ports_of(config: Path) -> tuple[int, int]:
    """Return the port for modems and the first polling port of the hub with this configuration."""
    relay = load(config).relay
    return relay.modems.port, relay.polling.pools[0].first


def _run(scenario: Scenario, console: Console) -> Progress:
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if sys.platform != "win32":
        import uvloop

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(_conduct(scenario, console))


async def _conduct(scenario: Scenario, console: Console) -> Progress:
    async with run_scenario(scenario) as run:
        work = asyncio.current_task()
        assert work is not None
        loop = asyncio.get_running_loop()
        shown = run.runtime.tasks.spawn(_show(run, console), "progress")
        finished = run.runtime.tasks.spawn(run.finish(), "scenario")
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, finished.cancel)
        await asyncio.wait((finished,))
        shown.cancel()
        await asyncio.wait((shown,))
        result = run.progress()
        if not finished.cancelled() and (error := finished.exception()) is not None:
            raise error
    console.print(line(result), markup=False)
    if result.polls.last_failure:
        console.print(f"last failed poll: {result.polls.last_failure}", markup=False)
    return result


async def _show(run: Run, console: Console) -> None:
    """Keep one line up to date on a terminal, else print one every 5 s."""
    if not console.is_terminal:
        while True:
            await asyncio.sleep(_LINE_EVERY_S)
            console.print(line(run.progress()), markup=False)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            live.update(line(run.progress()), refresh=True)
            await asyncio.sleep(_SHOW_EVERY_S)


def line(progress: Progress) -> str:
    """Return the run at a moment as one line."""
    fleet, polls = progress.fleet, progress.polls
    words = [f"{progress.elapsed_s:7.1f} s", progress.phase, f"online {fleet.online}/{fleet.modems}"]
    if polls.polls:
        words.append(f"polls {polls.polls}, answers {polls.answers}")
        p50, p99 = polls.percentile(0.5), polls.percentile(0.99)
        if p50 is not None and p99 is not None:
            words.append(f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")
    if progress.changes:
        words.append(f"input changes {progress.changes}")
    redials = fleet.sums.dials - fleet.modems
    if redials > 0:
        words.append(f"redials {redials}")
    faults = polls.errors + fleet.sums.faults + fleet.sums.answers_refused
    words.append(f"{faults} errors")
    return "  ".join(words)


def _span(text: str) -> tuple[float, float]:
    try:
        low, _, high = text.partition("-")
        span = float(low), float(high or low)
    except ValueError:
        raise misused(f"--reconnect: expected seconds such as 5-10, got {text!r}") from None
    if not 0 <= span[0] <= span[1]:
        raise misused(f"--reconnect: expected seconds such as 5-10, got {text!r}")
    return span
