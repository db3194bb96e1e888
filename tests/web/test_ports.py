"""The fleet and the journal are what the web asks for."""

from irzhub.fleet.fleet import Fleet
from irzhub.fleet.registry import Quarantined
from irzhub.journal.journal import Journal
from irzhub.web.ports import EventLog, Newcomer, Registry


def as_ports(fleet: Fleet, journal: Journal, knocking: Quarantined) -> tuple[Registry, EventLog, Newcomer]:
    """Return the parts as the web sees them: the type checker proves that they fit."""
    return fleet, journal, knocking


def test_each_asked_name_is_there() -> None:
    for port, part in ((Registry, Fleet), (EventLog, Journal)):
        asked = {name for name in vars(port) if not name.startswith("_")}
        assert asked <= {name for kind in part.__mro__ for name in vars(kind)}, port
    assert set(Newcomer.__annotations__) <= set(Quarantined.__annotations__)
