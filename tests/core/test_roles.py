"""The roles of docs/contract.md 3."""

import pytest

from irzhub.core.roles import Role
from irzhub.web.permissions import ROLES


def test_names_are_the_contract() -> None:
    assert [role.value for role in Role] == ["viewer", "operator", "engineer", "admin", "auditor"]


def test_other_names_are_no_role() -> None:
    with pytest.raises(ValueError, match="'root' is not a valid Role"):
        Role("root")


def test_every_role_has_rights_and_no_other_has_any() -> None:
    assert set(ROLES) == {role.value for role in Role}
    assert all(ROLES[role] for role in Role)
