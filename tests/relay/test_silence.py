"""What the codec holds back goes on after its silence, not before, and not while bytes come."""

import asyncio
import time
from datetime import datetime

from irzhub.codec.driver import Hello
from irzhub.codec.irz.connection import IrzConnection
from irzhub.relay.silence import SilenceTimer
from tests.relay.modem_rig import until


class Holding:
    """A raw connection that holds the beginning of a keepalive, and when it let go."""

    def __init__(self) -> None:
        self.wire = IrzConnection(Hello(driver="irz", modem="868441036775234", imei="868441036775234"))
        self.wire.answer(datetime(2026, 11, 21))  # noqa: DTZ001 - any time will do
        self.heard_at = time.monotonic()
        self.let_go_at: float | None = None
        self.timer = SilenceTimer(self.wire, time.monotonic, lambda: self.heard_at, self._let_go)

    def hears(self, data: bytes) -> None:
        self.heard_at = time.monotonic()
        self.wire.receive_data(data)
        self.timer.start()

    def _let_go(self) -> None:
        self.let_go_at = time.monotonic()
        self.wire.receive_silence()


async def test_nothing_held_starts_no_timer() -> None:
    holding = Holding()
    holding.hears(b"plain")
    assert not holding.timer.is_running


async def test_it_lets_go_fifty_milliseconds_after_the_last_byte() -> None:
    holding = Holding()
    holding.hears(b"\xb5")
    await asyncio.sleep(0.03)
    holding.hears(b"\xbc")
    await until(lambda: holding.let_go_at is not None)
    assert holding.let_go_at is not None
    assert 0.045 < holding.let_go_at - holding.heard_at < 0.1
    assert not holding.timer.is_running


async def test_what_was_completed_in_time_is_not_let_go() -> None:
    holding = Holding()
    holding.hears(b"\xb5\xbc\xbd")
    holding.hears(b"\xbe\xbf")
    await asyncio.sleep(0.1)
    assert holding.let_go_at is None
    assert not holding.timer.is_running


async def test_a_stopped_timer_never_calls() -> None:
    holding = Holding()
    holding.hears(b"\xb5")
    assert holding.timer.is_running
    holding.timer.stop()
    holding.timer.stop()
    await asyncio.sleep(0.1)
    assert holding.let_go_at is None
