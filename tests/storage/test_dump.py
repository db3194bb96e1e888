import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from irzhub.config.settings import DatabaseSettings, HubSettings, Settings
from irzhub.core.events import GpiChanged, ModemConnected
from irzhub.storage import dump
from irzhub.storage.accounts import TokenRow, UserRow, add_token, add_user, find_token, list_users
from irzhub.storage.audit import verify_audit
from irzhub.storage.commands import list_commands
from irzhub.storage.dump import Progress, backup, restore
from irzhub.storage.errors import BackupError
from irzhub.storage.events import RECORDER_CURSOR, insert_events, save_cursors
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_events import insert_events as record_events
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.history_series import SLOT_S, SlotRow, upsert_slots
from irzhub.storage.history_sessions import record_sessions
from irzhub.storage.inputs import InputRow, load_inputs, save_input
from irzhub.storage.jobs import get_job
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.meta import SEQ_FLOOR, get_meta, set_meta
from irzhub.storage.modems import ModemRow, load_modems, save_modem
from irzhub.storage.pins import PinRow, load_pins, save_pins
from irzhub.storage.tables_local import metadata as local_metadata
from tests.mariadb import MariaDb
from tests.storage.every_table import JOB, fill_every_table

NOW = datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)
MODEM = "868441036775234"
ROW = ModemRow(
    modem=MODEM,
    imei=MODEM,
    channel=None,
    driver="irz",
    host="0.0.0.0",
    port=20017,
    name="Котельная №5 🔥",
    group="Север",
    comment="две\nстроки",
    password="sha256:a:b",
    registered_at=NOW,
    was_online=True,
    overrides={"sharing": {"mode": "exclusive"}},
    snapshot={"csq": 21},
)
EVENTS = [
    replace(
        GpiChanged(ts=NOW, modem=MODEM, pin=1, level="ON", previous="OFF", source="report", not_before=NOW),
        seq=seq,
        id=f"01K{seq:023d}",
    )
    for seq in range(1, 2501)
]
UNRECORDED = replace(
    ModemConnected(ts=NOW, modem=MODEM, session="s9", peer="1.2.3.4:5"), seq=2501, id=f"01K{2501:023d}"
)


def settings(data_dir: Path, url: str) -> Settings:
    return Settings(hub=HubSettings(data_dir=data_dir), database=DatabaseSettings(url=url))


def quiet(_: Progress) -> None:
    """Show nothing."""


def fill_local(conn: Connection) -> None:
    save_modem(conn, ROW)
    save_input(conn, InputRow(MODEM, 1, "дверь", True, 0.25, "OFF"))
    save_pins(conn, [PinRow(MODEM, 1, False, "ON", NOW)])
    add_user(conn, UserRow("анна", "$argon2id$x", "admin", NOW))
    add_token(conn, TokenRow("01T", "scada", "viewer", "ab" * 32, NOW, expires_at=NOW + timedelta(days=9)))
    set_meta(conn, "web.secret", "s")
    insert_events(conn, [*EVENTS[-10:], UNRECORDED])
    save_cursors(conn, {RECORDER_CURSOR: 2500, "mqtt": 2400})


def fill_history(conn: Connection) -> None:
    record_events(conn, "main", EVENTS)
    record_sessions(conn, "main", [replace(UNRECORDED, session="s1")])
    upsert_slots(conn, [SlotRow("main", MODEM, SLOT_S, NOW.replace(minute=50, second=0, microsecond=0), rx_bytes=9)])


async def fill(where: Settings) -> None:
    data_dir, url = where.hub.data_dir, where.database.url
    async with LocalStore(data_dir) as store, HistoryStore(url, data_dir, "main") as history:
        await store.write(fill_local)
        await history.run(fill_history)


