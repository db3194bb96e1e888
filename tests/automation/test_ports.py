"""The parts of the hub fit where the engine needs them."""

from irzhub.alerts.directory import Directory
from irzhub.alerts.incidents import Incidents
from irzhub.alerts.outbox import Outbox
from irzhub.automation import ports
from irzhub.automation.effects import HubEffects
from irzhub.automation.journal_feed import JournalFeed
from irzhub.mqtt.follower import HubFollower
from irzhub.mqtt.outside import Outside


def test_who_offers_what_the_engine_needs() -> None:
    offers: dict[type, type] = {  # the type checker judges each below; this names what must be there at run time
        ports.Outbox: Outbox,
        ports.People: Directory,
        ports.Incidents: Incidents,
        ports.Broker: Outside,
        ports.Effects: HubEffects,
    }
    for port, part in offers.items():
        wanted = [name for each in port.__mro__ for name in vars(each) if name[0] != "_" and each is not object]
        assert [name for name in wanted if not hasattr(part, name)] == [], port.__name__
    feeds: list[type[ports.Feed]] = [JournalFeed, HubFollower]
    assert len(feeds) == 2
    outbox: type[ports.Outbox] = Outbox
    people: type[ports.People] = Directory
    incidents: type[ports.Incidents] = Incidents
    assert (outbox, people, incidents) == (Outbox, Directory, Incidents)
