import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from irzhub.core.exceptions import StartError
from irzhub.storage import migrate
from irzhub.storage.history_engine import open_blocking, parse_url, prepare_schema
from irzhub.storage.local import open_beside
from irzhub.storage.modems import load_modems, save_modem
from irzhub.storage.sqlite import open_engine
from tests.mariadb import MariaDb
from tests.storage.rows import modem_row


@pytest.fixture
def empty_local(tmp_path: Path) -> Iterator[Connection]:
    with open_engine(tmp_path / "hub.db").begin() as connection:
        yield connection


@pytest.fixture
def empty_history(history_url: str, tmp_path: Path, mariadb: MariaDb) -> Iterator[Connection]:
    url = parse_url(history_url, tmp_path)
    if url.get_backend_name() == "mysql":
        mariadb.query(f"CREATE DATABASE `{url.database}` CHARACTER SET utf8mb4")
    with open_blocking(url) as engine, engine.connect() as connection:
        yield connection
        connection.commit()


def up_down_up(connection: Connection, area: str) -> None:
    migrate.upgrade(connection, area)
    assert migrate.revision(connection) == migrate.head_revision(area)
    migrate.check(connection, area)
    migrate.downgrade(connection, area, "base")
    assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate.upgrade(connection, area)
    migrate.upgrade(connection, area)
    migrate.check(connection, area)


def test_the_local_schema_goes_up_down_and_up_and_matches_the_tables(empty_local: Connection) -> None:
    up_down_up(empty_local, "local")


def test_the_history_schema_goes_up_down_and_up_and_matches_the_tables(empty_history: Connection) -> None:
    up_down_up(empty_history, "history")


@pytest.mark.parametrize("area", ["local", "history"])
def test_the_names_of_the_files_tell_the_chain_of_versions(area: str) -> None:
    folder = Path(migrate.__file__).parent / "migrations" / area
    chain = list(ScriptDirectory(str(folder)).walk_revisions())

    assert migrate.revisions(area) == [script.revision for script in reversed(chain)]
    assert migrate.head_revision(area) == chain[0].revision


ALEMBIC_AFTER = """
import sys
from pathlib import Path
from irzhub.storage.local import open_beside
with open_beside(Path(sys.argv[1])):
    print("alembic" in sys.modules)
"""


def test_alembic_is_imported_only_where_a_migration_is_due(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ALEMBIC_AFTER, str(tmp_path)]
    assert [subprocess.check_output(command, text=True).strip() for _ in range(2)] == ["False", "False"]

    with open_engine(tmp_path / "hub.db").begin() as connection:
        migrate.downgrade(connection, "local", migrate.revisions("local")[-2])
    assert [subprocess.check_output(command, text=True).strip() for _ in range(2)] == ["True", "False"]


@pytest.mark.parametrize("area", ["local", "history"])
def test_a_new_file_has_the_schema_that_the_migrations_lead_to(area: str, tmp_path: Path) -> None:
    with open_engine(tmp_path / "made.db").begin() as connection:
        migrate.upgrade(connection, area)
        made = _schema(connection)
    with open_engine(tmp_path / "migrated.db").begin() as connection:
        migrate.upgrade(connection, area)
        migrate.downgrade(connection, area, "base")
        migrate.upgrade(connection, area)
        migrated = _schema(connection)

    assert made == migrated


def _schema(connection: Connection) -> dict[str, object]:
    """Each table's columns by name, and the indexes, as SQLite itself tells them."""
    found: dict[str, object] = {}
    for table in inspect(connection).get_table_names():
        columns = connection.execute(
            text(f"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}')")
        )
        indexes = connection.execute(text(f"SELECT name, \"unique\" FROM pragma_index_list('{table}')")).all()
        keys = [
            (*index, *connection.execute(text(f"SELECT name FROM pragma_index_info('{index[0]}')")).scalars())
            for index in indexes
        ]
        found[table] = (sorted(tuple(column) for column in columns), sorted(keys))
    return found


