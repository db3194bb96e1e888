"""The engine takes the journal in order, and goes on where it had done with all before."""

from pathlib import Path

from irzhub.automation.journal_feed import CURSOR, JournalFeed
from tests.journal.bench import Bench


async def test_it_begins_with_what_happens_from_now_on_and_goes_on_where_it_was(tmp_path: Path) -> None:
    async with Bench(tmp_path) as bench:
        for _ in range(3):
            bench.journal.append(bench.event())
        await bench.journal.flush()
        async with JournalFeed(bench.journal, bench.store, bench.bus) as feed:
            for _ in range(3):
                bench.journal.append(bench.event())
            await feed.wait()
            await bench.journal.flush()
            assert [event.seq for event in await feed.take(2)] == [4, 5]
            assert [event.seq for event in await feed.take(9)] == [6]
            assert await feed.take(9) == []
            feed.acknowledge(5)
            assert bench.journal.cursor(CURSOR).position == 3
            feed.acknowledge(4)
            assert bench.journal.cursor(CURSOR).position == 5

        async with JournalFeed(bench.journal, bench.store, bench.bus) as feed:
            assert [event.seq for event in await feed.take(9)] == [6]
