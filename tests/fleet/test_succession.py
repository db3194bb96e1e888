"""What the fleet leaves to the next hub, and takes from the one before."""

import logging
from datetime import timedelta

import pytest

from irzhub.config.settings import Settings
from irzhub.core.handover import Handover
from irzhub.fleet import succession
from irzhub.relay.messages import PortOpened, SessionOpened
from irzhub.storage.inputs import InputRow
from tests.fleet.conftest import IMEI, Desk, make_desk
from tests.relay.modem_rig import hello
from tests.relay.pool_rig import PoolHub, is_gone, modems_of


class Idle:
    """Nothing is with the relay."""

    async def wait_idle(self, within_s: float) -> None:
        """Nothing to wait for."""


async def test_a_level_that_has_to_last_goes_on_to_do_so(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        await desk.registry.edit(IMEI, inputs={1: InputRow(modem=IMEI, pin=1, debounce_s=0.3)})
        desk.pins.rules_changed(IMEI)
        desk.pins_seen((1, False, False))
        desk.pins_seen((1, False, True))
        await desk.journal.flush()
        handover = Handover()
        succession.leave_pins(handover, desk.pins)
        assert [event["type"] for event in await desk.events()].count("gpi_changed") == 0

        succession.resume_pins(handover, desk.pins, desk.registry)
        waiting = desk.pins.leave()[IMEI][1]
        assert (waiting.level, waiting.due - waiting.at) == ("ON", timedelta(seconds=0.3))


async def test_a_relay_in_the_hubs_own_process_cannot_be_left(desk: Desk) -> None:
    assert not await succession.hold(None, (), Idle(), desk.journal)


@pytest.mark.parametrize(("wanted", "kept"), [("auto", 2), (2, 2), (1, 0)])
async def test_workers_are_kept_where_their_number_is_right(
    wanted: int | str, kept: int, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    modem = modems_of(0, 1)[0]
    async with PoolHub(2) as before:
        before.put(modem)
        await before.hears(PortOpened)
        await before.dials(hello(modem))
        await before.hears(SessionOpened)
        assert await succession.hold(before.pool, (), Idle(), desk.journal)
        handover = Handover()
        before.pool.leave(handover)
        await before.pool.__aexit__(None, None, None)
        with caplog.at_level(logging.WARNING):
            left = await succession.find(handover, wanted)
        assert left is not None
        assert len(left.workers) == kept
        assert ("all modems dial in again" in caplog.text) == (kept == 0)
        await left.end_workers()
        left.front.close()
        for pid in before.pids:
            assert await is_gone(pid)


async def test_after_an_ordinary_start_there_is_nothing() -> None:
    assert await succession.find(None, "auto") is None
    assert await succession.find(Handover(), "auto") is None
