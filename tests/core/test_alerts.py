"""What everybody may know of an incident goes over the bus as it is."""

from irzhub.core.alerts import AlertShown, AlertsKnown
from irzhub.core.bus import Bus


def test_who_shows_incidents_hears_of_each_and_of_the_end_of_the_beginning() -> None:
    bus, heard = Bus(), list[object]()
    bus.subscribe(AlertShown, heard.append)
    bus.subscribe(AlertsKnown, heard.append)
    bus.publish(AlertShown(17, {"id": 17}))
    bus.publish(AlertShown(17, None))
    bus.publish(AlertsKnown())

    assert heard == [AlertShown(17, {"id": 17}), AlertShown(17, None), AlertsKnown()]
