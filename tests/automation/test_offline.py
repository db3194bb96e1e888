"""The journal of a hub that does not run, as a replay reads it."""

import asyncio
from datetime import timedelta
from pathlib import Path

from irzhub.automation.offline import StoredJournal
from irzhub.core.events import GpiChanged
from irzhub.storage.events import insert_events
from irzhub.storage.local import LocalStore, open_beside
from tests.automation.rig import MODEM, START


async def record(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        common = {"modem": MODEM, "pin": 1, "level": "ON", "previous": "OFF", "source": "report"}
        events = [
            GpiChanged(ts=START + timedelta(seconds=seq), seq=seq, id=f"{seq:026}", **common)  # type: ignore[arg-type]
            for seq in range(5, 15)
        ]
        await store.write(lambda connection: insert_events(connection, events))


def test_events_are_read_in_order_from_a_moment_on(tmp_path: Path) -> None:
    asyncio.run(record(tmp_path))
    with open_beside(tmp_path) as connection:
        journal = StoredJournal(connection)
        assert journal.first_seq == 5
        after = asyncio.run(journal.seq_before(START + timedelta(seconds=9)))
        assert after == 8
        assert [event.seq for event in asyncio.run(journal.read(after, 3))] == [9, 10, 11]
        assert asyncio.run(journal.read(14, 3)) == []
