"""A fresh data folder takes ports, settings and numbers over from the history database, once."""

from datetime import UTC, datetime
from pathlib import Path

from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import ModemRegistered
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.fleet.inheritance import SEQ_MARGIN, inherit
from irzhub.journal.journal import Journal
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_events import insert_events
from irzhub.storage.history_modems import modem_values, upsert_modems
from irzhub.storage.inputs import InputRow, load_inputs
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import ModemRow, load_modems

IMEI = "868441036775234"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ROW = ModemRow(IMEI, IMEI, None, "irz", "0.0.0.0", 20007, "Котельная", "Север", "", "sha256:aa:bb", NOW)
DOOR = InputRow(IMEI, 1, name="Дверь", invert=True, debounce_s=5, normal="OFF")


async def fill(history: HistoryStore) -> None:
    """Record one modem and an event with number 41."""
    event = ModemRegistered(ts=NOW, modem=IMEI, port=20007, seq=41, id="01J00000000000000000000000")

    def write(connection: object) -> None:
        upsert_modems(connection, [modem_values(history.hub, ROW, [DOOR], None, NOW)])  # type: ignore[arg-type]
        insert_events(connection, history.hub, [event])  # type: ignore[arg-type]

    await history.run(write)


async def test_fresh_folder_gets_modems_inputs_and_later_numbers(tmp_path: Path) -> None:
    async with HistoryStore("sqlite:///kept.db", tmp_path, "main") as history, LocalStore(tmp_path / "new") as store:
        await fill(history)

        assert await inherit(store, history) == 1

        [row] = await store.read(load_modems)
        assert (row.modem, row.port, row.name, row.group, row.password) == (
            IMEI, 20007, "Котельная", "Север", "sha256:aa:bb",
        )  # fmt: skip
        assert row.was_online is False
        assert await store.read(load_inputs) == [DOOR]
        bus = Bus()
        async with Journal(store, bus, SystemClock(), Health(bus), Metrics()) as journal:
            journal.append(ModemRegistered(ts=NOW, modem=IMEI, port=20007))
            await journal.flush()
            assert journal.last_seq == 41 + SEQ_MARGIN + 1


async def test_folder_that_has_modems_takes_nothing(tmp_path: Path) -> None:
    async with HistoryStore("sqlite:///kept.db", tmp_path, "main") as history, LocalStore(tmp_path / "new") as store:
        await fill(history)
        await inherit(store, history)

        assert await inherit(store, history) == 0


async def test_other_hub_in_the_same_database_is_left_alone(tmp_path: Path) -> None:
    async with HistoryStore("sqlite:///kept.db", tmp_path, "main") as history:
        await fill(history)
    async with HistoryStore("sqlite:///kept.db", tmp_path, "second") as other, LocalStore(tmp_path / "new") as store:
        assert await inherit(store, other) == 0
        assert await store.read(load_modems) == []


async def test_database_that_is_away_is_waited_for_no_longer_than_said(tmp_path: Path) -> None:
    url = "mysql://root@127.0.0.1:9/nowhere"
    async with HistoryStore(url, tmp_path, "main") as history, LocalStore(tmp_path / "new") as store:
        assert await inherit(store, history, wait_s=0.1) == 0
        assert await store.read(load_modems) == []
