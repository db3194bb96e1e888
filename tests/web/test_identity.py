"""Scope: which modems, organisations and groups a caller may see."""

from irzhub.core.state import ModemState
from irzhub.web.identity import WHOLE, Identity, Scope, may_see, rights_of
from irzhub.web.permissions import Right
from tests.web.conftest import IMEI


def scope(organisations: str | None = None, groups: str | None = None) -> Scope:
    return Scope(_names(organisations), _names(groups))


def _names(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(text.split())


def test_the_whole_scope_covers_what_belongs_to_nobody() -> None:
    assert WHOLE.is_whole
    assert WHOLE.covers("", "")
    assert WHOLE.covers("north", "Север/Котельные")


def test_an_organisation_sees_its_own_modems_and_no_others() -> None:
    north = scope(organisations="north")

    assert [north.covers(each, "Север") for each in ("north", "south", "")] == [True, False, False]
    assert not scope(organisations="").covers("", "")


def test_a_group_means_what_lies_below_it_and_not_what_begins_like_it() -> None:
    boilers = scope(groups="Север/Котельные")

    assert boilers.covers("", "Север/Котельные")
    assert boilers.covers("", "Север/Котельные/Первая")
    assert not boilers.covers("", "Север")
    assert not boilers.covers("", "Север/Котельные-2")


def test_both_are_asked() -> None:
    both = scope("north", "Север")

    assert both.covers("north", "Север/1")
    assert not both.covers("north", "Юг")
    assert not both.covers("south", "Север/1")


def test_nobody_gives_more_than_his_own() -> None:
    north = scope("north south", "Север")

    assert WHOLE.contains(north)
    assert north.contains(scope("north", "Север/1"))
    assert not north.contains(WHOLE)
    assert not north.contains(scope("north"))
    assert not north.contains(scope("east", "Север"))
    assert not north.contains(scope("north", "Юг"))


def test_single_rights_are_added_and_taken_away() -> None:
    rights = rights_of("operator", [Right.SEE_TRAFFIC], [Right.SEND_COMMANDS])

    assert Right.SEE_TRAFFIC in rights
    assert Right.SEND_COMMANDS not in rights
    assert rights_of("owner") == frozenset()


def test_an_identity_sees_and_may_by_its_scope_and_rights() -> None:
    clerk = Identity("clerk", "viewer", rights_of("viewer"), scope("north"))

    assert may_see(clerk, ModemState(modem=IMEI, imei=IMEI, organisation="north"))
    assert not may_see(clerk, ModemState(modem=IMEI, imei=IMEI))
    assert clerk.may(Right.OPEN)
    assert clerk.may(Right.READ_MODEMS)
    assert not clerk.may(Right.EDIT_USERS)
    assert clerk.origin == "rest:clerk"
    assert clerk.scope.to_json() == {"organisations": ["north"], "groups": None}
