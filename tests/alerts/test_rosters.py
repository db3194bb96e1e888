"""Duty rosters: whose turn it is, who stands in, and the plan ahead."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from irzhub.alerts.rosters import Roster, Rotation, Shift

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = Rotation(("anna", "boris", "vera"), date(2026, 11, 23), time(8), 24)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("2026-11-23T07:59", None),
        ("2026-11-23T08:00", "anna"),
        ("2026-11-24T07:59", "anna"),
        ("2026-11-24T08:00", "boris"),
        ("2026-11-26T08:00", "anna"),
        ("2027-03-29T07:59", "vera"),  # the clock was changed a day before: the handover is at 8 all the same
        ("2027-03-29T08:00", "anna"),
    ],
)
def test_people_have_duty_in_turn(moment: str, who: str | None) -> None:
    assert DAILY.on_duty(at(moment)) == who


def test_a_shift_goes_before_the_rotation_and_somebody_stands_in_for_nobody() -> None:
    begins = datetime(2026, 11, 24, 9, tzinfo=UTC)
    roster = Roster((Shift(("galina", "galina"), begins, begins + timedelta(hours=2)),), DAILY, ("chief",))

    assert roster.on_duty(at("2026-11-23T07:00")) == ("chief",)
    assert roster.on_duty(at("2026-11-24T10:30")) == ("galina",)
    assert roster.on_duty(at("2026-11-24T12:00")) == ("boris",)
    assert Roster().on_duty(at("2026-11-24T12:00")) == ()


def test_the_plan_says_who_follows_whom() -> None:
    begins = datetime(2026, 11, 24, 9, tzinfo=UTC)
    roster = Roster((Shift(("galina",), begins, begins + timedelta(hours=2)),), DAILY)

    plan = roster.plan(at("2026-11-23T12:00"), at("2026-11-25T12:00"))

    assert [(begins.strftime("%d %H:%M"), ends.strftime("%d %H:%M"), names) for begins, ends, names in plan] == [
        ("23 12:00", "24 08:00", ("anna",)),
        ("24 08:00", "24 10:00", ("boris",)),
        ("24 10:00", "24 12:00", ("galina",)),
        ("24 12:00", "25 08:00", ("boris",)),
        ("25 08:00", "25 12:00", ("vera",)),
    ]
