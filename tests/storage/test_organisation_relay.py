"""What organisations have of their own in the relay comes back as it was written."""

from irzhub.storage.local import Connection
from irzhub.storage.organisation_relay import has_organisation, load_organisation_relay, save_organisation_relay
from irzhub.storage.organisations import OrganisationRow, add_organisation, remove_organisation
from tests.storage.rows import NOW

RELAY = {"pools": [{"host": "10.0.0.1", "first": 30000, "last": 30099}], "allow": ["10.0.0.0/8"]}


def test_each_organisation_has_its_own_and_a_later_one_replaces_all_of_it(local: Connection) -> None:
    assert load_organisation_relay(local) == {}
    save_organisation_relay(local, "north", {"offline": "refuse"})
    save_organisation_relay(local, "north", RELAY)
    save_organisation_relay(local, "south", {})

    assert load_organisation_relay(local) == {"north": RELAY, "south": {}}


def test_an_organisation_is_there_from_its_making_to_its_removal(local: Connection) -> None:
    save_organisation_relay(local, "north", RELAY)
    assert not has_organisation(local, "north"), "settings alone make no organisation"

    add_organisation(local, OrganisationRow("north", "Север", "", NOW))
    assert has_organisation(local, "north")
    assert not has_organisation(local, "NORTH")
    assert not has_organisation(local, "")
    remove_organisation(local, "north")
    assert not has_organisation(local, "north")
