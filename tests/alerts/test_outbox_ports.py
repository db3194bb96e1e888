"""What the outbox asks of others: the parts of this hub offer it."""

from irzhub.alerts.directory import Directory
from irzhub.alerts.outbox_ports import Directory as DirectoryPort
from irzhub.alerts.outbox_ports import NoIncidents, Reached


def test_the_directory_offers_what_the_outbox_asks() -> None:
    offered: DirectoryPort = Directory()

    asked = {name for name in vars(DirectoryPort) if not name.startswith("_")}
    assert asked == {"reach", "held_until", "language", "fallback", "report_to"}
    assert all(hasattr(offered, name) for name in asked)


def test_without_incidents_each_stands_for_itself() -> None:
    none = NoIncidents()

    assert (none.root_of(17), none.is_open(17), none.is_acknowledged(17)) == (17, True, False)
    assert Reached(()).ladders == ()
