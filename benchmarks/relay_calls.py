"""What one question and its answer cost the relay in Python, without any socket: `python -m benchmarks.relay_calls`.

Session, channel and program are the real ones; only their transports do nothing. So the figure is free of the
kernel's noise and shows a change of a few per cent. Shown beside it: how many Python functions were called.
"""

import argparse
import asyncio
import socket
import statistics
import sys
import time
from types import FrameType
from typing import Any, cast

from irzhub.codec.driver import Hello
from irzhub.codec.irz.driver import IrzDriver
from irzhub.codec.irz.frames import build_data
from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.modem import Modem, Shared
from irzhub.relay.program import Program
from irzhub.relay.session import ModemSession
from irzhub.relay.settings import AskSettings, ModemSettings, RelaySettings
from irzhub.relay.wheel import Wheel

_ASK_NOTHING = AskSettings(pins_s=None, pins_reporting_s=None, signal_s=None, temperature_s=None)
_IMEI = "867000000000000"


class NoTransport(asyncio.Transport):
    """Takes everything and does nothing."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 50000)})

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


def build(encapsulated: bool) -> tuple[ModemSession, Program]:
    """Return a modem's session and the one program at its port, both connected."""
    settings = RelaySettings(command_gap_s=0.0)
    metrics, clock = Metrics(), SystemClock()
    side = ClientSide(settings, lambda _: None, clock, metrics)
    shared = Shared(settings, lambda _: None, clock, metrics, Wheel(clock), side.rings)
    wanted = ModemSettings(modem=_IMEI, imei=_IMEI, ask=_ASK_NOTHING)
    modem = Modem(wanted, Channel(wanted, side))
    hello = Hello(driver="irz", modem=_IMEI, imei=_IMEI, encapsulated=encapsulated)
    driver = IrzDriver()
    dialled = DialledIn(
        sock=cast("socket.socket", None), driver=driver, hello=hello, leftover=b"", peer="", local="", accepted=0.0
    )
    session = ModemSession(modem, shared, driver.connect(hello), dialled)
    session.connection_made(NoTransport())
    session.due(clock.monotonic() + 1)
    program = modem.line.new_program()
    program.connection_made(NoTransport())
    return session, program


def measure(encapsulated: bool, size: int, exchanges: int, rounds: int) -> tuple[float, float]:
    """Return nanoseconds for one exchange, the least of all rounds and their median."""
    session, program = build(encapsulated)
    question, answer = bytes(size), build_data(bytes(size)) if encapsulated else bytes(size)
    found = []
    for _ in range(rounds):
        ask, hear = program.data_received, session.data_received
        started = time.process_time_ns()
        for _ in range(exchanges):
            ask(question)
            hear(answer)
        found.append((time.process_time_ns() - started) / exchanges)
        session.shared.tell_traffic(session.shared.heard)
        session.shared.heard.clear()
    return min(found), statistics.median(found)


def count_calls(encapsulated: bool, size: int = 64) -> list[str]:
    """Return the names of the Python functions that one exchange calls, in order."""
    session, program = build(encapsulated)
    question, answer = bytes(size), build_data(bytes(size)) if encapsulated else bytes(size)
    for _ in range(5):
        program.data_received(question)
        session.data_received(answer)
    names: list[str] = []

    def note(frame: FrameType, event: str, _arg: Any) -> None:
        if event == "call":
            names.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    program.data_received(question)
    session.data_received(answer)
    sys.setprofile(None)
    return names


async def main() -> None:
    """Measure both ways of a modem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--exchanges", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--names", action="store_true", help="name the functions that are called")
    options = parser.parse_args()
    for encapsulated in (False, True):
        least, median = measure(encapsulated, options.size, options.exchanges, options.rounds)
        names = count_calls(encapsulated, options.size)
        title = "encapsulated" if encapsulated else "raw"
        print(f"{title}: {least:.0f} ns (median {median:.0f}) for an exchange, {len(names)} Python calls")
        if options.names:
            print("  " + "\n  ".join(names))


if __name__ == "__main__":
    asyncio.run(main())
