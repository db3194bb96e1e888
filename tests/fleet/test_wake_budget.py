"""What waking may cost in a day, and how long a modem is left alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from irzhub.config.wake import WakeLadder, WakeSettings
from irzhub.fleet.wake_budget import WakeBudget
from irzhub.storage.wakes import ENDED_WITH_HUB, WakeRow

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # 23:30 in Moscow
MODEM, OTHER = "868441036775234", "868441036775242"
LADDER = WakeLadder(calls_per_day=2, sms_per_day=1)
SETTINGS = WakeSettings(calls_per_day=3, sms_per_day=300)


def row(number: int, **changes: Any) -> WakeRow:
    row = WakeRow(id=f"01K{number:023d}", modem=MODEM, reason="client", status="failed", started_at=NOW)
    return replace(row, **changes)


@pytest.fixture
def budget() -> WakeBudget:
    return WakeBudget(ZoneInfo("Europe/Moscow"))


def test_a_modem_has_its_share_of_the_day_and_the_hub_its_own(budget: WakeBudget) -> None:
    def spend(modem: str) -> str | None:
        why = budget.why_not(modem, "call", LADDER, SETTINGS, NOW)
        if why is None:
            budget.spend(modem, "call", NOW)
        return why

    assert [spend(MODEM), spend(MODEM)] == [None, None]
    assert spend(MODEM) == "2 calls to it were made today, no more are allowed"
    assert spend(OTHER) is None
    assert spend(OTHER) == "3 calls were made today, no more are allowed"
    assert budget.why_not(MODEM, "sms", LADDER, SETTINGS, NOW) is None
    assert budget.left(SETTINGS, NOW) == {"call": 0, "sms": 300}


def test_a_new_day_begins_at_the_hub_s_midnight(budget: WakeBudget) -> None:
    budget.spend(MODEM, "sms", NOW)
    assert budget.why_not(MODEM, "sms", LADDER, SETTINGS, NOW + timedelta(minutes=29)) is not None
    assert budget.why_not(MODEM, "sms", LADDER, SETTINGS, NOW + timedelta(minutes=30)) is None
    assert budget.spent(MODEM, NOW + timedelta(minutes=30)) == {"call": 0, "sms": 0}


def test_the_pause_doubles_with_each_failure_up_to_six_hours(budget: WakeBudget) -> None:
    pauses = []
    for _ in range(9):
        budget.failed(MODEM, NOW)
        resumes_at = budget.resumes_at(MODEM, 300.0, NOW)
        assert resumes_at is not None
        pauses.append((resumes_at - NOW).total_seconds() / 60)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert budget.resumes_at(MODEM, 300.0, NOW + timedelta(hours=6)) is None
    assert budget.resumes_at(OTHER, 300.0, NOW) is None


@pytest.mark.parametrize("what", ["worked", "forget"])
def test_success_ends_the_pause(budget: WakeBudget, what: str) -> None:
    budget.failed(MODEM, NOW)
    getattr(budget, what)(MODEM)
    assert budget.resumes_at(MODEM, 300.0, NOW) is None


def test_what_was_spent_before_a_restart_counts_after_it(budget: WakeBudget) -> None:
    yesterday = NOW - timedelta(days=1)
    rows = [
        row(1, started_at=yesterday, calls=20),
        row(2, calls=1, sms=1, finished_at=NOW - timedelta(minutes=1)),
        row(3, modem=OTHER, calls=1, status="online"),
    ]
    budget.load(rows, NOW)
    assert budget.spent(MODEM, NOW) == {"call": 1, "sms": 1}
    assert budget.left(SETTINGS, NOW) == {"call": 1, "sms": 299}
    assert budget.resumes_at(MODEM, 300.0, NOW) == NOW + timedelta(minutes=9)
    assert budget.resumes_at(OTHER, 300.0, NOW) is None


def test_what_failed_before_anything_was_spent_is_no_reason_to_pause(budget: WakeBudget) -> None:
    budget.load([row(1)], NOW)
    assert budget.resumes_at(MODEM, 300.0, NOW) is None


def test_what_ended_with_the_hub_is_no_failure_of_the_modem(budget: WakeBudget) -> None:
    ended = NOW - timedelta(seconds=5)
    budget.load([row(1, calls=1, error=ENDED_WITH_HUB, finished_at=ended), row(2, modem=OTHER, calls=1)], NOW)
    assert budget.resumes_at(MODEM, 300.0, NOW) is None
    assert (budget.interrupted_at(MODEM), budget.interrupted_at(OTHER)) == (ended, None)
    budget.failed(MODEM, NOW)
    assert budget.interrupted_at(MODEM) is None
