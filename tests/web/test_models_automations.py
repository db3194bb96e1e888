"""What comes from outside about automations is checked; what is left out has a meaning."""

from typing import Any

import pytest
from pydantic import ValidationError

from irzhub.web.models_automations import AutomationEdit, AutomationsText, DryRunWanted


@pytest.mark.parametrize("body", [{}, {"enabled": "no"}, {"enabled": True, "mode": "single"}])
def test_a_switch_is_on_off_or_the_file_s(body: Any) -> None:
    with pytest.raises(ValidationError):
        AutomationEdit.model_validate(body)
    assert AutomationEdit.model_validate({"enabled": None}).enabled is None


def test_a_dry_run_is_of_the_file_and_the_last_week_by_default() -> None:
    wanted = DryRunWanted.model_validate({})
    assert (wanted.text, wanted.since, wanted.until, wanted.most) == (None, "7d", None, 1000)
    assert DryRunWanted.model_validate({"until": "2026-11-22T00:00:00Z"}).until is not None


@pytest.mark.parametrize("body", [{"most": -1}, {"most": 5001}, {"until": "2026-11-22T00:00:00"}, {"since": 7}])
def test_a_dry_run_has_bounds(body: Any) -> None:
    with pytest.raises(ValidationError):
        DryRunWanted.model_validate(body)


def test_a_text_is_a_text() -> None:
    with pytest.raises(ValidationError):
        AutomationsText.model_validate({"text": None})
