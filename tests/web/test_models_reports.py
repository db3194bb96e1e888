"""The models of reports name what reports have."""

from typing import get_args

import pytest
from pydantic import ValidationError

from irzhub.reports.desk import FORMS
from irzhub.reports.kinds import KINDS
from irzhub.reports.period import WORDS
from irzhub.reports.report import Meaning
from irzhub.web import models_reports
from irzhub.web.models_reports import NewSchedule, ScheduleEdit


def test_the_same_words_on_both_sides() -> None:
    assert get_args(models_reports.ReportKind) == tuple(KINDS)
    assert get_args(models_reports.Form) == FORMS
    assert get_args(models_reports.PeriodWord) == WORDS
    assert get_args(models_reports.Meaning) == get_args(Meaning)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "25:00"},
        {"at": "7:00"},
        {"weekdays": [0]},
        {"month_day": 32},
        {"recipients": []},
        {"recipients": ["a@b.ru"] * 21},
        {"forms": ["exe"]},
        {"kind": "weather"},
        {"limits": {}},
        {"name": "a\nb"},
    ],
    ids=str,
)
def test_wrong_schedules(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"name": "x", "kind": "signal", "recipients": ["a@b.ru"], "at": "07:00"}
    NewSchedule.model_validate(good)
    with pytest.raises(ValidationError):
        NewSchedule.model_validate(good | wrong)
    with pytest.raises(ValidationError):
        ScheduleEdit.model_validate(wrong)
