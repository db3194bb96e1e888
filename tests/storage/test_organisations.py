"""Organisations that share the hub."""

from dataclasses import replace

import pytest

from irzhub.storage.accounts import UserRow, add_user
from irzhub.storage.local import Connection
from irzhub.storage.modems import save_modem
from irzhub.storage.organisations import (
    OrganisationExists,
    OrganisationRow,
    add_organisation,
    get_organisation,
    list_organisations,
    members,
    remove_organisation,
    save_organisation,
)
from tests.storage.rows import NOW, modem_row

NORTH = OrganisationRow("north", "Север-Энерго", "", NOW)


def test_an_organisation_is_added_once_changed_and_removed(local: Connection) -> None:
    add_organisation(local, NORTH)
    with local.begin_nested(), pytest.raises(OrganisationExists, match="there is an organisation 'north' already"):
        add_organisation(local, NORTH)

    assert save_organisation(local, replace(NORTH, name="Север"))
    assert get_organisation(local, "north") == replace(NORTH, name="Север")
    assert [each.id for each in list_organisations(local)] == ["north"]
    assert remove_organisation(local, "north")
    assert get_organisation(local, "north") is None
    assert not save_organisation(local, NORTH)


def test_its_modems_and_users_are_counted(local: Connection) -> None:
    add_organisation(local, NORTH)
    save_modem(local, replace(modem_row(), organisation="north"))
    add_user(local, UserRow("anna", "hash", "viewer", NOW, organisation="north"))

    assert members(local, "north") == (1, 1)
    assert members(local, "south") == (0, 0)
