"""What the JSON of an entry means, and what cannot be read."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from irzhub.alerts.calendars import Calendar, Span
from irzhub.alerts.directory_entries import Address, Contact, Entry, Ladder, LadderStep, Team, read_entry
from irzhub.alerts.rosters import Roster, Rotation, Shift


@pytest.mark.parametrize(
    ("kind", "entry", "means"),
    [
        (
            "contact",
            {
                "addresses": [
                    {"channel": "sms", "address": "+79211234567"},
                    {"channel": "email", "address": "a@example.ru", "used_from": "never"},
                ],
                "quiet": "ночь",
                "quiet_for": ["info"],
                "digest_at": "08:00",
            },
            Contact(
                addresses=(Address("sms", "+79211234567"), Address("email", "a@example.ru", "never")),
                quiet="ночь",
                quiet_for=frozenset({"info"}),
                digest_at=time(8),
            ),
        ),
        ("team", {"members": ["anna"]}, Team(("anna",))),
        (
            "roster",
            {
                "shifts": [
                    {"names": ["anna"], "begins_at": "2026-11-24T09:00:00Z", "ends_at": "2026-11-24T12:00:00+03:00"}
                ],
                "rotation": {"names": ["boris"], "first_day": "2026-11-23"},
                "otherwise": ["chief"],
            },
            Roster(
                (Shift(("anna",), datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)),),
                Rotation(("boris",), date(2026, 11, 23), time(8), 24),
                ("chief",),
            ),
        ),
        (
            "calendar",
            {
                "spans": [{"days": ["mon", "sun"], "begins": "22:00", "ends": "07:00"}],
                "dates": [{"first": "2026-12-31", "last": None}],
                "free": ["2026-05-09"],
            },
            Calendar(
                (Span(frozenset({0, 6}), time(22), time(7)),),
                ((date(2026, 12, 31), date(2026, 12, 31)),),
                frozenset({date(2026, 5, 9)}),
            ),
        ),
        (
            "ladder",
            {
                "steps": [{"targets": ["anna"]}, {"targets": ["chief"], "wait_s": 300, "channels": ["call"]}],
                "repeats": 3,
            },
            Ladder((LadderStep(("anna",)), LadderStep(("chief",), 300.0, ("call",))), 600.0, 3),
        ),
    ],
    ids=["contact", "team", "roster", "calendar", "ladder"],
)
def test_an_entry_is_read(kind: str, entry: dict[str, Any], means: Entry) -> None:
    assert read_entry(kind, entry) == means


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("contact", {}),
        ("team", {"members": 3}),
        ("roster", {"rotation": {"names": ["a"], "first_day": "soon"}}),
        ("calendar", {"spans": [{"days": ["monday"], "begins": "22:00", "ends": "07:00"}]}),
        ("ladder", {"steps": []}),
        ("planet", {}),
    ],
)
def test_what_cannot_be_read_is_an_error(kind: str, entry: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_entry(kind, entry)
