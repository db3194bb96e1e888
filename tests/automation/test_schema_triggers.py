"""Every trigger as it is written, and what is wrong with those that are not right."""

from typing import Any

import pytest

from irzhub.automation.schema_triggers import HUB_EVENTS, TRIGGERS
from irzhub.automation.shape import Complaints
from irzhub.automation.triggers import (
    AlertTrigger,
    DisconnectedTrigger,
    EventTrigger,
    GpiTrigger,
    HubTrigger,
    MqttTrigger,
    SignalTrigger,
    SmsTrigger,
    TimeTrigger,
    meaning,
)
from tests.automation.rig import MODEM


def read(**written: Any) -> tuple[Any, list[str]]:
    complaints = Complaints()
    found = TRIGGERS.read({key.rstrip("_"): value for key, value in written.items()}, (), complaints)
    return found, [text for _, text in complaints.found]


@pytest.mark.parametrize(
    ("written", "trigger"),
    [
        (
            {"trigger": "gpi", "modem": MODEM, "input": 1, "to": "ON", "for_": "5s", "id": "door"},
            GpiTrigger(id="door", modem=(MODEM,), input=(1,), to="on", for_s=5.0),
        ),
        (
            {"trigger": "disconnected", "group": ["Север", "Юг/1"], "reason": "reset"},
            DisconnectedTrigger(group=("Север", "Юг/1"), reason=("reset",)),
        ),
        ({"trigger": "signal", "below": 8}, SignalTrigger(below=8.0)),
        ({"trigger": "time", "at": ["7:30", "19:30"]}, TimeTrigger(at=(27_000, 70_200))),
        ({"trigger": "time", "at": "8:00", "weekday": ["mon", "sun"]}, TimeTrigger(at=(28_800,), weekday=(0, 6))),
        ({"trigger": "time", "minutes": "/5"}, TimeTrigger(minutes="/5")),
        ({"trigger": "mqtt", "topic": "scada/+"}, MqttTrigger(topic="scada/+")),
        (
            {"trigger": "sms", "from_": "+79211234567", "contains": "OK"},
            SmsTrigger(sender=("+79211234567",), contains="OK"),
        ),
        ({"trigger": "hub", "event": "database_lost", "for_": "1m"}, HubTrigger(event="database_lost", for_s=60.0)),
        ({"trigger": "alert", "to": "closed", "severity": "alarm"}, AlertTrigger(to="closed", severity=("alarm",))),
        (
            {"trigger": "event", "type": "sim_changed", "data": {"sim": 2}},
            EventTrigger(type="sim_changed", data=(("sim", 2),)),
        ),
    ],
)
def test_what_is_written_is_what_is_meant(written: dict[str, Any], trigger: object) -> None:
    assert read(**written) == (trigger, [])


@pytest.mark.parametrize("word", list(TRIGGERS.records))
def test_every_trigger_is_called_what_it_is_written_as(word: str) -> None:
    least: dict[str, dict[str, Any]] = {
        "signal": {"below": 5},
        "temperature": {"above": 60},
        "mqtt": {"topic": "a"},
        "time": {"at": "8:00"},
        "hub": {"event": "start"},
        "webhook": {"webhook_id": "a" * 32},
        "event": {"type": "connected"},
    }
    trigger, complaints = read(trigger=word, **least.get(word, {}))
    assert complaints == []
    assert meaning(trigger) == word


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"trigger": "gpi", "input": 6}, "expected a whole number from 1 to 5, came 6, or a list of them"),
        ({"trigger": "gpi", "to": True}, "expected on, off, alarm, normal or any (in quotes), came true"),
        ({"trigger": "gpi", "modem": 868441036775234}, "in quotes, came 868441036775234"),
        ({"trigger": "gpi", "for_": 5}, "expected a duration such as 30s"),
        ({"trigger": "signal"}, "expected `below`, `above` or both"),
        ({"trigger": "signal", "below": 40}, "expected a number from 0 to 31, came 40"),
        ({"trigger": "time"}, "expected one of `at`, `cron`, or a pattern"),
        ({"trigger": "time", "at": "8:00", "cron": "0 0 * * *"}, "expected one of `at`, `cron`"),
        ({"trigger": "time", "minutes": "/5", "weekday": "mon"}, "expected `weekday` with `at` only"),
        ({"trigger": "time", "hours": "25"}, "a number below 24"),
        ({"trigger": "time", "at": 750}, "in quotes, came 750"),
        ({"trigger": "mqtt"}, "expected the key `topic` too"),
        ({"trigger": "mqtt", "topic": "a/#/b"}, "expected a topic filter"),
        ({"trigger": "registered", "for_": "5s"}, "unknown key"),
        ({"trigger": "event", "type": "nothing"}, "expected"),
        ({"trigger": "rejected", "reason": "Bad Reason"}, "expected a reason"),
        ({"trigger": "gpo"}, "did you mean `gpi`?"),
    ],
)
def test_what_is_wrong(written: dict[str, Any], says: str) -> None:
    text = " ".join(read(**written)[1])
    assert says.removesuffix(", or a list of them") in text


def test_every_part_of_the_hub_is_lost_and_comes_back() -> None:
    assert HUB_EVENTS[:3] == ("start", "database_lost", "database_back")
    assert len(HUB_EVENTS) % 2 == 1