async def check_restored(where: Settings) -> None:
    async with (
        LocalStore(where.hub.data_dir) as store,
        HistoryStore(where.database.url, where.hub.data_dir, "main") as history,
    ):
        assert await store.read(load_modems) == [ROW]
        assert await store.read(load_inputs) == [InputRow(MODEM, 1, "дверь", True, 0.25, "OFF")]
        assert await store.read(load_pins) == [PinRow(MODEM, 1, False, "ON", NOW)]
        assert [user.name for user in await store.read(list_users)] == ["анна"]
        token = await store.read(lambda conn: find_token(conn, "ab" * 32))
        assert token is not None
        assert token.is_valid_at(NOW)
        assert await store.read(lambda conn: get_meta(conn, "web.secret")) == "s"
        floor = int(await store.read(lambda conn: get_meta(conn, SEQ_FLOOR)) or 0)
        assert floor >= 1_002_501
        numbers = "SELECT COUNT(*), COUNT(DISTINCT seq), MAX(seq) FROM events WHERE hub = 'main'"
        assert await history.run(lambda c: [tuple(row) for row in c.exec_driver_sql(numbers)]) == [(2501, 2501, 2501)]
        sessions = "SELECT session, is_open FROM sessions ORDER BY session"
        assert await history.run(lambda c: [tuple(row) for row in c.exec_driver_sql(sessions)]) == [
            ("s1", 0),
            ("s9", 1),
        ]
        series = "SELECT modem, rx_bytes FROM series"
        assert await history.run(lambda c: [tuple(row) for row in c.exec_driver_sql(series)]) == [(MODEM, 9)]


@pytest.mark.parametrize("source", ["sqlite", "mariadb"])
async def test_a_backup_goes_from_any_database_to_any(
    source: str, new_history: Callable[[], str], mariadb: MariaDb, tmp_path: Path
) -> None:
    origin = settings(tmp_path / "a", "sqlite:///history.db" if source == "sqlite" else mariadb.new_database())
    target = settings(tmp_path / "b", new_history())
    steps: list[Progress] = []
    await fill(origin)

    saved = await backup(origin, tmp_path / "irzhub.zip", steps.append)
    restored = await restore(target, tmp_path / "irzhub.zip", steps.append)

    assert saved.rows["local/modems"] == 1
    assert saved.rows["history/events"] == 2500
    assert saved.rows["local/events"] == 1
    assert saved.last_seq == 2501
    assert restored.rows == saved.rows
    assert Progress("history/events", 2000, 2500) in steps
    assert (tmp_path / "irzhub.zip").stat().st_mode & 0o777 == 0o600
    await check_restored(target)


NOT_SAVED = {"cursors", "events", "idempotency", "meta", "web_sessions"}
"""Tables of the moment, and two that a restore changes on purpose."""


def all_rows(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    tables = [table for table in local_metadata.sorted_tables if table.name not in NOT_SAVED]
    return {
        table.name: [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key))] for table in tables
    }


async def test_each_table_comes_back_as_it_was_and_what_was_under_way_does_not_go_on(tmp_path: Path) -> None:
    origin, target = settings(tmp_path / "a", "sqlite:///h.db"), settings(tmp_path / "b", "sqlite:///h.db")
    async with LocalStore(tmp_path / "a") as store, HistoryStore("sqlite:///h.db", tmp_path / "a", "main") as history:
        await history.run(lambda conn: upsert_slots(conn, []))  # its tables are made when it is first asked
        await store.write(fill_every_table)
        before = await store.read(all_rows)
    await backup(origin, tmp_path / "irzhub.zip", quiet)
    await restore(target, tmp_path / "irzhub.zip", quiet)

    async with LocalStore(tmp_path / "b") as store:
        after = await store.read(all_rows)
        commands = {row.id: row for row in await store.read(lambda conn: list_commands(conn))}
        job = await store.read(lambda conn: get_job(conn, JOB.id))
        assert (await store.read(verify_audit)).fault is None
    assert [name for name, rows in before.items() if not rows] == [], "each table has something to lose"
    changed = {"commands", "jobs"}
    assert {name: rows for name, rows in after.items() if name not in changed} == {
        name: rows for name, rows in before.items() if name not in changed
    }
    assert sorted((row.status, row.result) for row in commands.values()) == [("done", {"text": "ОК"}), ("failed", None)]
    assert job == replace(JOB, status="stopped", reason="it comes from a backup: somebody has to decide")


