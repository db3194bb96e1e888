"""Events of the past, in order, within a period; no more of them than fit."""

from datetime import timedelta
from pathlib import Path

import pytest

from irzhub.automation import recorded as module
from irzhub.automation.recorded import Recorded, TooManyEvents
from tests.automation.process import Process


async def test_a_period_of_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    async with Process(tmp_path) as process:
        for _ in range(10):
            process.gpi("ON")
        await process.journal.flush()
        past, now = Recorded(process.journal, None, "main"), process.clock.now()

        found = await past.between(now - timedelta(minutes=1), now + timedelta(minutes=1))
        assert [event.seq for event in found] == list(range(1, 11))
        assert await past.between(now + timedelta(minutes=1), now + timedelta(minutes=2)) == []
        assert await past.between(now - timedelta(minutes=2), now - timedelta(minutes=1)) == []

        monkeypatch.setattr(module, "MOST_EVENTS", 5)
        with pytest.raises(TooManyEvents, match="take a shorter one"):
            await past.between(now - timedelta(minutes=1), now + timedelta(minutes=1))