def test_a_migration_of_a_server_that_was_cut_half_way_is_finished_by_the_next_start(
    mariadb: MariaDb, tmp_path: Path
) -> None:
    url = mariadb.new_database()
    name = url.rsplit("/", 1)[1]
    prepare_schema(parse_url(url, tmp_path))
    # As left behind by a kill in the middle: no version yet, some tables there and one index missing.
    for statement in ("DELETE FROM alembic_version", "DROP TABLE sessions", "DROP INDEX ix_events_hub_ts ON events"):
        mariadb.query(statement, name)

    prepare_schema(parse_url(url, tmp_path))
    with open_blocking(parse_url(url, tmp_path)) as engine, engine.connect() as connection:
        migrate.check(connection, "history")


def test_a_new_server_has_the_schema_that_the_migrations_lead_to(
    mariadb: MariaDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: list[dict[str, str]] = []
    for is_migrated in (False, True):
        url = mariadb.new_database()
        prepare_schema(parse_url(url, tmp_path))
        with open_blocking(parse_url(url, tmp_path)) as engine, engine.begin() as connection:
            if is_migrated:
                migrate.downgrade(connection, "history", "base")
                monkeypatch.setattr(migrate, "_is_empty", lambda *_: False)
                migrate.upgrade(connection, "history")
            migrate.check(connection, "history")
            names = inspect(connection).get_table_names()
            shown = {name: str(connection.execute(text(f"SHOW CREATE TABLE `{name}`")).one()[1]) for name in names}
            shapes.append(
                {
                    name: "\n".join(sorted(lines.rstrip(",") for lines in made.splitlines()))
                    for name, made in shown.items()
                }
            )

    assert shapes[0] == shapes[1]


SET_UP = """
import sys
from pathlib import Path
from irzhub.storage.history_engine import parse_url, prepare_schema
prepare_schema(parse_url(sys.argv[1], Path(sys.argv[2])))
"""


def test_two_hubs_that_set_one_server_up_at_once_do_not_collide(mariadb: MariaDb, tmp_path: Path) -> None:
    url = mariadb.new_database()
    hubs = [subprocess.Popen([sys.executable, "-c", SET_UP, url, str(tmp_path)]) for _ in range(2)]

    assert [hub.wait(60) for hub in hubs] == [0, 0]


def test_a_database_of_a_newer_version_is_left_alone(empty_local: Connection) -> None:
    migrate.upgrade(empty_local, "local")
    empty_local.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StartError, match="the local database has schema 9999, which this version does not know"):
        migrate.upgrade(empty_local, "local")


def test_an_older_file_is_copied_aside_before_it_is_migrated(tmp_path: Path) -> None:
    with open_beside(tmp_path) as connection:
        save_modem(connection, modem_row())
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(StartError, match="schema 0000"), open_beside(tmp_path):  # unknown; the copy came first
        pass

    with open_engine(tmp_path / "hub.db.before-0000").begin() as copy:
        assert load_modems(copy) == [modem_row()]


HALF_WAY = """
import sys, time
from pathlib import Path
from irzhub.storage import migrate
from irzhub.storage.sqlite import open_engine
with open_engine(Path(sys.argv[1])).begin() as connection:
    migrate.upgrade(connection, "local")
    print("inside", flush=True)
    time.sleep(60)
"""


def test_a_kill_in_the_middle_of_a_local_migration_leaves_the_old_file(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", HALF_WAY, str(tmp_path / "hub.db")], stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"inside\n"
    finally:
        child.kill()
        child.communicate()

    with open_engine(tmp_path / "hub.db").begin() as connection:
        assert inspect(connection).get_table_names() == []
        migrate.upgrade(connection, "local")
        migrate.check(connection, "local")


def test_alembic_does_not_chatter() -> None:
    assert logging.getLogger("alembic").level == logging.WARNING


def test_two_files_are_migrated_by_two_threads_at_once(tmp_path: Path) -> None:
    def make(number: int) -> str | None:
        with open_beside(tmp_path / str(number)) as connection:
            return migrate.revision(connection)

    folders = range(6)
    for number in folders:
        (tmp_path / str(number)).mkdir()
    with ThreadPoolExecutor(len(folders)) as threads:
        found = list(threads.map(make, folders))
    assert found == [migrate.head_revision("local")] * len(folders)
