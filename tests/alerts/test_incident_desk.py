"""What people do about incidents, and what is noted of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from irzhub.alerts.incident_desk import IncidentDesk, NotOpen
from irzhub.storage.incidents import list_actions
from tests.alerts.incident_rig import MODEM, Rig, come_up, door, later, number_of, online, rig


@asynccontextmanager
async def with_a_door(folder: Path) -> AsyncIterator[tuple[Rig, IncidentDesk]]:
    """A hub with one open door, which is incident 1."""
    async with rig(folder) as hub:
        hub.known(online())
        await come_up(hub)
        hub.happens(door())
        await hub.settle()
        yield hub, IncidentDesk(hub.incidents, hub.journal, hub.clock)


async def done(hub: Rig, number: int = 1) -> list[str]:
    """What was done about an incident after it began, each in a line."""
    await hub.settle()
    rows = await hub.store.read(lambda connection: list_actions(connection, number))
    return [f"{row.by} {row.change} {row.note}".strip() for row in rows if row.change != "opened"]


async def test_the_first_who_acknowledges_stays_the_one(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (hub, desk):
        heard: list[int] = []
        desk.listeners.append(lambda row: heard.append(row.number))
        hub.clock.turn(60)
        row = desk.acknowledge(1, "анна", "еду")
        desk.acknowledge(1, "борис", "и я")
        desk.acknowledge(1, "борис")
        await desk.settle()

        assert (row.acknowledged_by, row.acknowledged_at) == ("анна", later(60))
        assert hub.shown[1]["acknowledged_by"] == "анна" and heard == [1]
        assert await done(hub) == ["анна acknowledged еду", "борис comment и я"]
        assert hub.lines()[1:] == ["alert_changed 1 gpi_alarm acknowledged", "alert_changed 1 gpi_alarm comment"]


async def test_a_slip_is_taken_back(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (hub, desk):
        desk.acknowledge(1, "анна")
        row = desk.unacknowledge(1, "анна")
        desk.unacknowledge(1, "анна")

        assert not row.acknowledged_by and row.acknowledged_at is None
        assert await done(hub) == ["анна acknowledged", "анна unacknowledged"]


async def test_several_are_acknowledged_at_once(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (_, desk):
        assert desk.acknowledge_many([1, 7], "анна") == ([1], [7])


async def test_silence_lasts_until_its_moment_or_is_lifted(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (hub, desk):
        desk.silence(1, "анна", later(600), "знаем")
        assert hub.incidents.is_silenced(1)
        desk.silence(1, "анна", None)
        desk.silence(1, "анна", later(-5))
        assert not hub.incidents.is_silenced(1)

        assert await done(hub) == ["анна silenced знаем", "анна unsilenced"]


async def test_it_gets_an_owner_a_note_comments_and_is_passed_on(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (hub, desk):
        desk.assign(1, "анна", "борис")
        desk.assign(1, "анна", "борис")
        desk.write_note(1, "борис", "ключ у сторожа")
        desk.comment(1, "борис", "x" * 3000)
        row = desk.escalate(1, "борис", "не справляюсь")

        assert (row.owner, row.note) == ("борис", "ключ у сторожа")
        assert await done(hub) == [
            "анна assigned борис",
            "борис noted ключ у сторожа",
            f"борис comment {'x' * 2000}",
            "борис escalated не справляюсь",
        ]


async def test_what_was_closed_by_hand_begins_anew_when_it_is_bad_again(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (hub, desk):
        row = desk.close(1, "анна", "проверили")
        hub.happens(door(at=later(9)))
        await hub.settle()

        assert row.closed_by == "анна" and await done(hub) == ["анна closed проверили"]
        assert hub.lines() == ["alert_opened 1 gpi_alarm", "alert_closed 1 gpi_alarm 1", "alert_opened 2 gpi_alarm"]


async def test_nothing_is_done_about_what_is_not_open(tmp_path: Path) -> None:
    async with with_a_door(tmp_path) as (_, desk):
        desk.close(1, "анна")
        for number in (1, 2):
            with pytest.raises(NotOpen, match=f"no incident {number} is open"):
                desk.acknowledge(number, "анна")


async def test_who_has_one_of_many_in_hand_has_them_all(tmp_path: Path) -> None:
    async with rig(tmp_path) as hub:
        hub.known(*(online(number_of(index), cell=f"250-{('01', '02')[index % 2]}-1-{index}") for index in range(60)))
        hub.known(online(MODEM, cell="250-01-1-99"))
        await come_up(hub)
        desk = IncidentDesk(hub.incidents, hub.journal, hub.clock)
        for _ in range(5):
            hub.link(MODEM, "offline")
            hub.link(MODEM, "online")
        hub.link(MODEM, "offline")
        for index in range(0, 60, 2):
            hub.link(number_of(index), "offline")
        await hub.pass_time(60)
        own = hub.incidents.book.find("link_lost", MODEM)
        assert own is not None and own.parent == 2

        assert desk.acknowledge(own.number, "анна").number == 2 and hub.incidents.is_acknowledged(2)
        desk.close(own.number, "анна")
        await hub.settle()
        assert not hub.incidents.is_open(2)
        assert {row.kind for row in hub.incidents} == {"link_lost"}, "who is still away has an incident of its own"
