"""Backup and restore: everything that a new server needs, from any database to any (CONTRACT 5).

Both work on a thread with connections of their own. A backup is one consistent picture of each database,
taken while the hub runs; a restore wants the hub stopped.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from irzhub.config.settings import Settings
from irzhub.const import VERSION
from irzhub.core.clock import SystemClock, format_time, parse_time
from irzhub.core.event_json import build_event
from irzhub.storage import migrate
from irzhub.storage.commands import end_living_commands
from irzhub.storage.daemon_thread import run_on_daemon_thread
from irzhub.storage.dump_file import BackupReader, BackupWriter, Manifest, RowHash
from irzhub.storage.dump_rows import SECTIONS, Section, count_rows, parse_row, read_rows
from irzhub.storage.errors import BackupError
from irzhub.storage.events import RECORDER_CURSOR, event_bounds, load_cursors
from irzhub.storage.history_engine import open_blocking, parse_url, prepare_schema, shown_url
from irzhub.storage.history_events import insert_events, last_seq
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.history_sessions import record_sessions
from irzhub.storage.jobs import stop_living_jobs
from irzhub.storage.local import LOCAL_FILE, migrate_local
from irzhub.storage.lock import DataDirLock
from irzhub.storage.meta import HUB_INSTANCE, SEQ_FLOOR, delete_meta, get_meta, set_meta
from irzhub.storage.outbox import end_living_messages
from irzhub.storage.phone import end_living_phone_orders
from irzhub.storage.sqlite import open_engine
from irzhub.storage.tables_history import metadata as history_metadata
from irzhub.storage.tables_history import modems as history_modems
from irzhub.storage.tables_local import metadata as local_metadata

_BATCH: Final = 1000
_SEQ_GAP: Final = 1_000_000
_SEQ_PER_S: Final = 100
_LOCAL: Final = [section for section in SECTIONS.values() if not section.is_history and section.name != "local/events"]
_HISTORY: Final = [section for section in SECTIONS.values() if section.is_history]
_UNRECORDED: Final = SECTIONS["local/events"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backup or restore is: so many rows of a part; `total` where it is known."""

    part: str
    rows: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was saved or put back: rows by part, and what the operator should know."""

    file: Path
    size_bytes: int
    rows: dict[str, int]
    last_seq: int
    notes: list[str] = field(default_factory=list)


ShowProgress = Callable[[Progress], None]


async def backup(settings: Settings, file: Path, progress: ShowProgress) -> Report:
    """Save registry, accounts, events, sessions and series into `file`, beside a running hub or without one.

    The file appears only when it is whole and has been read back.

    Raises:
        BackupError: nothing to save, the schema is of another version, or the disk or a database fails.
    """
    return await _on_a_thread(partial(_backup, settings, file), progress)


async def restore(settings: Settings, file: Path, progress: ShowProgress, force: bool = False) -> Report:
    """Put a backup back into the databases of `settings`, whatever their kind, and compare what arrived.

    Event numbers go on well above all that were given before, so that none is given twice.

    Args:
        settings: names the databases; its `hub.id` becomes the rows' owner.
        file: what `backup` wrote.
        progress: called on the loop with every thousand rows.
        force: remove what is there before.

    Raises:
        BackupError: a hub runs, the target is not empty, the file is damaged, or a database fails.
    """
    return await _on_a_thread(partial(_restore, settings, file, force), progress)


def _backup(settings: Settings, file: Path, progress: ShowProgress) -> Report:
    local_path = settings.hub.data_dir / LOCAL_FILE
    if not local_path.exists():
        raise BackupError(f"there is nothing to back up: {local_path} does not exist")
    url, hub = parse_url(settings.database.url, settings.hub.data_dir), settings.hub.id
    part_file = file.with_name(f"{file.name}.part")
    try:
        with (
            open(os.open(part_file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out,  # noqa: PTH123 - private
            open_engine(local_path).connect() as local_connection,
            open_blocking(url) as history_engine,
            history_engine.connect() as history_connection,
        ):
            local = local_connection.execution_options(read_only=True)
            history = _one_picture(history_connection)
            schema = {"local": _current_schema(local, "local"), "history": _current_schema(history, "history")}
            recorded, highest = _numbers(local, history, hub)
            writer = BackupWriter(out)
            for section in SECTIONS.values():
                source = history if section.is_history else local
                after = recorded if section is _UNRECORDED else None
                total = None if section is _UNRECORDED else count_rows(source, section, hub)
                rows = read_rows(source, section, hub, after)
                writer.write_part(section.name, _shown(rows, section.name, total, progress))
            writer.finish(
                Manifest(
                    version=VERSION,
                    created_at=format_time(SystemClock().now()),
                    hub=hub,
                    last_seq=highest,
                    schema=schema,
                    parts=writer.parts,
                )
            )
            out.flush()
            os.fsync(out.fileno())
        with BackupReader(part_file) as reader:
            reader.verify()
        part_file.replace(file)
    except (SQLAlchemyError, OSError) as error:
        raise BackupError(f"the backup to {file} failed: {getattr(error, 'orig', None) or error}") from error
    finally:
        part_file.unlink(missing_ok=True)
    saved = {name: part.rows for name, part in writer.parts.items()}
    return Report(file, file.stat().st_size, saved, highest)


def _restore(settings: Settings, file: Path, force: bool, progress: ShowProgress) -> Report:
    data_dir, hub = settings.hub.data_dir, settings.hub.id
    url = parse_url(settings.database.url, data_dir)
    with BackupReader(file) as reader, _hub_stopped(data_dir):
        reader.verify()
        try:
            prepare_schema(url)
            engine = open_engine(data_dir / LOCAL_FILE)
            migrate_local(engine, data_dir / LOCAL_FILE)
            with open_blocking(url) as history_engine:
                with engine.connect() as local, history_engine.connect() as history:
                    _require_empty(local, history, hub, shown_url(url), force)
                    floor = _seq_floor(reader.manifest, local, history, hub)
                with history_engine.connect() as history:
                    _restore_history(history, reader, hub, progress)
                # Last and in one transaction: a data_dir that is not empty has all of it.
                with engine.begin() as local:
                    _restore_local(local, reader, floor, progress)
        except (SQLAlchemyError, OSError) as error:
            raise BackupError(f"the restore of {file} failed: {getattr(error, 'orig', None) or error}") from error
        notes = [f"event numbers go on from {floor + 1}"]
        if reader.manifest.hub != hub:
            notes.append(f"the backup is of hub {reader.manifest.hub!r}, its rows belong to {hub!r} now")
        rows = {name: part.rows for name, part in reader.manifest.parts.items()}
    return Report(file, file.stat().st_size, rows, floor, notes)


def _restore_history(history: Connection, reader: BackupReader, hub: str, progress: ShowProgress) -> None:
    for table in reversed(history_metadata.sorted_tables):
        history.execute(delete(table).where(table.c.hub == hub))
        history.commit()
    for section in _HISTORY:
        for batch in _batches(reader, section, progress):
            upsert_rows(history, section.table, [{"hub": hub, **row} for row in batch])
            history.commit()
        _compare(history, section, reader, hub)
        history.commit()
    for batch in _batches(reader, _UNRECORDED, progress):
        events = [
            build_event(row["type"], row["ts"], row["modem"], row["data"], row["seq"], row["id"]) for row in batch
        ]
        insert_events(history, hub, events)
        record_sessions(history, hub, events)
        history.commit()


def _restore_local(local: Connection, reader: BackupReader, floor: int, progress: ShowProgress) -> None:
    for table in reversed(local_metadata.sorted_tables):
        local.execute(delete(table))
    for section in _LOCAL:
        for batch in _batches(reader, section, progress):
            local.execute(insert(section.table), batch)
        _compare(local, section, reader, "")
    end_living_commands(local)
    stop_living_jobs(local)
    end_living_messages(local)
    end_living_phone_orders(local)
    delete_meta(local, HUB_INSTANCE)
    set_meta(local, SEQ_FLOOR, str(floor))


def _compare(connection: Connection, section: Section, reader: BackupReader, hub: str) -> None:
    """Read back what was put in: the same rows must give the same checksum."""
    arrived = RowHash()
    for row in read_rows(connection, section, hub):
        arrived.add(row)
    expected = reader.manifest.parts[section.name]
    if arrived.part != expected:
        raise BackupError(
            f"{section.name}: {expected.rows} rows were put back and {arrived.part.rows} were read, "
            "or they differ: the target is not complete"
        )


def _batches(reader: BackupReader, section: Section, progress: ShowProgress) -> Iterator[list[dict[str, Any]]]:
    total = reader.manifest.parts[section.name].rows
    rows = (parse_row(section, line) for line in reader.read_part(section.name))
    done = 0
    while batch := list(islice(rows, _BATCH)):
        yield batch
        done += len(batch)
        progress(Progress(section.name, done, total))


def _require_empty(local: Connection, history: Connection, hub: str, url: str, force: bool) -> None:
    held = {section.name: count_rows(local, section, hub) for section in (*_LOCAL, _UNRECORDED)}
    held |= {section.name: count_rows(history, section, hub) for section in _HISTORY}
    held["history/modems"] = len(
        history.execute(select(history_modems.c.modem).where(history_modems.c.hub == hub)).all()
    )
    full = [f"{name} ({rows})" for name, rows in held.items() if rows and name != "local/meta"]
    if full and not force:
        raise BackupError(
            f"the target is not empty: {', '.join(full)} in data_dir and {url}; restore into an empty one, or force it"
        )


def _seq_floor(manifest: Manifest, local: Connection, history: Connection, hub: str) -> int:
    """Return a number above all that were given: in the backup, here, and in the time since the backup."""
    _, highest = _numbers(local, history, hub)
    try:
        since_s = (SystemClock().now() - parse_time(manifest.created_at)).total_seconds()
    except ValueError:
        since_s = 0.0
    return max(manifest.last_seq, highest) + _SEQ_GAP + int(_SEQ_PER_S * max(0.0, since_s))


def _numbers(local: Connection, history: Connection, hub: str) -> tuple[int, int]:
    """Return up to which number events are recorded, and the highest that was given."""
    _, newest = event_bounds(local)
    floor = int(get_meta(local, SEQ_FLOOR) or 0)
    recorded = load_cursors(local).get(RECORDER_CURSOR, 0)
    return recorded, max(newest, floor, recorded, last_seq(history, hub))


def _current_schema(connection: Connection, area: str) -> str:
    found, needed = migrate.revision(connection), migrate.head_revision(area)
    if found is None or found != needed:
        raise BackupError(f"the {area} database has schema {found}, this version needs {needed}: start the hub once")
    return found


@contextlib.contextmanager
def _hub_stopped(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = DataDirLock(data_dir)
    if not lock.try_acquire():
        raise BackupError(f"a hub runs on {data_dir}: stop it before a restore")
    try:
        yield
    finally:
        lock.release()


def _one_picture(connection: Connection) -> Connection:
    """Have a connection see the database as it is now, whatever others write meanwhile."""
    if connection.dialect.name == "sqlite":
        return connection.execution_options(read_only=True)
    return connection.execution_options(isolation_level="REPEATABLE READ")


def _shown(rows: Iterator[Any], name: str, total: int | None, progress: ShowProgress) -> Iterator[Any]:
    done = 0
    for done, row in enumerate(rows, 1):
        yield row
        if done % _BATCH == 0:
            progress(Progress(name, done, total))
    progress(Progress(name, done, total))


async def _on_a_thread(work: Callable[[ShowProgress], Report], progress: ShowProgress) -> Report:
    """Run blocking work beside the loop; `progress` is called on the loop."""
    loop = asyncio.get_running_loop()

    def tell(step: Progress) -> None:
        loop.call_soon_threadsafe(progress, step)

    return await run_on_daemon_thread(lambda: work(tell), "irzhub-backup")