async def test_a_backup_is_taken_beside_a_running_hub(tmp_path: Path) -> None:
    origin = settings(tmp_path / "a", "sqlite:///history.db")
    await fill(origin)
    async with LocalStore(tmp_path / "a") as store:
        writing = [store.write(lambda conn, n=n: set_meta(conn, f"k{n}", "v")) for n in range(500)]  # type: ignore[misc]
        report = await backup(origin, tmp_path / "irzhub.zip", quiet)
        for each in writing:
            await each
        with pytest.raises(BackupError, match=r"a hub runs on .*: stop it before a restore"):
            await restore(origin, tmp_path / "irzhub.zip", quiet)

    await restore(settings(tmp_path / "b", "sqlite:///history.db"), tmp_path / "irzhub.zip", quiet)
    assert report.rows["local/modems"] == 1


async def test_a_target_that_is_not_empty_is_left_alone_unless_forced(tmp_path: Path) -> None:
    origin, target = settings(tmp_path / "a", "sqlite:///h.db"), settings(tmp_path / "b", "sqlite:///h.db")
    await fill(origin)
    await fill(target)
    async with LocalStore(tmp_path / "b") as store:
        other = replace(ROW, modem="868441036775242", port=20018)
        await store.write(lambda conn: save_modem(conn, other))
    await backup(origin, tmp_path / "irzhub.zip", quiet)

    with pytest.raises(BackupError, match=r"the target is not empty: local/modems \(2\)"):
        await restore(target, tmp_path / "irzhub.zip", quiet)
    async with LocalStore(tmp_path / "b") as store:
        assert len(await store.read(load_modems)) == 2

    await restore(target, tmp_path / "irzhub.zip", quiet, force=True)
    await check_restored(target)


async def test_rows_of_another_hub_stay_in_a_shared_database(mariadb: MariaDb, tmp_path: Path) -> None:
    url = mariadb.new_database()
    origin, target = settings(tmp_path / "a", "sqlite:///h.db"), settings(tmp_path / "b", url)
    await fill(origin)
    async with HistoryStore(url, tmp_path, "south") as south:
        await south.run(lambda c: record_events(c, "south", [replace(EVENTS[0], id="01KSOUTH")]))
    await backup(origin, tmp_path / "irzhub.zip", quiet)
    await restore(target, tmp_path / "irzhub.zip", quiet, force=True)

    assert mariadb.query("SELECT COUNT(*) FROM events WHERE hub = 'south'", url.rsplit("/", 1)[1]) == [(1,)]


async def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is nothing to back up"):
        await backup(settings(tmp_path, "sqlite:///h.db"), tmp_path / "irzhub.zip", quiet)
    assert not list(tmp_path.glob("*.zip*"))


async def damaged(tmp_path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    origin = settings(tmp_path / "a", "sqlite:///h.db")
    await fill(origin)
    await backup(origin, tmp_path / "good.zip", quiet)
    with zipfile.ZipFile(tmp_path / "good.zip") as good:
        parts = {name: good.read(name) for name in good.namelist()}
    change(parts)
    with zipfile.ZipFile(tmp_path / "bad.zip", "w", zipfile.ZIP_DEFLATED) as bad:
        for name, content in parts.items():
            bad.writestr(name, content)
    return tmp_path / "bad.zip"


def edit_manifest(parts: dict[str, bytes], /, **changes: object) -> None:
    parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | changes).encode()


