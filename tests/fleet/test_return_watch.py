"""Who has not come back when the waiting is over is offline, with an event; the hub is online then."""

from irzhub.core.hub import HubPhaseChanged
from irzhub.fleet.comeback import Comeback
from irzhub.fleet.return_watch import ReturnWatch
from tests.fleet.conftest import IMEI, Desk


async def test_the_missing_are_lost_and_the_others_are_not(desk: Desk) -> None:
    await desk.dial_in()
    comeback = Comeback(0.0, desk.clock.monotonic())
    comeback.expect([IMEI, "868441036775235"])
    comeback.returned("868441036775235", desk.clock.monotonic())
    phases: list[HubPhaseChanged] = []
    desk.bus.subscribe(HubPhaseChanged, phases.append)

    await ReturnWatch(comeback, desk.registry, desk.journal, desk.states, desk.bus, desk.clock).run()

    lost = (await desk.events())[-1]
    assert (lost["type"], lost["reason"]) == ("disconnected", "hub_restart")
    assert desk.states.get(IMEI).link == "offline"
    assert [(each.phase, each.returned, each.missing) for each in phases] == [("online", 1, 1)]
