"""The feed: events in order, and a cursor that never runs ahead of the broker."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from irzhub.core.bus import Bus
from irzhub.core.events import ClientConnected, Event
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.journal.journal import Journal
from irzhub.journal.recent import KEPT
from irzhub.mqtt.feed import CURSOR, EventFeed
from irzhub.storage.local import LocalStore

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


class Desk:
    """A journal with a feed behind it."""

    def __init__(self, journal: Journal, feed: EventFeed, clock: Hands) -> None:
        self.journal = journal
        self.feed = feed
        self.clock = clock

    async def happen(self, count: int, *, every_s: float = 0.0) -> None:
        for _ in range(count):
            self.journal.append(ClientConnected(ts=self.clock.now(), modem="m", client="c", peer="p"))
            self.clock.at += timedelta(seconds=every_s)
        await self.journal.flush()

    async def take(self, limit: int = 100) -> list[int]:
        return [event.seq for event in await self.feed.take(limit)]

    @property
    def position(self) -> int:
        return self.journal.cursor(CURSOR).position


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    bus, clock = Bus(), Hands()
    async with LocalStore(tmp_path) as store, Journal(store, bus, clock, Health(bus), Metrics()) as journal:
        feed = EventFeed(journal, 60.0)
        bus.subscribe(Event, lambda _event: feed.wake())
        yield Desk(journal, feed, clock)


async def test_events_come_in_order_from_memory_and_from_disk(desk: Desk) -> None:
    await desk.happen(2500)  # more than memory keeps
    got: list[int] = []
    while taken := await desk.take():
        got += taken

    assert got == list(range(1, 2501))
    await desk.happen(3)
    assert await desk.take() == [2501, 2502, 2503]


async def test_the_cursor_follows_without_a_gap(desk: Desk) -> None:
    await desk.happen(5)
    await desk.take()
    for seq, position in ((2, 0), (3, 0), (1, 3), (5, 3), (4, 5)):
        desk.feed.acknowledge(seq)
        assert desk.position == position


async def test_after_a_lost_connection_the_last_minute_comes_again(desk: Desk) -> None:
    await desk.happen(10, every_s=20.0)
    for seq in await desk.take():
        desk.feed.acknowledge(seq)
    assert desk.position == 10
    await desk.feed.rewind(desk.clock.now())

    assert await desk.take() == [8, 9, 10]
    assert desk.position == 7


async def test_what_was_never_acknowledged_comes_again_however_old(desk: Desk) -> None:
    await desk.happen(10, every_s=20.0)
    for seq in (await desk.take())[:2]:
        desk.feed.acknowledge(seq)
    desk.clock.at += timedelta(hours=1)
    await desk.feed.rewind(desk.clock.now())

    assert await desk.take() == list(range(3, 11))


async def test_after_a_start_the_minute_before_the_last_acknowledged_event_comes_again(desk: Desk) -> None:
    await desk.happen(10, every_s=20.0)
    for seq in await desk.take():
        desk.feed.acknowledge(seq)
    desk.clock.at += timedelta(hours=8)  # the machine was off: a broker that died with it had a minute less
    again = EventFeed(desk.journal, 60.0)
    await again.rewind(None)

    assert [event.seq for event in await again.take(100)] == [7, 8, 9, 10]


async def test_a_new_hub_begins_with_the_first_event(desk: Desk) -> None:
    await desk.feed.rewind(None)
    assert await desk.take() == []
    await desk.happen(2)
    assert await desk.take() == [1, 2]


async def test_numbers_that_nobody_can_read_any_more_do_not_stop_it(desk: Desk) -> None:
    await desk.happen(KEPT + 3)
    assert await desk.take(1) == [1]
    await desk.journal._store.write(lambda connection: connection.exec_driver_sql("DELETE FROM events"))
    assert await desk.take() == []
    await desk.happen(1)
    assert await desk.take() == [KEPT + 4]


async def test_waiting_ends_with_the_next_event(desk: Desk) -> None:
    waiting = desk.feed.wait()
    await desk.happen(1)
    await waiting
    assert not desk.feed.is_empty
