"""The incidents on a real disk and journal: what is told, what survives a restart, what a storm leaves."""

from dataclasses import replace
from pathlib import Path

import pytest

from irzhub.core.events import (
    AlertChanged,
    Event,
    MissedSchedule,
    ModemConnected,
    ModemDeleted,
    ModemDisconnected,
    ModemReplaced,
)
from irzhub.core.hub import HubPhaseChanged
from irzhub.storage.incidents import get_incident, list_actions, list_closed, load_open_incidents
from irzhub.storage.inputs import InputRow
from irzhub.storage.maintenance import MaintenanceRow
from tests.alerts.incident_rig import (
    MODEM,
    NOW,
    OTHER,
    SETTINGS,
    HandClock,
    come_up,
    door,
    later,
    number_of,
    online,
    rig,
)


async def test_a_door_opens_and_closes(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online(name="ТП-1187"))
        await come_up(hub)
        hub.happens(door())
        await hub.settle()
        assert hub.lines() == ["alert_opened 1 gpi_alarm"]
        assert hub.shown[1]["title"] == "ТП-1187: дверь" and hub.shown[1]["is_recovering"] is False

        hub.happens(door("OFF", at=later(5)))
        await hub.pass_time(70)
        assert hub.lines() == ["alert_opened 1 gpi_alarm", "alert_closed 1 gpi_alarm 1"]
        assert hub.told[1].lasted_s == 5.0 and hub.shown == {1: None}  # type: ignore[attr-defined]

        row = await hub.store.read(lambda connection: get_incident(connection, 1))
        actions = await hub.store.read(lambda connection: list_actions(connection, 1))
        assert row is not None and row.closed_at == later(5)
        assert [(action.by, action.change) for action in actions] == [("hub", "opened"), ("hub", "closed")]


