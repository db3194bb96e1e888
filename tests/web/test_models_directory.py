"""What may stand in the directory, checked before it is kept."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from irzhub.alerts.directory_entries import read_entry
from irzhub.web.models_directory import CalendarEdit, ContactEdit, LadderEdit, RosterEdit, TeamEdit

SMS = {"channel": "sms", "address": "+79211234567"}
SHIFT = {"names": ["anna"], "begins_at": "2026-11-24T09:00:00Z", "ends_at": "2026-11-24T12:00:00Z"}
STEP = {"targets": ["anna"]}

GOOD: list[tuple[str, type[BaseModel], dict[str, Any]]] = [
    ("contact", ContactEdit, {"addresses": [SMS], "digest_at": "08:00", "quiet": "ночь", "language": "en"}),
    ("team", TeamEdit, {"members": ["анна", "дежурная смена"]}),
    ("roster", RosterEdit, {"shifts": [SHIFT], "rotation": {"names": ["anna"], "first_day": "2026-11-23"}}),
    (
        "calendar",
        CalendarEdit,
        {"spans": [{"days": ["mon"], "begins": "22:00", "ends": "07:00"}], "free": ["2026-05-09"]},
    ),
    ("ladder", LadderEdit, {"steps": [STEP, {**STEP, "wait_s": "5m", "channels": ["call"]}], "repeats": 3}),
]


@pytest.mark.parametrize(("kind", "model", "body"), GOOD, ids=[kind for kind, _, _ in GOOD])
def test_what_is_taken_can_be_read_back(kind: str, model: type[BaseModel], body: dict[str, Any]) -> None:
    kept = model.model_validate(body).model_dump(exclude={"organisation"})

    assert read_entry(kind, kept) is not None


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (ContactEdit, {"addresses": []}),
        (ContactEdit, {"addresses": [{"channel": "sms", "address": "+7921;AT"}]}),
        (ContactEdit, {"addresses": [{"channel": "email", "address": "a@b, c@d"}]}),
        (ContactEdit, {"addresses": [{"channel": "pigeon", "address": "1"}]}),
        (ContactEdit, {"addresses": [SMS], "digest_at": "25:00"}),
        (ContactEdit, {"addresses": [SMS], "quiet_for": ["alarm"]}),
        (ContactEdit, {"addresses": [SMS], "phone": "+7"}),
        (TeamEdit, {"members": ["a/b"]}),
        (RosterEdit, {"shifts": [{**SHIFT, "ends_at": SHIFT["begins_at"]}]}),
        (RosterEdit, {"shifts": [{**SHIFT, "begins_at": "2026-11-24T09:00:00"}]}),
        (RosterEdit, {"rotation": {"names": [], "first_day": "2026-11-23"}}),
        (CalendarEdit, {"spans": [{"days": ["monday"], "begins": "22:00", "ends": "07:00"}]}),
        (CalendarEdit, {"dates": [{"first": "2026-02-30"}]}),
        (LadderEdit, {"steps": []}),
        (LadderEdit, {"steps": [STEP], "repeat_every_s": 1}),
        (LadderEdit, {"steps": [{**STEP, "wait_s": -1}]}),
    ],
)
def test_what_would_not_work_is_refused(model: type[BaseModel], body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(body)
