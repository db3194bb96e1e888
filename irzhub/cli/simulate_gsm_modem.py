"""`irzhub simulate gsm-modem`: a GSM modem on a pseudo terminal, for trying SMS and calls without one."""

import asyncio
import contextlib
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from irzhub.cli.options import fail, misused
from irzhub.core.tasks import Tasks
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem, Step, parse_script, perform
from irzhub.simulator.gsm_pdu import read_submit

_LOOK_S = 0.2


def simulate_gsm_modem(
    script: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="What happens: lines of `seconds verb words`.")
    ] = None,
    link: Annotated[
        Path | None, typer.Option(help="A stable name for the terminal, as /dev/serial/by-id has them.")
    ] = None,
    pin: Annotated[str | None, typer.Option(help="PIN that its SIM card wants.")] = None,
    slow: Annotated[float, typer.Option(min=0, help="Seconds that each answer takes.")] = 0.0,
    duration: Annotated[float | None, typer.Option(min=0.1, help="End after so many seconds.")] = None,
) -> None:
    """Play a GSM modem: print the path of its terminal, then each SMS and call that goes out through it.

    Verbs of a script: sms, ring, report, pdu (what comes in), answer, silent, say (what it says), slow, unplug, plug,
    deaf, sim_out, sim_in, network, signal, balance, call, room.
    """
    try:
        steps = [] if script is None else parse_script(script.read_text())
    except ValueError as error:
        raise misused(f"{script}: {error}") from error
    try:
        asyncio.run(_play(GsmModem(GsmFirmware(pin=pin), link, slow), steps, duration))
    except (OSError, ValueError) as error:
        raise fail(str(error)) from error


async def _play(modem: GsmModem, steps: list[Step], duration_s: float | None) -> None:
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, end.set)
    if duration_s is not None:
        loop.call_later(duration_s, end.set)
    tasks = Tasks("simulate gsm modem")
    async with modem:
        typer.echo(modem.path)
        played = tasks.spawn(perform(modem, steps), "script")
        shown = _Shown()
        try:
            while not end.is_set():
                shown.catch_up(modem)
                if played.done() and (error := played.exception()) is not None:
                    raise error
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(end.wait(), _LOOK_S)
            shown.catch_up(modem)
        finally:
            await tasks.close()


@dataclass(slots=True)
class _Shown:
    """How much of what went out was printed."""

    sms: int = 0
    calls: int = 0

    def catch_up(self, modem: GsmModem) -> None:
        """Print what went out since the last time."""
        for pdu in modem.firmware.submitted[self.sms :]:
            read = read_submit(pdu)
            part = f" ({read.number}/{read.total})" if read.total > 1 else ""
            typer.echo(f"sms {read.to}{part}: {read.text}")
        for number in modem.firmware.dialled[self.calls :]:
            typer.echo(f"call {number}")
        self.sms, self.calls = len(modem.firmware.submitted), len(modem.firmware.dialled)
