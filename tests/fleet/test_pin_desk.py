"""Reports become stored levels and events, together; a restart compares with what was stored."""

import asyncio
import time
from datetime import datetime, timedelta

from irzhub.config.settings import Settings
from irzhub.core.clock import SystemClock
from irzhub.fleet.picture import build_snapshot, restore_seen_at
from irzhub.relay.messages import PinsSeen
from irzhub.storage.inputs import InputRow
from irzhub.storage.modems import save_snapshots
from irzhub.storage.pins import load_pins
from tests.fleet.conftest import IMEI, Desk, make_desk, session_closed, session_opened


async def test_first_report_is_state_only_and_later_ones_are_events(desk: Desk) -> None:
    await desk.dial_in()

    desk.pins_seen((1, False, False), (2, False, True), (4, True, False), asked=True)
    desk.pins_seen((1, False, True), (2, False, True), (4, True, True))
    await desk.journal.flush()

    assert dict(desk.states.get(IMEI).gpi) == {1: "ON", 2: "ON"}
    assert dict(desk.states.get(IMEI).gpo) == {4: "ON"}
    told = [event for event in await desk.events() if event["type"].startswith("gp")]
    assert [(event["type"], event["pin"], event["previous"], event["level"], event["source"]) for event in told] == [
        ("gpi_changed", 1, "OFF", "ON", "report"),
        ("gpo_changed", 4, "OFF", "ON", "report"),
    ]


async def test_level_is_shown_before_its_event(desk: Desk) -> None:
    await desk.dial_in()
    desk.pins_seen((1, False, False))
    await desk.journal.flush()
    desk.told.clear()

    desk.pins_seen((1, False, True))
    await desk.journal.flush()

    assert desk.told[-1] == "gpi_changed"
    assert "state gpi" in desk.told


async def test_level_and_event_are_committed_together(desk: Desk) -> None:
    await desk.dial_in()
    desk.pins_seen((1, False, False))
    desk.pins_seen((1, False, True))
    await desk.journal.flush()

    assert [(row.pin, row.level) for row in await desk.store.read(load_pins)] == [(1, "ON")]


async def test_change_over_a_restart_is_inferred_with_its_interval(settings: Settings) -> None:
    async with make_desk(settings) as desk:
        await desk.dial_in()
        desk.pins_seen((1, False, False), asked=True)
        desk.pins_seen((1, False, False), asked=True)
        await desk.journal.flush()
        seen_at = desk.pins.seen_at(IMEI)
        snapshot = build_snapshot(desk.states.get(IMEI), seen_at)
        await desk.store.write(lambda conn: save_snapshots(conn, [(IMEI, snapshot)]))

    async with make_desk(settings) as again:
        rows = await again.store.read(load_pins)
        again.pins.restore(IMEI, rows, restore_seen_at(again.registry.get(IMEI)))
        again.reception.receive(session_opened(generation=1))
        again.pins_seen((1, False, True), asked=True)
        change = (await again.events())[-1]

    assert (change["type"], change["source"], change["previous"]) == ("gpi_changed", "inferred", "OFF")
    assert change["not_before"] == snapshot["pins_seen_at"]["1"]


async def test_debounce_waits_with_a_timer_and_not_for_the_next_report(desk: Desk) -> None:
    await desk.dial_in()
    await desk.registry.edit(IMEI, inputs={1: InputRow(IMEI, 1, name="Дверь", debounce_s=0.05, normal="OFF")})
    desk.pins.rules_changed(IMEI)
    desk.pins_seen((1, False, False))
    desk.pins_seen((1, False, True))
    assert [event["type"] for event in await desk.events()] == ["registered", "connected"]

    async with asyncio.timeout(5):
        while (await desk.events())[-1]["type"] != "gpi_changed":
            await asyncio.sleep(0.01)

    change = (await desk.events())[-1]
    assert (change["name"], change["alarm"], change["level"]) == ("Дверь", True, "ON")


async def test_wall_clock_that_is_set_back_does_not_delay_what_is_debounced(desk: Desk) -> None:
    class HourBehind(SystemClock):
        def now(self) -> datetime:
            return super().now() - timedelta(hours=1)

    await desk.dial_in()
    await desk.registry.edit(IMEI, inputs={1: InputRow(IMEI, 1, debounce_s=0.1)})
    desk.pins.rules_changed(IMEI)
    desk.pins_seen((1, False, False))
    desk.pins_seen((1, False, True))

    desk.pins.clock = HourBehind()
    desk.pins.seen(PinsSeen(modem=IMEI, generation=1, at=time.time() - 3600, asked=True, pins=[(1, False, True)]))
    async with asyncio.timeout(5):
        while (await desk.events())[-1]["type"] != "gpi_changed":
            await asyncio.sleep(0.01)

    assert dict(desk.states.get(IMEI).gpi) == {1: "ON"}


async def test_modem_that_leaves_within_the_debounce_has_changed_nothing(desk: Desk) -> None:
    await desk.dial_in()
    await desk.registry.edit(IMEI, inputs={1: InputRow(IMEI, 1, debounce_s=0.02)})
    desk.pins.rules_changed(IMEI)
    desk.pins_seen((1, False, False))
    desk.pins_seen((1, False, True))

    desk.reception.receive(session_closed())
    await asyncio.sleep(0.05)

    assert [event["type"] for event in await desk.events()] == ["registered", "connected", "disconnected"]
    assert dict(desk.states.get(IMEI).gpi) == {1: "OFF"}


async def test_inversion_by_setting_turns_the_shown_level_silently(desk: Desk) -> None:
    await desk.dial_in()
    desk.pins_seen((1, False, False))
    await desk.registry.edit(IMEI, inputs={1: InputRow(IMEI, 1, invert=True)})

    desk.pins.rules_changed(IMEI)
    await desk.journal.flush()

    assert dict(desk.states.get(IMEI).gpi) == {1: "ON"}
    assert [(row.pin, row.level) for row in await desk.store.read(load_pins)] == [(1, "ON")]
    assert [event["type"] for event in await desk.events()] == ["registered", "connected"]


async def test_pin_that_becomes_an_output_moves_without_an_event(desk: Desk) -> None:
    await desk.dial_in()
    desk.pins_seen((1, False, False), (2, False, False))
    desk.pins_seen((1, False, False), (2, True, False))
    await desk.journal.flush()

    state = desk.states.get(IMEI)
    assert (dict(state.gpi), dict(state.gpo)) == ({1: "OFF"}, {2: "OFF"})


async def test_report_of_an_unknown_modem_is_passed_over(desk: Desk) -> None:
    desk.pins_seen((1, False, True), modem="868441036775999")

    assert await desk.events() == []
