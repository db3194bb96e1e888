"""Last known values reach the store a while after they changed, each modem once."""

from pathlib import Path

import pytest

from irzhub.fleet.snapshots import SnapshotWriter
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import load_modems
from tests.fleet.conftest import IMEI, Desk, registration


async def writer_of(desk: Desk) -> SnapshotWriter:
    """Return a listening writer for a desk with one modem."""
    writer = SnapshotWriter(desk.bus, desk.store, desk.states, desk.pins)
    writer.listen()
    await desk.registrar.decide(registration())
    return writer


async def test_changed_values_are_written(desk: Desk) -> None:
    writer = await writer_of(desk)
    desk.states.update(IMEI, csq=21, rx_bytes=7)

    await writer.flush()

    [row] = await desk.store.read(load_modems)
    assert (row.snapshot["csq"], row.snapshot["rx_bytes"]) == (21, 7)


async def test_what_the_disk_does_not_take_is_written_the_next_time(desk: Desk, tmp_path: Path) -> None:
    writer = await writer_of(desk)
    desk.states.update(IMEI, csq=21)
    writer.store = LocalStore(tmp_path / "closed")
    with pytest.raises(LocalStoreFailed):
        await writer.flush()
    await writer.save()  # as at a stop: no reason to fail
    writer.store = desk.store

    await writer.flush()

    [row] = await desk.store.read(load_modems)
    assert row.snapshot["csq"] == 21


async def test_only_what_survives_a_restart_makes_a_snapshot_stale(desk: Desk) -> None:
    writer = await writer_of(desk)
    await writer.flush()

    desk.states.update(IMEI, clients=3, name="other")

    assert writer._stale == set()


async def test_modem_that_was_deleted_meanwhile_is_left_out(desk: Desk) -> None:
    writer = await writer_of(desk)
    desk.states.update(IMEI, csq=21)
    desk.states.forget(IMEI)

    await writer.flush()

    [row] = await desk.store.read(load_modems)
    assert row.snapshot == {}


async def test_thousands_are_written_in_batches(desk: Desk) -> None:
    writer = await writer_of(desk)
    writer._stale.update(f"{number:015d}" for number in range(1200))
    desk.states.update(IMEI, csq=3)

    await writer.flush()

    assert writer._stale == set()
    assert (await desk.store.read(load_modems))[0].snapshot["csq"] == 3