async def test_a_modem_that_flaps_a_hundred_times_an_hour_is_told_of_twice_with_a_count(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        for _ in range(100):
            hub.link(MODEM, "offline")
            hub.happens(ModemDisconnected(ts=hub.clock.now(), modem=MODEM, reason="closed", detail="разрыв"))
            await hub.pass_time(18, 6)
            hub.link(MODEM, "online")
            await hub.pass_time(18, 6)
        await hub.pass_time(700)

        assert hub.lines() == ["alert_opened 1 link_lost", "alert_closed 1 link_lost 100"]
        assert "обрывов 5" in hub.told[0].text  # type: ignore[attr-defined]


async def test_five_hundred_of_one_operator_are_told_of_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        fleet = [
            online(number_of(index), cell=f"250-{('01', '02', '99')[index % 3]}-1-{index % 40}", group=f"Г{index % 7}")
            for index in range(1500)
        ]
        hub.known(*fleet)
        await come_up(hub)
        lost = [state.modem for state in fleet if str(state.cell).startswith("250-01-")]
        for modem in lost:
            hub.link(modem, "offline")
        await hub.pass_time(400)

        assert len(lost) == 500 and hub.lines() == ["alert_opened 1 common_cause"]
        assert hub.shown[1]["title"] == "Нет связи у 500 модемов" and "МТС" in hub.shown[1]["cause"]
        gone = ModemDisconnected(ts=NOW, modem=lost[7], reason="keepalive_lost")
        assert hub.incidents.incident_for(gone) == 1 and len(hub.incidents.members_of(1)) == 500

        for modem in lost:
            hub.link(modem, "online")
        await hub.pass_time(400)
        assert hub.lines() == ["alert_opened 1 common_cause", "alert_closed 1 common_cause 1"]


@pytest.mark.parametrize("changes", [1000, pytest.param(10_000, marks=pytest.mark.long)])
async def test_a_storm_of_changes_leaves_a_whole_log(tmp_path: Path, changes: int) -> None:
    async with rig(tmp_path) as hub:
        modems = changes // 4
        hub.known(*(online(number_of(index)) for index in range(modems)))
        await come_up(hub)
        for index in range(changes):
            hub.happens(door(modem=number_of(index % modems), pin=1 + index // modems))
        await hub.settle()

        rows = await hub.store.read(load_open_incidents)
        assert len({(row.modem, row.facts["pin"]) for row in rows}) == len(rows) == changes
        assert len(hub.told) == len(hub.shown) == changes and sorted(hub.shown) == [row.number for row in rows]
        assert all(row.is_told for row in rows)
        assert hub.journal.cursor("incidents").position == hub.journal.last_seq


async def test_what_was_open_is_open_after_a_restart_and_what_happened_meanwhile_is_caught_up(tmp_path: Path) -> None:
    clock = HandClock()
    async with rig(tmp_path, clock=clock) as hub:
        hub.known(online(), online(OTHER))
        await come_up(hub)
        hub.happens(door())
        await hub.settle()
        hub.bus.publish(HubPhaseChanged("stopping"))
        hub.happens(door(modem=OTHER, at=later(3)))  # nobody takes it before the end
        await hub.settle()

    clock.turn(100)
    async with rig(tmp_path, clock=clock) as hub:
        assert list(hub.shown) == [1] and hub.shown[1] is not None
        hub.known(online(), online(OTHER))
        await come_up(hub)
        await hub.settle()
        assert hub.lines() == ["alert_opened 2 gpi_alarm"]
        assert [row.opened_at for row in hub.incidents] == [NOW, later(3)]

        await come_up(hub)
        hub.happens(door("OFF", at=later(110)))
        await hub.pass_time(70)
        assert hub.lines()[1:] == ["alert_closed 1 gpi_alarm 1"]


async def test_a_new_hub_makes_no_incidents_of_what_was_before(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        assert hub.journal.cursor("incidents").position == 0
        hub.happens(door())  # before anybody followed
        await hub.settle()
        hub.known(online())
        await come_up(hub)
        await hub.settle()

        assert hub.lines() == ["alert_opened 1 gpi_alarm"], "it began when the hub did"


async def test_what_happens_while_the_past_is_read_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        read = hub.journal.read

        async def slow(after_seq: int, limit: int) -> list[Event]:
            found = await read(after_seq, limit)
            if not hub.journal.last_seq:
                hub.happens(door())
                await hub.journal.flush()
            return found

        monkeypatch.setattr(hub.journal, "read", slow)
        await come_up(hub)
        await hub.settle()

        assert hub.lines() == ["alert_opened 1 gpi_alarm"]


async def test_losses_before_the_hubs_word_can_be_trusted_do_not_count(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online(confirmed=False), online(OTHER))
        hub.bus.publish(HubPhaseChanged("starting"))
        hub.link(OTHER, "offline")
        await hub.pass_time(600)
        assert hub.lines() == []

        hub.states.update(MODEM, link="offline", confirmed=True)
        await come_up(hub)
        await hub.pass_time(300)
        assert sorted(hub.lines()) == ["alert_opened 1 link_lost", "alert_opened 2 link_lost"]


async def test_a_modem_that_may_sleep_is_no_loss(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online(presence="schedule", is_expected=False), online(OTHER))
        await come_up(hub)
        hub.link(MODEM, "offline")
        hub.link(OTHER, "offline")
        hub.states.update(OTHER, is_expected=False)
        await hub.pass_time(600)

        assert hub.lines() == []


async def test_a_modem_that_never_came_is_no_loss(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(replace(online(), link="offline", last_seen=None), replace(online(OTHER), link="offline"))
        await come_up(hub)
        await hub.pass_time(600)

        assert [(row.kind, row.subject) for row in hub.incidents.book] == [("link_lost", OTHER)]


async def test_a_missed_window_is_over_when_it_dials_in(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        hub.happens(MissedSchedule(ts=NOW, modem=MODEM, since=NOW, until=later(60)))
        await hub.settle()
        connected = ModemConnected(ts=later(30), modem=MODEM, session="s", peer="p")
        assert hub.incidents.incident_for(connected) == 1
        hub.happens(connected)
        await hub.pass_time(120)

        assert hub.lines() == ["alert_opened 1 missed_schedule", "alert_closed 1 missed_schedule 1"]


async def test_a_maintenance_window_mutes_and_what_is_still_wrong_behind_it_is_told(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online(group="Север"))
        await come_up(hub)
        hub.incidents.mutes.put(
            MaintenanceRow(
                id="01W", group="Север", since=NOW, until=later(300), reason="шкаф", created_by="анна", created_at=NOW
            )
        )
        hub.happens(door(at=later(1)))
        await hub.pass_time(280)
        assert hub.lines() == [] and hub.shown == {1: None} and hub.incidents.is_silenced(1)

        await hub.pass_time(30)
        assert hub.lines() == ["alert_opened 1 gpi_alarm"] and not hub.incidents.is_silenced(1)


async def test_what_is_set_up_is_recorded_and_nobody_is_told(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online(commissioning=True))
        await come_up(hub)
        hub.happens(door())
        hub.happens(door("OFF", at=later(1)))
        await hub.pass_time(120)
        assert hub.lines() == []
        closed = await hub.store.read(lambda connection: list_closed(connection))
        assert [row.muted for row in closed] == ["commissioning"]

        hub.happens(door(at=hub.clock.now()))
        await hub.settle()
        hub.states.update(MODEM, commissioning=False)
        await hub.pass_time(5)
        assert hub.lines() == ["alert_opened 2 gpi_alarm"]


async def test_a_part_of_the_hub_and_who_waits_at_the_door(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        await come_up(hub)
        hub.health.set("database", "down", "Can't connect")
        hub.waiting.append(MODEM)
        await hub.pass_time(60)
        assert hub.lines() == ["alert_opened 1 awaiting_approval", "alert_opened 2 hub_part"]

        hub.health.set("database", "up")
        hub.waiting.clear()
        await hub.pass_time(120)
        assert sorted(hub.lines()[2:]) == ["alert_closed 1 awaiting_approval 1", "alert_closed 2 hub_part 1"]


async def test_a_part_that_is_no_more_cannot_be_away(tmp_path: Path) -> None:
    clock = HandClock()
    async with rig(tmp_path, clock=clock) as hub:
        await come_up(hub)
        hub.health.set("gsm_modem", "down", "no SIM")
        await hub.pass_time(60)
    async with rig(tmp_path, clock=clock) as hub:
        await come_up(hub)
        await hub.pass_time(120)
        assert hub.lines() == []

        await hub.pass_time(180)
        assert hub.lines() == ["alert_closed 1 hub_part 1"]


async def test_settings_that_were_changed_end_what_they_began(tmp_path: Path) -> None:
    clock, watched = HandClock(), replace(SETTINGS, weak_signal_dbm=-100, temperature_high_c=50)
    async with rig(tmp_path, watched, clock) as hub:
        hub.known(online(), online(OTHER))
        await come_up(hub)
        hub.states.update(MODEM, csq=3)
        hub.states.update(OTHER, temperature_c=70)
        await hub.settle()
        assert len(hub.told) == 2
    async with rig(tmp_path, SETTINGS, clock) as hub:
        hub.known(online(), online(OTHER))
        await come_up(hub)
        await hub.pass_time(90)

        assert sorted(hub.lines()) == ["alert_closed 1 weak_signal 1", "alert_closed 2 temperature 1"]


@pytest.mark.parametrize(
    ("rule", "level", "is_over"),
    [
        (InputRow(MODEM, 1, normal="OFF"), "ON", False),
        (InputRow(MODEM, 1, normal="ON"), "ON", True),
        (InputRow(MODEM, 1), "ON", True),
    ],
)
async def test_an_input_that_people_call_normal_now_is_no_alarm(
    tmp_path: Path, rule: InputRow, level: str, is_over: bool
) -> None:
    async with rig(tmp_path) as hub:
        hub.inputs[MODEM] = {1: rule}
        hub.known(online(gpi={1: level}))
        await come_up(hub)
        hub.happens(door())
        await hub.pass_time(90)

        assert ("alert_closed 1 gpi_alarm 1" in hub.lines()) == is_over


async def test_what_was_open_ends_with_a_deleted_modem(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        hub.happens(door())
        hub.link(MODEM, "offline")
        await hub.pass_time(250)
        deleted = ModemDeleted(ts=hub.clock.now(), modem=MODEM, port=1, keeps_port=False, is_blocked=False, by="анна")
        hub.states.forget(MODEM)
        hub.happens(deleted)
        await hub.settle()

        assert sorted(hub.lines()) == [
            "alert_closed 1 gpi_alarm 1",
            "alert_closed 2 link_lost 1",
            "alert_opened 1 gpi_alarm",
            "alert_opened 2 link_lost",
        ]


async def test_a_modem_that_was_replaced_takes_its_alarms_along(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        hub.happens(door())
        await hub.settle()
        hub.happens(ModemReplaced(ts=later(9), modem=OTHER, former=MODEM, port=1, by="анна"))
        await hub.settle()

        assert hub.lines() == ["alert_opened 1 gpi_alarm", "alert_closed 1 gpi_alarm 1"]
        row = await hub.store.read(lambda connection: get_incident(connection, 1))
        assert row is not None and row.closed_by == "анна"


async def test_the_rules_and_the_outbox_ask_of_incidents(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        assert hub.incidents.incident_for(door()) is None
        hub.happens(door())
        await hub.settle()
        incidents = hub.incidents

        assert incidents.incident_for(door("OFF")) == 1 and incidents.root_of(1) == 1 and incidents.root_of(99) == 99
        changed = AlertChanged(ts=NOW, alert=1, kind="gpi_alarm", subject="", change="comment")
        assert incidents.incident_for(changed) == 1
        assert incidents.is_open(1) and not incidents.is_open(2)
        assert not incidents.is_acknowledged(1) and not incidents.is_silenced(1) and not incidents.is_silenced(2)
        incidents.book.edit(1, acknowledged_by="анна", silenced_until=later(60))
        assert incidents.is_acknowledged(1) and incidents.is_silenced(1)
        hub.clock.turn(61)
        assert not incidents.is_silenced(1)


async def test_a_hub_that_stood_still_waits_before_it_calls_links_lost(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        hub.link(MODEM, "offline")
        hub.incidents.look()
        hub.clock.turn(3600)  # suspended
        hub.incidents.look()
        await hub.pass_time(200)
        assert hub.lines() == []

        await hub.pass_time(60)
        assert hub.lines() == ["alert_opened 1 link_lost"]


async def test_why_a_link_was_lost_is_said_when_that_is_known(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(online())
        await come_up(hub)
        hub.link(MODEM, "offline")
        await hub.pass_time(300)
        gone = ModemDisconnected(ts=hub.clock.now(), modem=MODEM, reason="keepalive_lost", detail="нет keepalive 127 с")
        hub.happens(gone)
        await hub.settle()

        assert [row.facts["detail"] for row in hub.incidents] == ["нет keepalive 127 с"]
