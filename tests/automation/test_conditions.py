"""What has to hold, asked of a moment and of modems."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from irzhub.automation.conditions import (
    AndCondition,
    CalendarCondition,
    Condition,
    CountCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    StateCondition,
    TemplateCondition,
    TimeCondition,
    TriggerCondition,
    all_hold,
)
from irzhub.automation.occurrence import Occurrence
from irzhub.core.state import ModemState
from tests.automation.rig import MODEM, OTHER, START, ZONE

STATES = {
    MODEM: ModemState(
        modem=MODEM,
        imei=MODEM,
        link="online",
        group="Север/Котельные",
        organisation="teplo",
        csq=7,
        gpi={1: "ON", 2: None},
        gpo={4: "OFF"},
    ),
    OTHER: ModemState(modem=OTHER, imei=OTHER, link="offline", group="Юг"),
}


EVENING = START.astimezone(ZONE)


@dataclass
class Seen:
    """What a condition may ask, as the test wants it."""

    moment: datetime = EVENING
    trigger_id: str = "opened"
    occurrence: Occurrence = field(default_factory=lambda: Occurrence(kind="connected", ts=START, id="1", modem=MODEM))
    calendars: tuple[str, ...] = ("праздники",)

    def local_time(self) -> datetime:
        return self.moment

    def modem(self, modem: str | None) -> ModemState | None:
        return STATES.get(modem or MODEM)

    def count(self, condition: CountCondition) -> int:
        return sum(condition.counts(state) for state in STATES.values())

    def is_within_calendar(self, name: str) -> bool:
        return name in self.calendars

    def is_true(self, template: str) -> bool:
        return template == "yes"


YES, NO = TemplateCondition(value="yes"), TemplateCondition(value="no")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (AndCondition((YES, YES)), True),
        (AndCondition((YES, NO)), False),
        (OrCondition((NO, YES)), True),
        (OrCondition((NO, NO)), False),
        (NotCondition((NO, NO)), True),
        (NotCondition((NO, YES)), False),
        (StateCondition(link=("online", "standby")), True),
        (StateCondition(link=("offline",)), False),
        (StateCondition(modem=OTHER, link=("offline",)), True),
        (StateCondition(modem="868000000000000", link=("offline",)), False),
        (StateCondition(input=1, level="ON"), True),
        (StateCondition(input=1, level="OFF"), False),
        (StateCondition(input=2, level="ON"), False),
        (StateCondition(input=3, level="OFF"), False),
        (StateCondition(output=4, level="OFF"), True),
        (StateCondition(attribute="csq", below=8), True),
        (StateCondition(attribute="csq", above=7), False),
        (StateCondition(attribute="rssi_dbm", above=-100, below=-98), True),
        (StateCondition(attribute="temperature_c", below=100), False),
        (CountCondition(link=("online",), above=0), True),
        (CountCondition(group=("Север",), above=1), False),
        (CountCondition(organisation=("teplo",), input=1, level="ON", above=0, below=2), True),
        (CountCondition(below=2), False),
        (GroupCondition(group=("Север",)), True),
        (GroupCondition(group=("Юг",)), False),
        (GroupCondition(group=("Юг",), modem=OTHER), True),
        (TriggerCondition(id=("closed", "opened")), True),
        (TriggerCondition(id=("closed",)), False),
        (CalendarCondition(name="праздники"), True),
        (CalendarCondition(name="отпуск"), False),
        (CalendarCondition(dates=((2026, 11, 20),)), True),
        (CalendarCondition(dates=((None, 11, 20),)), True),
        (CalendarCondition(dates=((2025, 11, 20),)), False),
        (CalendarCondition(weekday=(4,)), True),
        (CalendarCondition(weekday=(5, 6)), False),
    ],
)
def test_what_holds(condition: Condition, holds: bool) -> None:
    assert condition.holds(Seen()) is holds


@pytest.mark.parametrize(
    ("condition", "moment", "holds"),
    [
        ({"after": 72_000, "before": 28_800}, "2026-11-20 21:00", True),
        ({"after": 72_000, "before": 28_800}, "2026-11-21 07:59:59", True),
        ({"after": 72_000, "before": 28_800}, "2026-11-21 08:00", False),
        ({"after": 28_800, "before": 72_000}, "2026-11-20 08:00", True),
        ({"after": 28_800, "before": 72_000}, "2026-11-20 20:00", False),
        ({"after": 28_800}, "2026-11-20 23:59", True),
        ({"before": 28_800}, "2026-11-20 23:59", False),
        ({"weekday": (4,)}, "2026-11-20 12:00", True),
        ({"after": 72_000, "before": 28_800, "weekday": (4,)}, "2026-11-21 03:00", True),
        ({"after": 72_000, "before": 28_800, "weekday": (5,)}, "2026-11-21 03:00", False),
    ],
)
def test_parts_of_the_day(condition: dict[str, Any], moment: str, holds: bool) -> None:
    seen = Seen(moment=datetime.fromisoformat(moment).replace(tzinfo=ZONE))
    assert TimeCondition(**condition).holds(seen) is holds


def test_no_conditions_hold() -> None:
    assert all_hold((), Seen())
    assert not all_hold((YES, NO), Seen())
