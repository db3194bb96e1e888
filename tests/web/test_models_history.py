"""What may be asked of the history."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from irzhub.web.models_history import SeriesQuery, SessionQuery

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_numbers_and_times_are_taken_as_an_address_writes_them() -> None:
    query = SessionQuery.model_validate({"limit": "5", "since": "2026-11-21T15:00:00+03:00", "state": "open"})

    assert (query.limit, query.since, query.state) == (5, NOON, "open")
    assert SessionQuery().limit == 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "0"},
        {"limit": "1001"},
        {"state": "broken"},
        {"since": "2026-11-21T12:00:00"},
        {"until": "yesterday"},
        {"modem": "8" * 41},
        {"cursor": "x" * 201},
        {"order": "asc"},
    ],
    ids=str,
)
def test_a_wrong_question_for_sessions_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        SessionQuery.model_validate(wrong)


def test_a_plot_is_asked_for_with_from_and_to() -> None:
    query = SeriesQuery.model_validate({"from": "2026-11-21T12:00:00Z", "to": "2026-11-21T13:00:00Z", "points": "60"})

    assert (query.since, query.until, query.points) == (NOON, NOON + timedelta(hours=1), 60)
    assert (SeriesQuery().names, SeriesQuery().points, SeriesQuery().since) == ("rssi_dbm", 500, None)


@pytest.mark.parametrize(
    "wrong", [{"points": "0"}, {"points": "5001"}, {"from": "12:00"}, {"names": "x" * 201}, {"step": "60"}], ids=str
)
def test_a_wrong_question_for_a_plot_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        SeriesQuery.model_validate(wrong)
