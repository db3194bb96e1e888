"""What the watch is told, and what is refused before anything is done."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from irzhub.web.models_duty import (
    Handover,
    HandoverDraft,
    MaintenanceEdit,
    NewMaintenance,
    NewShiftEntry,
    NewVisit,
    ShiftLogQuery,
    VisitEdit,
    VisitResult,
)

UNTIL = "2026-12-01T06:00:00Z"


@pytest.mark.parametrize(
    ("model", "value"),
    [
        (NewVisit, {"modem": "../etc"}),
        (NewVisit, {"due_at": "2026-12-01"}),
        (NewVisit, {"due_at": "2026-12-01T06:00:00"}),
        (NewVisit, {"site": "x" * 201}),
        (VisitEdit, {"result": "not here"}),
        (VisitResult, {"result": ""}),
        (HandoverDraft, {"handover_note": None}),
        (HandoverDraft, {"handover_note": "x" * 2001}),
        (NewShiftEntry, {"text": ""}),
        (ShiftLogQuery, {"cursor": "'; drop"}),
        (NewMaintenance, {"until": UNTIL}),
        (NewMaintenance, {"until": UNTIL, "reason": ""}),
        (NewMaintenance, {"until": UNTIL, "reason": "x", "group": "a/" * 9 + "a"}),
        (NewMaintenance, {"until": 1764568800, "reason": "x"}),
        (MaintenanceEdit, {"modem": "868441036775234"}),
    ],
)
def test_what_makes_no_sense_is_refused(model: type[BaseModel], value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(value)


def test_moments_are_read_with_their_zone() -> None:
    wanted = NewMaintenance.model_validate({"until": "2026-12-01T09:00:00+03:00", "reason": "шкаф", "group": "/Север/"})

    assert (wanted.until, wanted.group, wanted.since) == (datetime(2026, 12, 1, 6, tzinfo=UTC), "Север", None)


def test_a_handover_without_a_note_is_the_draft() -> None:
    assert Handover.model_validate({}).note is None and Handover.model_validate({"note": ""}).note == ""
