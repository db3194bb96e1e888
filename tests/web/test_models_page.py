"""What the page sends is bounded and checked."""

import pytest
from pydantic import ValidationError

from irzhub.web.models_page import OwnViews

GOOD = {"name": "Ночная смена", "page": "fleet", "query": "state=off"}


def test_a_view_keeps_what_was_typed() -> None:
    assert OwnViews.model_validate({"items": [GOOD]}).items[0].name == "Ночная смена"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "a\nb"}, {"page": "../x"}, {"query": "x" * 2001}, {"more": 1}], ids=str
)
def test_other_views_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OwnViews.model_validate({"items": [GOOD | wrong]})
