"""Tests of the whole part: the automations that the hub is shipped with, exactly as they stand in config/."""

from datetime import timedelta

import pytest

from irzhub.automation.rule_source import read_rules_file
from irzhub.core.events import MissedSchedule
from irzhub.core.state import ModemState
from tests.automation.rig import MODEM, OTHER, START, Rig
from tests.conftest import ROOT


@pytest.fixture
def rig() -> Rig:
    found = read_rules_file(ROOT / "config")
    assert [str(problem) for problem in found.problems] == []
    rig = Rig()
    rig.engine.set_rules("file", found.rules)
    return rig


def test_all_of_them_are_there() -> None:
    assert [rule.id for rule in read_rules_file(ROOT / "config").rules] == [
        "boiler_door",
        "link_lost",
        "flood",
        "power_lost_in_district",
        "low_signal",
        "nightly_digest",
        "missed_schedule",
    ]


def test_a_door_that_is_open_at_night_is_told_by_sms_and_mail(rig: Rig) -> None:
    rig.gpi("ON")
    rig.go(5)

    assert [(each.channel, each.address) for message in rig.effects.told for each in message.recipients] == [
        ("sms", "+79211234567"),
        ("email", "duty@example.ru"),
    ]
    assert rig.texts == ["Котельная 5: дверь открыта 20.11.2026 21:00:00", "Котельная 5"]
    assert rig.effects.told[1].title == "Дверь"


def test_by_day_the_door_may_be_open(rig: Rig) -> None:
    rig.go(12 * 3600)
    rig.gpi("ON")
    rig.go(5)

    assert [message.rule for message in rig.effects.told if message.rule == "boiler_door"] == []


def test_a_link_that_is_back_within_ten_minutes_is_no_news(rig: Rig) -> None:
    rig.lost()
    rig.go(599)
    rig.back()
    rig.go(600)
    assert rig.texts == []

    rig.lost()
    rig.go(600)
    assert rig.texts == [f"Котельная 5 ({MODEM}) нет связи 10 мин"]
    assert rig.effects.told[0].targets == ("duty",)


def test_a_flood_is_told_until_the_floor_is_dry(rig: Rig) -> None:
    rig.states.update(MODEM, gpi={3: "ON"})
    rig.gpi("ON", pin=3)
    assert rig.texts == ["ЗАТОПЛЕНИЕ: Котельная 5, 21:00"]
    rig.go(900)
    assert rig.texts[1:] == ["Котельная 5: вода стоит, прошло ещё 15 минут"]

    rig.go(60)
    rig.states.update(MODEM, gpi={3: "OFF"})
    rig.gpi("OFF", pin=3)
    rig.go(0)

    assert rig.texts[2:] == ["Котельная 5: сухо"]
    assert [message.severity for message in rig.effects.told] == ["alarm", "alarm", "info"]
    assert [message.closes for message in rig.effects.told] == [False, False, True]
    rig.go(3600)
    assert len(rig.texts) == 3
    assert rig.results("flood") == ["stopped"]
    assert rig.effects.kept == {}


def test_a_flood_that_stays_is_not_told_for_ever(rig: Rig) -> None:
    rig.states.update(MODEM, gpi={3: "ON"})
    rig.gpi("ON", pin=3)
    for _ in range(8):
        rig.go(900)

    assert len(rig.texts) == 4


def test_a_district_without_power_is_one_subject(rig: Rig) -> None:
    sites = [f"86844103677{number:04d}" for number in range(6)]
    for number, modem in enumerate(sites, 1):
        name = f"ТП-{number}"
        rig.states.add(ModemState(modem=modem, imei=modem, name=name, group="Север/Подстанции", link="online"))
    for modem in sites[:4]:
        rig.states.update(modem, gpi={2: "OFF"})
        rig.gpi("OFF", pin=2, modem=modem)
    rig.go(30)
    assert rig.texts == []  # four sites are no district

    for modem in sites[4:]:
        rig.states.update(modem, gpi={2: "OFF"})
        rig.gpi("OFF", pin=2, modem=modem)
    rig.go(30)

    assert {message.subject for message in rig.effects.told} == {"district/Север"}
    assert rig.texts[0] == "Север: нет питания на пяти объектах или больше, последний — ТП-5"
    assert rig.effects.told[0].damp_s == 1800


def test_a_signal_that_is_low_for_a_quarter_of_an_hour_and_stays_so(rig: Rig) -> None:
    rig.states.update(MODEM, link="online", csq=15)
    rig.states.update(MODEM, csq=6)
    rig.go(600)
    rig.states.update(MODEM, csq=9)  # within the hysteresis: still low
    rig.go(300)
    assert rig.texts == ["Котельная 5: слабый сигнал, 9 (-95 дБм)"]

    rig.states.update(MODEM, csq=11)
    rig.states.update(MODEM, csq=7)
    rig.go(899)
    assert len(rig.texts) == 1


def test_the_digest_comes_every_morning(rig: Rig) -> None:
    rig.states.update(MODEM, link="online", csq=4)
    rig.go((START.replace(hour=4, minute=30) + timedelta(days=1) - START).total_seconds())

    (message,) = rig.effects.told
    assert message.title == "Сводка: на связи 1 из 2"
    assert message.text.splitlines() == [
        "На связи 1, нет связи 1, всего 2.",
        "Нет связи: Насосная.",
        "Слабый сигнал: Котельная 5 (4).",
    ]
    assert message.channels == ("email",)
    rig.go(86_400)
    assert len(rig.effects.told) == 2


def test_a_modem_that_missed_its_window(rig: Rig) -> None:
    def missed(modem: str) -> MissedSchedule:
        return MissedSchedule(**rig.common(modem), since=START - timedelta(hours=1), until=START)

    rig.take(missed(MODEM))
    rig.take(missed(OTHER))
    rig.go(200)
    rig.back(OTHER)
    rig.go(100)

    assert rig.texts == ["Котельная 5: не вышел на связь, окно закончилось 21:00"]
