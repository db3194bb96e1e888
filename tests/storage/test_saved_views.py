"""Saved views come back in their order, to their owner alone, and go with the account."""

from irzhub.storage.accounts import UserRow, add_user, remove_user
from irzhub.storage.local import Connection
from irzhub.storage.saved_views import SavedViewRow, list_views, replace_views
from tests.storage.rows import NOW

NIGHT = SavedViewRow("Ночная смена", "fleet", "state=off")
WEAK = SavedViewRow("Слабый сигнал", "fleet", "f=signal.le.-95")


def test_they_come_back_in_the_owner_s_order(local: Connection) -> None:
    replace_views(local, "anna", [NIGHT, WEAK])
    replace_views(local, "boris", [WEAK])
    replace_views(local, "anna", [WEAK, NIGHT])

    assert list_views(local, "anna") == [WEAK, NIGHT]
    assert list_views(local, "boris") == [WEAK]


def test_what_is_left_out_is_gone(local: Connection) -> None:
    replace_views(local, "anna", [NIGHT, WEAK])
    replace_views(local, "anna", [])

    assert list_views(local, "anna") == []


def test_they_go_with_the_account_so_that_another_of_that_name_begins_anew(local: Connection) -> None:
    add_user(local, UserRow("anna", "hash", "viewer", NOW))
    replace_views(local, "anna", [NIGHT])

    assert remove_user(local, "anna")

    assert list_views(local, "anna") == []
