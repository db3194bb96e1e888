"""What is kept of the hub's own life."""

from irzhub.core.bus import Bus
from irzhub.core.hub import HubPhaseChanged
from irzhub.web.hub_watch import HubWatch


def test_the_comeback_is_remembered_until_the_end() -> None:
    bus = Bus()
    watch = HubWatch(bus)
    unsubscribe = watch.follow()
    assert (watch.phase.phase, watch.comeback) == ("starting", None)

    bus.publish(HubPhaseChanged("online", 12.4, 95, 5))
    bus.publish(HubPhaseChanged("stopping"))
    unsubscribe()
    bus.publish(HubPhaseChanged("online", 1.0))

    assert watch.phase.phase == "stopping"
    assert watch.comeback == HubPhaseChanged("online", 12.4, 95, 5)
