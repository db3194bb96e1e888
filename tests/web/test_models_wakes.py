"""What comes in when modems are to be woken."""

from typing import Any

import pytest
from pydantic import ValidationError

from irzhub.web.models_wakes import BulkWakeRequest, WakeQuery


def test_a_wish_names_its_modems_one_way() -> None:
    assert BulkWakeRequest.model_validate({"target": {"group": "Север"}}).expires_in == 86400
    assert WakeQuery.model_validate({"limit": "5"}).limit == 5


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"target": {}},
        {"target": {"group": "Север", "filter": "x"}},
        {"target": {"modems": ["868441036775234; --"]}},
        {"target": {"group": "Север"}, "expires_in": 0},
        {"target": {"group": "Север"}, "steps": ["call"]},
    ],
    ids=["nothing", "no target", "two targets", "no id", "no time", "unknown key"],
)
def test_what_is_no_wish_is_refused(wish: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BulkWakeRequest.model_validate(wish)


def test_a_cursor_is_the_id_of_a_wake() -> None:
    with pytest.raises(ValidationError):
        WakeQuery.model_validate({"cursor": "../x"})
