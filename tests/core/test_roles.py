"""The roles, and that the web knows each of them."""

from irzhub.core.roles import Role
from irzhub.web.permissions import ROLES


def test_every_role_has_its_rights_and_no_other_has_any() -> None:
    assert {role.value for role in Role} == set(ROLES)
    assert all(ROLES[role] for role in Role)
