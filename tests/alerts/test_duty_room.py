"""What the desks of those on watch note for each other."""

from pathlib import Path

from irzhub.alerts.duty_room import DutyRoom
from irzhub.alerts.incident_desk import IncidentDesk
from irzhub.core.events import ModemReplaced
from irzhub.core.groups import GroupMoved
from irzhub.storage.incidents import list_actions
from irzhub.storage.maintenance import list_windows
from irzhub.storage.visit_requests import VisitRow
from tests.alerts.incident_rig import MODEM, NOW, OTHER, Rig, come_up, door, later, online, rig


async def room_of(hub: Rig) -> DutyRoom:
    hub.known(online(name="ТП-1187"))
    await come_up(hub)
    desk = IncidentDesk(hub.incidents, hub.journal, hub.clock)
    room = DutyRoom(hub.incidents, desk, hub.store, hub.journal, hub.clock, hub.bus)
    await room.begin()
    return room


async def log_of(hub: Rig, room: DutyRoom) -> list[str]:
    await hub.settle()
    entries = await room.shift.entries(since=None, before=None, limit=100)
    return [f"{row.kind} {row.incident} {row.text} {row.facts}" for row in reversed(entries)]


async def test_an_alarm_and_the_visit_for_it_stand_in_the_log(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        room = await room_of(hub)
        hub.happens(door())
        await hub.settle()
        assert room.tally() == {"open": 1, "unacknowledged": 1, "visits": 0}
        draft = VisitRow(number=0, incident=1, modem=MODEM, created_at=NOW, created_by="анна", cause="дверь")
        row = await room.visits.create(draft)
        assert room.tally()["visits"] == 1
        await room.visits.close(row, "борис", "закрыли")

        assert await log_of(hub, room) == [
            "opened 1 ТП-1187: дверь {}",
            "visit 1 дверь {'visit': 1}",
            "visit_closed 1 закрыли {'visit': 1}",
        ]
        actions = await hub.store.read(lambda connection: list_actions(connection, 1))
        assert [(row.by, row.change, row.note) for row in actions][1:] == [("анна", "visit", "1")]
        assert [row.facts["visit"] for row in hub.incidents] == [1]


async def test_a_visit_for_what_is_over_is_made_all_the_same(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        room = await room_of(hub)
        await room.visits.create(VisitRow(number=0, incident=7, created_at=NOW, created_by="анна"))

        assert await log_of(hub, room) == ["visit 7  {'visit': 1}"]


async def test_windows_that_are_over_mute_nobody_and_are_forgotten(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        room = await room_of(hub)
        await room.maintenance.plan(modem=None, group=None, since=NOW, until=later(60), reason="", by="анна")
        hub.clock.turn(61)
        room.look()

        assert hub.incidents.mutes.windows() == []


async def test_windows_follow_their_group_and_their_modem(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        room = await room_of(hub)
        for place in ({"group": "Север/Заречье"}, {"group": "Юг"}, {"modem": MODEM}):
            wanted = {"modem": None, "group": None, **place}
            await room.maintenance.plan(**wanted, since=NOW, until=later(60), reason="", by="анна")
        hub.bus.publish(GroupMoved("Север", "Областной/Север"))
        hub.bus.publish(ModemReplaced(ts=NOW, modem=OTHER, former=MODEM, port=1, by="анна"))
        await hub.settle()

        kept = await hub.store.read(lambda connection: list_windows(connection))
        assert {(row.modem, row.group) for row in kept} == {
            (None, "Областной/Север/Заречье"), (None, "Юг"), (OTHER, None),
        }  # fmt: skip
        assert hub.incidents.mutes.why(OTHER, NOW) == "maintenance"
        room.end()
        hub.bus.publish(GroupMoved("Юг", "Запад"))
        assert "Юг" in {row.group for row in hub.incidents.mutes.windows()}
