"""Changes of incidents on their way to the disk: each with its own notice, the position with the last."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from irzhub.alerts.incident_book import Batch, Notice
from irzhub.alerts.incident_keeping import Keeping
from irzhub.core.bus import Bus
from irzhub.core.event_json import event_data
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.journal.journal import Journal
from irzhub.storage.events import load_cursors
from irzhub.storage.incidents import IncidentRow, MemberRow, list_actions, load_members, load_open_incidents
from irzhub.storage.local import LocalStore
from tests.alerts.incident_rig import MODEM, NOW, HandClock, door, later, number_of

ROW = IncidentRow(
    number=17, kind="gpi_alarm", subject=f"{MODEM}/gpi/1", modem=MODEM, severity="alarm", opened_at=NOW,
    last_seen_at=NOW, is_told=True, revision=1,
)  # fmt: skip


@dataclass
class Desk:
    """The keeping, and what came of it in order."""

    store: LocalStore
    journal: Journal
    keeping: Keeping
    seen: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def keep(self, batch: Batch) -> None:
        self.keeping.keep(
            batch,
            lambda notice: self.seen.append(f"told {notice.kind} {notice.row.number}"),
            lambda row: self.seen.append(f"landed {row.number}"),
        )

    async def position(self) -> int | None:
        await self.journal.flush()
        await self.store.write(lambda _connection: None)
        return (await self.store.read(load_cursors)).get("incidents")


@asynccontextmanager
async def desk_on(folder: Path) -> AsyncIterator[Desk]:
    bus, clock = Bus(), HandClock()
    async with LocalStore(folder) as store, Journal(store, bus, clock, Health(bus), Metrics()) as journal:
        keeping = Keeping(journal, clock, lambda row: f"тревога {row.number}")
        await keeping.begin(store)
        made = Desk(store, journal, keeping)
        bus.subscribe(Event, made.events.append)
        yield made


async def test_row_notice_action_and_position_are_one_transaction(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        desk.keeping.position = 41
        member = MemberRow(17, MODEM, NOW)
        notices = [Notice("opened", ROW), Notice("changed", ROW, "acknowledged", "анна", "еду")]
        desk.keep(Batch({17: ROW}, {(17, MODEM): member}, notices))
        assert await desk.position() == 41

        assert desk.seen == ["landed 17", "told opened 17", "told changed 17"]
        assert await desk.store.read(load_open_incidents) == [ROW]
        assert await desk.store.read(lambda connection: load_members(connection, [17])) == [member]
        actions = await desk.store.read(lambda connection: list_actions(connection, 17))
        assert [(row.by, row.change, row.note) for row in actions] == [
            ("hub", "opened", ""),
            ("анна", "acknowledged", "еду"),
        ]
        assert [event_data(event) for event in desk.events] == [
            {
                "alert": 17, "kind": "gpi_alarm", "subject": f"{MODEM}/gpi/1", "severity": "alarm",
                "text": "тревога 17",
            },
            {
                "alert": 17, "kind": "gpi_alarm", "subject": f"{MODEM}/gpi/1", "change": "acknowledged",
                "by": "анна", "note": "еду",
            },
        ]  # fmt: skip


async def test_an_end_says_how_long_it_lasted_and_how_often_it_happened(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        closed = replace(ROW, closed_at=later(12.5), count=3)
        desk.keep(Batch({17: closed}, {}, [Notice("closed", closed)]))
        await desk.position()

        data = event_data(desk.events[0])
        assert (desk.events[0].type, data["lasted_s"], data["count"]) == ("alert_closed", 12.5, 3)


async def test_rows_that_nobody_hears_of_are_kept_all_the_same(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        desk.keeping.position = 7
        desk.keep(Batch({17: replace(ROW, is_told=False)}, {}, []))

        assert await desk.position() == 7 and desk.seen == ["landed 17"] and desk.events == []


async def test_a_position_alone_waits_for_what_is_on_its_way(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        desk.keeping.position = 7
        desk.keep(Batch({17: ROW}, {}, []))
        desk.keeping.position = 9
        desk.keep(Batch())
        assert desk.journal.cursor("incidents").position == 0
        await desk.position()
        assert desk.journal.cursor("incidents").position == 7
        desk.keep(Batch())

        assert desk.journal.cursor("incidents").position == 9


async def test_a_great_batch_is_cut_so_that_events_get_through(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        rows = {number: replace(ROW, number=number) for number in range(1, 1201)}
        members = {(1, number_of(index)): MemberRow(1, number_of(index), NOW) for index in range(1200)}
        desk.keeping.position = 5
        desk.keep(Batch(rows, members, [Notice("opened", rows[1])]))
        assert await desk.position() == 5

        assert len(await desk.store.read(load_open_incidents)) == 1200
        assert len(await desk.store.read(lambda connection: load_members(connection, [1]))) == 1200


async def test_a_hub_that_never_had_incidents_begins_with_what_happens_now(tmp_path: Path) -> None:
    bus, clock = Bus(), HandClock()
    async with LocalStore(tmp_path) as store, Journal(store, bus, clock, Health(bus), Metrics()) as journal:
        journal.append(door())
        await journal.flush()
        first = Keeping(journal, clock, str)
        await first.begin(store)
        assert first.position == 1

        journal.append(door("OFF"))
        await journal.flush()
        again = Keeping(journal, clock, str)
        await again.begin(store)
        assert again.position == 1, "what came meanwhile is taken"
