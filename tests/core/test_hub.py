"""How far the hub is in its own life."""

from irzhub.core.bus import Bus
from irzhub.core.hub import HubPhaseChanged


def test_phase_travels_on_the_bus_and_counts_nothing_unless_told() -> None:
    bus, heard = Bus(), list[HubPhaseChanged]()
    bus.subscribe(HubPhaseChanged, heard.append)
    bus.publish(HubPhaseChanged("online"))

    assert heard == [HubPhaseChanged("online", seconds=0.0, returned=0, missing=0)]
