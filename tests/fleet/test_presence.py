"""Away and as it should be, or away and missed: a modem with a schedule."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from irzhub.config.settings import Presence, Window
from irzhub.core.events import MissedSchedule, ModemConnected
from irzhub.core.state import ModemState
from irzhub.fleet.presence import PresenceDesk
from tests.fleet.conftest import IMEI, Desk

NIGHTLY = Presence(mode="schedule", windows=(Window(cron="0 3 * * *", duration_s=1800),))


class Watch:
    """A clock that is put by hand."""

    def __init__(self, text: str) -> None:
        self.put(text)

    def put(self, text: str) -> None:
        self.at = datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class Night:
    """One modem, a schedule, and what is told."""

    def __init__(self, desk: Desk, presence: Presence, since: str) -> None:
        self.clock = Watch(since)
        self.desk = desk
        self.overrides: dict[str, Any] = {"presence": presence}
        self.presence = PresenceDesk(
            desk.settings,
            desk.registry,
            desk.states,
            desk.journal,
            desk.bus,
            self.clock,
            lambda _row: self.overrides,
            lambda _row: "Europe/Moscow",
        )
        self.missed: list[MissedSchedule] = []
        desk.bus.subscribe(MissedSchedule, self.missed.append)
        self.presence.listen()

    async def at(self, moment: str) -> ModemState:
        self.clock.put(moment)
        await self.presence.look()
        await self.desk.journal.flush()
        return self.desk.states.get(IMEI)

    def connects(self) -> None:
        self.desk.states.update(IMEI, link="online")
        event = ModemConnected(ts=self.clock.now(), modem=IMEI, session="s", peer="10.0.0.1:1")
        self.desk.journal.append(event)

    def leaves(self) -> None:
        self.desk.states.update(IMEI, link="offline")


async def registered(desk: Desk) -> None:
    await desk.dial_in()


async def test_a_modem_outside_its_window_is_on_standby_and_missed_only_inside(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, NIGHTLY, "21 20:00")
    desk.states.update(IMEI, link="offline")
    before = await night.at("21 20:00")
    inside = await night.at("22 00:05")
    after = await night.at("22 00:31")

    assert (before.link, before.is_expected, before.presence) == ("standby", False, "schedule")
    assert (inside.link, inside.is_expected) == ("offline", True)
    assert after.link == "standby"
    assert [(event.modem, event.since, event.until) for event in night.missed] == [
        (IMEI, datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 22, 0, 30, tzinfo=UTC))
    ]


async def test_who_dialled_in_during_the_window_missed_nothing_though_it_left_again(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, NIGHTLY, "21 20:00")
    night.leaves()
    await night.at("22 00:05")
    night.connects()
    await desk.journal.flush()
    night.leaves()
    await night.at("22 00:31")
    assert night.missed == []


async def test_who_was_there_all_the_time_missed_nothing(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, NIGHTLY, "21 20:00")
    night.connects()
    await night.at("22 00:05")
    state = await night.at("22 00:31")
    assert (night.missed, state.link, state.is_expected) == ([], "online", False)
    night.leaves()
    assert desk.states.get(IMEI).link == "standby"  # at once, without another look


async def test_a_window_that_the_hub_did_not_see_whole_is_not_judged(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, NIGHTLY, "22 00:10")
    night.leaves()
    await night.at("22 00:10")
    await night.at("22 00:31")
    assert night.missed == []


async def test_a_modem_on_request_is_never_missed(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, Presence(mode="on_request"), "21 20:00")
    night.leaves()
    assert (await night.at("22 00:05")).link == "standby"
    assert (await night.at("22 05:00")).is_expected is False
    assert night.missed == []


async def test_a_schedule_that_is_taken_away_leaves_an_absent_modem_offline(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, NIGHTLY, "21 20:00")
    night.leaves()
    await night.at("21 20:00")
    night.overrides = {}
    state = await night.at("21 20:01")
    assert (state.link, state.is_expected, state.presence) == ("offline", True, "always")


async def test_the_hub_can_have_one_schedule_for_all(desk: Desk) -> None:
    await registered(desk)
    night = Night(desk, NIGHTLY, "21 20:00")
    night.overrides = {}
    relay = desk.settings.relay
    night.presence.settings = replace(
        desk.settings, relay=replace(relay, modems=replace(relay.modems, presence=NIGHTLY))
    )
    night.leaves()
    assert (await night.at("21 20:00")).link == "standby"
    row = desk.registry.get(IMEI)
    table = night.presence.timetable_of(row)
    assert table is not None
    assert table.window_at(datetime(2026, 11, 22, 0, 10, tzinfo=UTC)) is not None
