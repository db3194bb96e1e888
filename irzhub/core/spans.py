"""Stretches of time: joined, measured, and compared with others."""

from datetime import datetime
from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """A time from `since` until just before `until`, both UTC."""

    since: datetime
    until: datetime


class Timetable(Protocol):
    """When something is expected."""

    def spans(self, since: datetime, until: datetime) -> list[Span]:
        """Return all windows between two moments, cut at these, overlapping ones as one, in order."""


def merge_spans(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.since <= merged[-1].until:
            merged[-1] = Span(merged[-1].since, max(merged[-1].until, span.until))
        else:
            merged.append(span)
    return merged


def overlap_s(one: list[Span], other: list[Span]) -> float:
    """Return how many seconds lie in both; each is in order and without overlaps."""
    total = 0.0
    rest = iter(other)
    second = next(rest, None)
    for first in one:
        while second is not None and second.until <= first.since:
            second = next(rest, None)
        while second is not None and second.since < first.until:
            shared = min(first.until, second.until) - max(first.since, second.since)
            total += shared.total_seconds()
            if second.until > first.until:
                break
            second = next(rest, None)
    return total


def length_s(spans: list[Span]) -> float:
    """Return how many seconds spans without overlaps last together."""
    return sum((span.until - span.since).total_seconds() for span in spans)


def shared_spans(one: list[Span], other: list[Span]) -> list[Span]:
    """Return the time that lies in both; each is in order and without overlaps."""
    found, left, right = [], 0, 0
    while left < len(one) and right < len(other):
        span = Span(max(one[left].since, other[right].since), min(one[left].until, other[right].until))
        if span.since < span.until:
            found.append(span)
        if one[left].until < other[right].until:
            left += 1
        else:
            right += 1
    return found
