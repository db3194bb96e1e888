from pathlib import Path

import pytest

from irzhub.core.tasks import Tasks
from irzhub.fleet.job_saver import JobSaver
from irzhub.fleet.jobs import ItemResult
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.jobs import load_items
from irzhub.storage.local import LocalStore
from tests.fleet.job_rig import JobRig, modem_ids


async def test_what_the_disk_does_not_take_is_kept_for_the_next_time(tmp_path: Path) -> None:
    async with JobRig(tmp_path) as rig:
        rig.present.update(modem_ids(2))
        created = await rig.create(count=2)
        run = rig.jobs._runs[created.row.id]
        await rig.until(lambda: len(rig.under_way) == 2)
        await rig.settle()
        run.ended(0, ItemResult(status="done"), rig.clock.now())
        closed = JobSaver(LocalStore(tmp_path / "closed"), {}, Tasks("test"))

        with pytest.raises(LocalStoreFailed):
            await closed.save(run)
        kept = run.has_changes
        await JobSaver(rig.store, {}, Tasks("test")).save(run)

        assert (kept, run.has_changes) == (True, False)
        stored = await rig.store.read(lambda connection: load_items(connection, created.row.id))
        assert [item.status for item in stored] == ["done", "running"]
