"""Notification settings from what happens to what is told: each test is settings, events, messages."""

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts.messages import Recipient
from irzhub.automation.notification import Own
from irzhub.automation.notification_desk import NotificationDesk, NotificationsChanged
from irzhub.automation.simple import SOURCE, Absences, Settings, compile_settings
from irzhub.core.events import Level, MeterAnswering, MeterSilent
from irzhub.core.state import Link
from irzhub.storage.local import LocalStore
from tests.automation.rig import MODEM, OTHER, Rig

DUTY = [{"contact": "duty"}]
SMS = [{"channel": "sms", "address": "+79211234567"}]


@dataclass
class Watched:
    """An engine whose rules are the settings of a desk."""

    desk: NotificationDesk
    rig: Rig

    def __post_init__(self) -> None:
        absences = Absences(self.rig.bus, self.rig.clock)
        absences.follow()
        settings = Settings(self.desk, self.rig.states, absences, "ru")
        self.rig.bus.subscribe(
            NotificationsChanged, lambda _: self.rig.engine.set_rules(SOURCE, compile_settings(settings))
        )
        for modem in (MODEM, OTHER):
            self.link(modem, "online")

    async def hub(self, **own: Any) -> None:
        """Set something for the hub as a whole."""
        await self.desk.set_group("", own, "anna")

    async def group(self, path: str, **own: Any) -> None:
        await self.desk.set_group(path, own, "anna")

    async def modems(self, **own: Own) -> None:
        await self.desk.set_modems({name.removeprefix("m"): values for name, values in own.items()}, "anna")

    def restart(self) -> None:
        """Kill the engine and start another one, with what was kept."""
        self.rig.engine = self.rig.make_engine()
        self.rig.bus.publish(NotificationsChanged())
        self.rig.engine.restore(list(self.rig.effects.kept.values()))

    def link(self, modem: str, link: Link) -> None:
        self.rig.states.update(modem, link=link)

    def lose(self, modem: str = MODEM, reason: str = "keepalive_lost") -> None:
        self.link(modem, "offline")
        self.rig.lost(modem, reason)

    def return_(self, modem: str = MODEM) -> None:
        self.link(modem, "online")
        self.rig.back(modem)

    def switch(self, level: Level, pin: int = 1, **more: Any) -> None:
        self.rig.gpi(level, pin, **more)

    def told(self) -> list[str]:
        """Return what was told since the last time."""
        texts = self.rig.texts
        self.rig.effects.told.clear()
        return texts


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    rig = Rig()
    async with LocalStore(tmp_path) as store, NotificationDesk(store, rig.clock, rig.bus) as desk:
        yield Watched(desk, rig)


async def test_without_settings_there_are_no_rules_and_nobody_is_told(watched: Watched) -> None:
    assert len(watched.rig.engine.book) == 0
    watched.lose()
    watched.rig.go(3600)
    assert watched.told() == []


async def test_a_lost_link_is_told_after_its_delay_and_its_return_with_how_long_it_took(watched: Watched) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY}, restored={"enabled": True, "recipients": SMS})
    watched.lose()
    watched.rig.go(299)
    assert watched.told() == []
    watched.rig.go(1)
    [message] = watched.rig.effects.told
    assert (message.text, message.targets, message.recipients) == (
        "Котельная 5: нет связи с 20.11.2026 21:00:00",
        ("duty",),
        (),
    )
    assert (message.subject, message.severity, message.damp_s) == (MODEM, "warning", 300.0)
    watched.told()
    watched.rig.go(600)
    watched.return_()
    [message] = watched.rig.effects.told
    assert message.text == "Котельная 5: связь восстановлена 20.11.2026 21:15:00, не было 15 мин"
    assert (message.recipients, message.severity) == ((Recipient("sms", "+79211234567"),), "info")


async def test_a_short_loss_is_told_neither_way(watched: Watched) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY}, restored={"enabled": True, "recipients": DUTY})
    watched.lose()
    watched.rig.go(120)
    watched.return_()
    watched.rig.go(3600)
    assert watched.told() == []


@pytest.mark.parametrize("reason", ["replaced", "hub_stop", "deleted"])
async def test_the_end_of_a_session_that_is_no_loss_is_not_told(watched: Watched, reason: str) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY, "delay_s": 0.0})
    watched.rig.lost(reason=reason)
    watched.rig.go(60)
    assert watched.told() == []


async def test_a_dial_in_of_a_modem_that_was_not_away_is_no_return(watched: Watched) -> None:
    await watched.hub(restored={"enabled": True, "recipients": DUTY})
    watched.rig.back()
    assert watched.told() == []
    watched.lose()
    watched.return_()
    assert len(watched.told()) == 1, "nobody set how long a loss has to last: any return is told"


