"""Nobody gives more than the own."""

import pytest

from irzhub.web.account_rules import check_may_give
from irzhub.web.identity import WHOLE, Identity, Scope, rights_of
from irzhub.web.problem import Problem

NORTH = Scope(frozenset({"north"}))


@pytest.mark.parametrize(("role", "scope", "code"), [("admin", NORTH, "rights"), ("viewer", WHOLE, "scope")])
def test_more_is_refused(role: str, scope: Scope, code: str) -> None:
    boss = Identity("boss", "operator", rights_of("operator"), NORTH)

    check_may_give(boss, rights_of("viewer"), NORTH)
    with pytest.raises(Problem) as caught:
        check_may_give(boss, rights_of(role), scope)

    assert (caught.value.status, caught.value.code) == (403, f"beyond_own_{code}")
