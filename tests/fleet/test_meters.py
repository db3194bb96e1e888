"""The desk of the meters on a real store and journal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from irzhub.core.events import MeterSilent, ModemDeleted, ModemReplaced
from irzhub.core.exceptions import UnknownMeter
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.poll_book import PollBook
from irzhub.recorder.polls import PollsCounted
from irzhub.relay.messages import MetersPolled
from irzhub.relay.polls import Poll
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore
from irzhub.storage.meters import load_meter_lines, load_meters
from irzhub.storage.polls import load_polls
from tests.fleet.conftest import IMEI, Desk

NEW = "868441036775999"


def polled(desk: Desk, minutes: int = 0, **counts: int) -> MetersPolled:
    at = (desk.clock.now() + timedelta(minutes=minutes)).timestamp()
    poll = Poll(
        program="10.0.0.7",
        protocol="modbus",
        address="7",
        asked=sum(counts.values()),
        first_asked=at,
        last_asked=at,
        last_answered=at if counts.get("answered") else 0.0,
        **counts,  # type: ignore[arg-type]
    )
    return MetersPolled(polls={IMEI: [poll]})


async def again(desk: Desk) -> MeterDesk:
    """A desk after a restart."""
    made = MeterDesk(desk.store, desk.journal, desk.bus, desk.clock, PollBook(), "Europe/Moscow")
    await made.load()
    return made


async def test_polls_are_stored_and_handed_on_and_survive_a_restart(desk: Desk) -> None:
    handed_on: list[PollsCounted] = []
    desk.bus.subscribe(PollsCounted, handed_on.append)
    desk.meters.polled(polled(desk, answered=1))
    await desk.meters.flush()
    desk.meters.polled(polled(desk, silent=1))
    await desk.meters.flush()

    assert [row.asked for message in handed_on for row in message.rows] == [1, 2]
    stored = await desk.store.read(lambda conn: load_polls(conn, "2000-01-01"))
    assert [(row.asked, row.answered, row.silent) for row in stored] == [(2, 1, 1)]
    restarted = await again(desk)
    assert [(row.asked, row.answered) for row in restarted.polls(restarted.today()) or ()] == [(2, 1)]


async def test_what_the_disk_does_not_take_is_written_the_next_time(desk: Desk, tmp_path: Path) -> None:
    store, broken = desk.store, LocalStore(tmp_path / "closed")
    desk.meters.polled(polled(desk, answered=1))
    desk.meters.store = broken
    with pytest.raises(LocalStoreFailed):
        await desk.meters.flush()
    await desk.meters.save()  # as at a stop: no reason to fail
    desk.meters.store = store

    await desk.meters.flush()

    stored = await store.read(lambda conn: load_polls(conn, "2000-01-01"))
    assert [(row.asked, row.answered) for row in stored] == [(1, 1)]
    assert [row.modem for row in await store.read(load_meter_lines)] == [IMEI]


async def test_a_silent_meter_is_an_event_with_its_name(desk: Desk) -> None:
    silent: list[MeterSilent] = []
    desk.bus.subscribe(MeterSilent, silent.append)
    await desk.meters.add(IMEI, type="СЭТ-4ТМ", serial="30418835", address="7")
    desk.meters.polled(polled(desk, answered=1))
    desk.meters.polled(polled(desk, 5, silent=4))
    await desk.journal.flush()
    assert [(event.meter, event.serial, event.in_vain, event.seq > 0) for event in silent] == [
        ("СЭТ-4ТМ", "30418835", 4, True)
    ]


async def test_a_meter_is_entered_changed_moved_and_removed(desk: Desk) -> None:
    row = await desk.meters.add(IMEI, serial="1", address="7")
    assert desk.meters.at(IMEI, "7") == row
    assert desk.meters.at(IMEI, "8") is None
    moved = await desk.meters.edit(row.id, modem=NEW, comment="перенесён")
    assert (desk.meters.meters(IMEI), desk.meters.meters(NEW)) == ([], [moved])
    assert (await again(desk)).meters() == [moved]
    await desk.meters.remove(row.id)
    assert await desk.store.read(load_meters) == []
    with pytest.raises(UnknownMeter, match="no meter"):
        desk.meters.meter(row.id)


async def test_a_lone_meter_without_address_stands_at_any(desk: Desk) -> None:
    row = await desk.meters.add(IMEI, serial="1")
    assert desk.meters.at(IMEI, "42") == row
    await desk.meters.add(IMEI, serial="2", address="2")
    assert desk.meters.at(IMEI, "42") is None


async def test_meters_stay_at_the_line_when_the_modem_is_replaced(desk: Desk) -> None:
    row = await desk.meters.add(IMEI, serial="1", address="7")
    desk.meters.polled(polled(desk, answered=1))
    desk.journal.append(ModemReplaced(ts=datetime.now(UTC), modem=NEW, former=IMEI, port=20000, by="anna"))
    await desk.journal.flush()
    await desk.meters.flush()

    restarted = await again(desk)
    assert [(each.id, each.modem) for each in restarted.meters()] == [(row.id, NEW)]
    assert [line.address for line in restarted.lines(NEW)] == ["7"]
    assert [each.modem for each in desk.meters.polls(desk.meters.today()) or ()] == [NEW]


async def test_a_deleted_modem_takes_its_meters_with_it(desk: Desk) -> None:
    await desk.meters.add(IMEI, serial="1")
    desk.meters.polled(polled(desk, answered=1))
    await desk.meters.flush()
    event = ModemDeleted(ts=datetime.now(UTC), modem=IMEI, port=20000, keeps_port=False, is_blocked=False, by="anna")
    desk.journal.append(event)
    await desk.journal.flush()
    await desk.journal.flush()

    restarted = await again(desk)
    assert (restarted.meters(), restarted.lines(IMEI)) == ([], [])


async def test_older_days_are_in_the_history_only(desk: Desk, tmp_path: Path) -> None:
    assert desk.meters.polls("2000-01-01") is None
    assert desk.meters.polls(desk.meters.today()) == []
    await desk.meters.name_program("10.0.0.7", "АСКУЭ сбыта", "")
    assert (await again(desk)).programs()["10.0.0.7"].name == "АСКУЭ сбыта"
