"""Stretches of time."""

from datetime import UTC, datetime

from irzhub.core.spans import Span, length_s, merge_spans, overlap_s


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def test_spans_are_merged_and_shared_time_is_counted() -> None:
    one = merge_spans([Span(utc("21 10:00:00"), utc("21 11:00:00")), Span(utc("21 11:00:00"), utc("21 12:00:00"))])
    assert one == [Span(utc("21 10:00:00"), utc("21 12:00:00"))]
    other = [
        Span(utc("21 09:00:00"), utc("21 10:30:00")),
        Span(utc("21 11:00:00"), utc("21 11:10:00")),
        Span(utc("21 11:50:00"), utc("21 13:00:00")),
    ]
    assert overlap_s(one, other) == overlap_s(other, one) == 1800 + 600 + 600
    assert overlap_s(one, []) == 0


def test_they_are_measured() -> None:
    assert length_s([]) == 0
    assert length_s([Span(utc("21 10:00:00"), utc("21 10:00:30")), Span(utc("21 11:00:00"), utc("21 11:01:00"))]) == 90
