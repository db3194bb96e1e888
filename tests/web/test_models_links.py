"""Which days and months can be asked for."""

import pytest
from pydantic import ValidationError

from irzhub.web.models_links import LinksQuery, SimsQuery, UptimeQuery


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "11.2026", "2026-11\n", "2026-11-01"])
def test_a_month_is_written_in_one_way(month: str) -> None:
    with pytest.raises(ValidationError, match="expected a month such as"):
        SimsQuery.model_validate({"month": month})


def test_days_have_bounds() -> None:
    assert LinksQuery.model_validate({"days": "90"}).days == 90
    for days in ("0", "367", "many"):
        with pytest.raises(ValidationError):
            UptimeQuery.model_validate({"days": days})