async def test_an_input_is_told_when_it_goes_into_alarm_or_back_as_was_set(watched: Watched) -> None:
    await watched.hub(
        input={"enabled": True, "recipients": SMS, "change": "any"},
        inputs={"2": {"change": "alarm"}, "3": {"enabled": False}},
    )
    watched.switch("ON", name="Дверь")
    watched.switch("OFF", name="Дверь")
    assert watched.told() == [
        "Котельная 5: Дверь: авария 20.11.2026 21:00:00",
        "Котельная 5: Дверь: норма 20.11.2026 21:00:00",
    ]
    watched.switch("OFF", 2, alarm=True)  # normal is closed there: OFF is the alarm
    watched.switch("ON", 2, alarm=False)
    watched.switch("ON", 3)
    assert watched.told() == ["Котельная 5: вход 2: авария 20.11.2026 21:00:00"]


async def test_an_input_that_goes_back_within_its_delay_is_not_told(watched: Watched) -> None:
    await watched.hub(inputs={"1": {"enabled": True, "recipients": SMS, "delay_s": 10.0}})
    watched.switch("ON")
    watched.rig.go(9)
    watched.switch("OFF")
    watched.rig.go(60)
    assert watched.told() == []
    watched.switch("ON")
    watched.switch("ON", 2)
    watched.rig.go(10)
    assert [message.subject for message in watched.rig.effects.told] == [f"{MODEM}/gpi/1"]
    assert watched.rig.effects.told[0].severity == "alarm"


async def test_a_meter_that_falls_silent_is_told_unless_it_answers_in_time(watched: Watched) -> None:
    await watched.hub(meter_silent={"enabled": True, "recipients": DUTY, "delay_s": 60.0})
    silent: dict[str, Any] = {"address": "45", "protocol": "mercury", "program": "10.0.0.9"}
    watched.rig.take(MeterSilent(**watched.rig.common(), **silent, in_vain=3, last_answered=None))
    watched.rig.go(30)
    watched.rig.take(MeterAnswering(**watched.rig.common(), **silent, silent_s=30))
    watched.rig.go(600)
    assert watched.told() == []
    watched.rig.take(MeterSilent(**watched.rig.common(), **silent, in_vain=3, last_answered=None))
    watched.rig.go(60)
    assert watched.told() == ["Котельная 5: прибор учёта 45 не отвечает"]


async def test_each_modem_has_its_own_people_delay_channels_and_words(watched: Watched) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY})
    await watched.group("Север", lost={"delay_s": 60.0, "channels": ["sms", "email"]})
    text = "{{ modem.name }} ({{ modem.imei }}) молчит {{ trigger.for }}"
    await watched.modems(**{f"m{OTHER}": {"lost": {"text": text, "recipients": SMS, "delay_s": 5.0}}})
    assert len(watched.rig.engine.book) == 3 + 1 + 2 + 1, "one rule for each delay, however many modems there are"
    watched.lose(MODEM)
    watched.lose(OTHER)
    watched.rig.go(5)
    [message] = watched.rig.effects.told
    assert (message.text, message.recipients, message.targets) == (
        f"Насосная ({OTHER}) молчит 5 с",
        (Recipient("sms", "+79211234567"),),
        (),
    )
    watched.told()
    watched.rig.go(55)
    [message] = watched.rig.effects.told
    assert (message.modem, message.targets, message.channels) == (MODEM, ("duty",), ("sms", "email"))


async def test_what_is_switched_off_while_it_waits_is_not_told(watched: Watched) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY})
    watched.lose()
    watched.rig.go(100)
    await watched.modems(**{f"m{MODEM}": {"lost": {"enabled": False}}})
    watched.rig.go(1000)
    assert watched.told() == []


async def test_what_waits_goes_on_when_another_setting_changes_and_after_a_restart(watched: Watched) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY})
    watched.lose()
    watched.rig.go(200)
    await watched.modems(**{f"m{OTHER}": {"input": {"enabled": True, "recipients": SMS, "delay_s": 7.0}}})
    watched.restart()
    watched.rig.go(99)
    assert watched.told() == []
    watched.rig.go(1)
    assert watched.told() == ["Котельная 5: нет связи с 20.11.2026 21:00:00"]


async def test_a_modem_that_is_set_up_tells_nobody(watched: Watched) -> None:
    await watched.hub(lost={"enabled": True, "recipients": DUTY, "delay_s": 0.0})
    watched.rig.states.update(MODEM, commissioning=True)
    watched.lose()
    assert watched.told() == []


async def test_a_modem_that_was_away_before_this_start_is_told_as_back(watched: Watched) -> None:
    await watched.hub(restored={"enabled": True, "recipients": DUTY})
    state = watched.rig.states.get(MODEM)
    watched.rig.states.forget(MODEM)
    seen = watched.rig.clock.now()
    watched.rig.clock.go(3600)
    watched.rig.states.add(dataclasses.replace(state, link="offline", last_seen=seen))
    watched.return_()
    assert watched.told() == ["Котельная 5: связь восстановлена 20.11.2026 22:00:00, не было 1 ч"]