CORRUPTIONS: list[tuple[str, Callable[[dict[str, bytes]], object], str]] = [
    (
        "a changed byte",
        lambda parts: parts.update({"local/modems.jsonl": parts["local/modems.jsonl"].replace(b"20017", b"20018")}),
        "not the checksum",
    ),
    (
        "a missing row",
        lambda parts: parts.update(
            {"history/events.jsonl": parts["history/events.jsonl"].rpartition(b"\n{")[0] + b"\n"}
        ),
        "has 2499 rows",
    ),
    (
        "an extra row",
        lambda parts: parts.update({"local/pins.jsonl": parts["local/pins.jsonl"] * 2}),
        "damaged in line 2",
    ),
    ("no manifest", lambda parts: parts.pop("manifest.json"), "not a backup of irzhub"),
    ("a foreign name", lambda parts: parts.update({"../../etc/passwd": b"x"}), "not a backup of irzhub"),
    ("a bomb", lambda parts: parts.update({"local/meta.jsonl": b"0" * 50_000_000}), "would grow to 50000000 bytes"),
    ("not JSON", lambda parts: parts.update({"manifest.json": b"{"}), "expected JSON"),
    ("deep JSON", lambda parts: parts.update({"manifest.json": b"[" * 100_000}), "expected JSON"),
    ("a newer format", lambda parts: edit_manifest(parts, format=99), "a newer irzhub made it"),
    ("a manifest of another kind", lambda parts: parts.update({"manifest.json": b"[]"}), "not one of a backup"),
    (
        "parts that are none",
        lambda parts: edit_manifest(parts, parts={"x": {"rows": 1, "sha256": ""}}),
        "expected the parts",
    ),
]


@pytest.mark.parametrize(
    ("change", "complaint"), [each[1:] for each in CORRUPTIONS], ids=[each[0] for each in CORRUPTIONS]
)
async def test_a_damaged_or_hostile_file_changes_nothing(
    change: Callable[[dict[str, bytes]], None], complaint: str, tmp_path: Path
) -> None:
    file = await damaged(tmp_path, change)

    with pytest.raises(BackupError, match=complaint):
        await restore(settings(tmp_path / "b", "sqlite:///h.db"), file, quiet)
    assert not (tmp_path / "b" / "hub.db").exists()


async def test_a_value_of_another_kind_is_refused(tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        import hashlib

        line = parts["local/modems.jsonl"].replace(b'"port":20017', b'"port":"20017"')
        parts["local/modems.jsonl"] = line
        manifest = json.loads(parts["manifest.json"])
        manifest["parts"]["local/modems"]["sha256"] = hashlib.sha256(line).hexdigest()
        parts["manifest.json"] = json.dumps(manifest).encode()

    file = await damaged(tmp_path, change)
    with pytest.raises(BackupError, match=r"local/modems\.port: expected Integer\(\), got '20017'"):
        await restore(settings(tmp_path / "b", "sqlite:///h.db"), file, quiet)
    async with LocalStore(tmp_path / "b") as store:
        assert await store.read(load_modems) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", io.BytesIO(b"\x00" * 5000).getvalue()])
async def test_a_file_that_is_no_zip_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(BackupError, match="cannot be read as a backup"):
        await restore(settings(tmp_path / "b", "sqlite:///h.db"), tmp_path / "x.zip", quiet)


async def test_a_target_that_loses_rows_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(settings(tmp_path / "a", "sqlite:///h.db"))
    await backup(settings(tmp_path / "a", "sqlite:///h.db"), tmp_path / "irzhub.zip", quiet)
    monkeypatch.setattr(dump, "upsert_rows", lambda conn, table, rows: upsert_rows(conn, table, rows[1:]))

    with pytest.raises(BackupError, match="history/events: 2500 rows were put back and 2497 were read"):
        await restore(settings(tmp_path / "b", "sqlite:///h.db"), tmp_path / "irzhub.zip", quiet)
