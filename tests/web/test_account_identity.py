"""From rows to identities."""

from dataclasses import replace
from datetime import UTC, datetime

from irzhub.config.settings import SignIn
from irzhub.storage.accounts import TokenRow, UserRow
from irzhub.web.account_identity import identity_of_token, identity_of_user, is_administrator
from irzhub.web.permissions import Right

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ANNA = UserRow("anna", "hash", "engineer", NOW, organisation="north", groups=("a",))
TOKEN = TokenRow("01A", "scada", "admin", "digest", NOW, owner="anna")


def test_a_user_has_the_role_s_rights_and_single_ones_within_the_own_scope() -> None:
    row = replace(ANNA, rights_added=("audit.read", "of another version"), rights_taken=("commands.send_raw",))
    anna = identity_of_user(row, "01S", SignIn())

    assert anna.may(Right.READ_AUDIT)
    assert not anna.may(Right.SEND_RAW)
    assert anna.scope.to_json() == {"organisations": ["north"], "groups": ["a"]}
    assert (anna.kind, anna.session) == ("user", "01S")


def test_a_token_never_reaches_further_than_its_owner() -> None:
    token = identity_of_token(replace(TOKEN, groups=("a/b", "c")), ANNA)

    assert token is not None
    assert not token.may(Right.EDIT_USERS)
    assert token.scope.to_json() == {"organisations": ["north"], "groups": ["a/b"]}
    assert identity_of_token(TOKEN, None) is None
    assert identity_of_token(TOKEN, replace(ANNA, disabled=True)) is None


def test_an_administrator_sees_all_and_manages_accounts() -> None:
    chief = UserRow("chief", "hash", "admin", NOW)

    assert is_administrator(chief)
    for change in ({"disabled": True}, {"groups": ("a",)}, {"organisation": "x"}, {"rights_taken": ("users.edit",)}):
        assert not is_administrator(replace(chief, **change)), change
