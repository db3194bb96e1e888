"""What alerts are asked, and what is refused before anything is done."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from irzhub.web.models_alerts import AlertEdit, AlertModemQuery, AlertQuery, Comment, ManyAlerts, Remark, Silence


@pytest.mark.parametrize(
    ("model", "value"),
    [
        (AlertQuery, {"state": "never"}),
        (AlertQuery, {"severity": "fatal"}),
        (AlertQuery, {"limit": "1001"}),
        (AlertQuery, {"cursor": "0"}),
        (AlertQuery, {"since": "2026-11-23T02:14:03"}),
        (AlertQuery, {"since": "0001-01-01T00:00:00+14:00"}),
        (AlertQuery, {"until": "1764568800"}),
        (AlertQuery, {"unknown": "1"}),
        (AlertModemQuery, {"format": "xlsx"}),
        (Remark, {"note": "x" * 2001}),
        (Comment, {}),
        (Silence, {"for_s": -1}),
        (Silence, {"for_s": "31d"}),
        (AlertEdit, {"owner": "две\nстроки"}),
        (AlertEdit, {"owner": "x" * 101}),
        (ManyAlerts, {"alerts": ["1"]}),
        (ManyAlerts, {"alerts": [0]}),
        (ManyAlerts, {"alerts": list(range(1, 1002))}),
    ],
)
def test_what_makes_no_sense_is_refused(model: type[BaseModel], value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(value)


def test_a_silence_takes_words_and_nothing() -> None:
    assert Silence.model_validate({"for_s": "2h"}).for_s == 7200.0 and Silence.model_validate({}).for_s is None


def test_an_edit_knows_what_was_left_out() -> None:
    assert AlertEdit.model_validate({"owner": None}).model_fields_set == {"owner"}


def test_a_question_without_words_is_for_what_is_open() -> None:
    query = AlertQuery.model_validate({})

    assert (query.state, query.muted, query.limit, query.parent) == ("open", False, 100, None)
