"""When rules on time are due, on the clock of the hub's zone, over changes of the clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from irzhub.automation.rule import Rule
from irzhub.automation.schedule import Schedule, next_moment
from irzhub.automation.triggers import TimeTrigger
from tests.automation.rig import START, ZONE

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("trigger", "now", "due"),
    [
        ({"at": (72_000,)}, "2026-11-20 19:59:59", "2026-11-20 20:00:00"),
        ({"at": (72_000,)}, "2026-11-20 20:00:00", "2026-11-21 20:00:00"),
        ({"at": (72_015,)}, "2026-11-20 20:00:10", "2026-11-20 20:00:15"),
        ({"at": (72_000, 3600)}, "2026-11-20 21:00:00", "2026-11-21 01:00:00"),
        ({"at": (28_800,), "weekday": (0,)}, "2026-11-20 12:00:00", "2026-11-23 08:00:00"),
        ({"at": (28_800,), "weekday": (5, 6)}, "2026-11-20 12:00:00", "2026-11-21 08:00:00"),
        ({"cron": "30 3 1 * *"}, "2026-11-20 12:00:00", "2026-12-01 03:30:00"),
        ({"minutes": "/15"}, "2026-11-20 12:07:00", "2026-11-20 12:15:00"),
        ({"seconds": "/20"}, "2026-11-20 12:07:40", "2026-11-20 12:08:00"),
        ({"hours": "3", "minutes": "5"}, "2026-11-20 12:00:00", "2026-11-21 03:05:00"),
        ({"hours": "/6"}, "2026-11-20 12:00:00", "2026-11-20 18:00:00"),
    ],
)
def test_the_next_moment(trigger: dict[str, Any], now: str, due: str) -> None:
    assert next_moment(TimeTrigger(**trigger), local(now)) == local(due).astimezone(UTC)


def test_an_hour_that_a_zone_leaves_out_is_not_waited_for_until_next_year() -> None:
    due = next_moment(TimeTrigger(at=(2 * 3600 + 1800,)), local("2026-03-28 12:00", BERLIN))
    assert due is not None
    assert due - local("2026-03-28 12:00", BERLIN) < timedelta(days=2)


def schedule(*triggers: TimeTrigger) -> Schedule:
    rule = Rule(id="r", triggers=triggers, actions=())
    made = Schedule(ZONE)
    made.set_places([(rule, number) for number in range(len(triggers))], START)
    return made


def test_each_is_due_once_and_in_order() -> None:
    clock = schedule(TimeTrigger(at=(79_200,)), TimeTrigger(minutes="/30"))
    assert clock.next_due() == START + timedelta(minutes=30)
    assert [place[1] for place, _ in clock.take(START + timedelta(minutes=30))] == [1]
    assert [place[1] for place, _ in clock.take(START + timedelta(hours=1))] == [0, 1]
    assert clock.take(START + timedelta(hours=1)) == []


def test_a_clock_that_was_set_forward_makes_it_due_once() -> None:
    clock = schedule(TimeTrigger(minutes="/5"))
    assert len(clock.take(START + timedelta(days=3))) == 1
    assert clock.next_due() == START + timedelta(days=3, minutes=5)


def test_a_clock_that_was_set_back_a_little_repeats_nothing() -> None:
    clock = schedule(TimeTrigger(minutes="/30"))
    clock.take(START + timedelta(minutes=30))
    assert clock.take(START + timedelta(minutes=20)) == []
    assert clock.next_due() == START + timedelta(hours=1)


def test_a_clock_that_was_wrong_by_years_is_forgotten() -> None:
    clock = schedule(TimeTrigger(at=(79_200,)))
    clock.take(START + timedelta(days=1000))
    clock.take(START)
    assert clock.next_due() == START + timedelta(hours=1)


def test_rules_that_stay_keep_their_moment() -> None:
    clock = schedule(TimeTrigger(minutes="/30"))
    rule = Rule(id="r", triggers=(TimeTrigger(minutes="/30"), TimeTrigger(seconds="/10")), actions=())
    clock.set_places([(rule, 0), (rule, 1)], START + timedelta(minutes=45))
    assert clock.next_due() == START + timedelta(minutes=30)
    clock.set_places([], START)
    assert clock.next_due() is None
