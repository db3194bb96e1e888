import asyncio
from pathlib import Path

from irzhub.storage.events import load_cursors
from tests.journal.bench import Bench


async def test_a_new_cursor_stands_before_the_first_event(bench: Bench) -> None:
    assert bench.journal.cursor("mqtt").position == 0
    assert bench.journal.cursor("mqtt") is bench.journal.cursor("mqtt")


async def test_a_cursor_only_advances(bench: Bench) -> None:
    cursor = bench.journal.cursor("mqtt")
    cursor.advance(5)
    cursor.advance(3)

    assert cursor.position == 5


async def test_a_cursor_goes_back_only_when_it_is_rewound(bench: Bench) -> None:
    cursor = bench.journal.cursor("mqtt")
    cursor.advance(5)
    cursor.rewind(7)
    assert cursor.position == 5
    cursor.rewind(2)
    assert cursor.position == 2


async def test_positions_reach_the_disk_within_a_second_or_so(bench: Bench) -> None:
    bench.journal.cursor("mqtt").advance(5)
    bench.journal.cursor("recorder").advance(7)

    assert await bench.store.read(load_cursors) == {}
    await asyncio.sleep(1.2)
    assert await bench.store.read(load_cursors) == {"mqtt": 5, "recorder": 7}


async def test_positions_survive_a_restart(tmp_path: Path) -> None:
    async with Bench(tmp_path) as first:
        first.journal.cursor("mqtt").advance(5)

    async with Bench(tmp_path) as second:
        assert second.journal.cursor("mqtt").position == 5
