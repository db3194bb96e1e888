from pathlib import Path

import pytest

from irzhub.core.exceptions import ConfigError
from irzhub.storage.history_engine import open_async, open_blocking, parse_url, prepare_schema, shown_url
from tests.mariadb import MariaDb


def test_a_relative_file_lies_in_the_data_dir(tmp_path: Path) -> None:
    assert parse_url("sqlite:///history.db", tmp_path).database == str(tmp_path / "history.db")
    assert parse_url("sqlite:////var/lib/h.db", tmp_path).database == "/var/lib/h.db"


def test_a_server_is_spoken_to_in_utf8mb4(tmp_path: Path) -> None:
    url = parse_url("mariadb+aiomysql://hub:p%40ss@db:3307/irzhub", tmp_path)

    assert (url.drivername, url.username, url.password, url.host, url.port) == ("mysql", "hub", "p@ss", "db", 3307)
    assert url.query == {"charset": "utf8mb4"}


def test_what_is_shown_holds_no_password_and_no_options(tmp_path: Path) -> None:
    assert shown_url(parse_url("mysql://hub:s3cret@db/irzhub", tmp_path)) == "mysql://hub:***@db/irzhub"


async def test_the_working_engine_has_its_limits(tmp_path: Path) -> None:
    engine = open_async(parse_url("mysql://hub:p@db/irzhub", tmp_path))

    assert engine.pool.size() == 4  # type: ignore[attr-defined]
    assert engine.sync_engine.dialect.name == "mysql"
    await engine.dispose()


async def test_a_connection_that_cannot_be_closed_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = open_async(parse_url("mysql://hub:p@db/irzhub", tmp_path))

    try:
        raise ConnectionResetError("by the server")
    except ConnectionResetError:
        engine.sync_engine.pool.logger.exception("Exception terminating connection %r", "<c 100%>")
    await engine.dispose()

    assert caplog.text.count("\n") == 1
    assert "WARNING" in caplog.text
    assert "Exception terminating connection '<c 100%>': ConnectionResetError('by the server')" in caplog.text


def test_the_database_is_created_with_an_encoding_for_every_script(mariadb: MariaDb, tmp_path: Path) -> None:
    url = mariadb.new_database()
    prepare_schema(parse_url(url, tmp_path))

    name = url.rsplit("/", 1)[1]
    query = f"SELECT default_character_set_name FROM information_schema.schemata WHERE schema_name = '{name}'"
    assert mariadb.query(query) == [("utf8mb4",)]


def test_a_database_that_was_made_for_latin_takes_cyrillic_all_the_same(mariadb: MariaDb, tmp_path: Path) -> None:
    url = mariadb.new_database()
    name = url.rsplit("/", 1)[1]
    mariadb.query(f"CREATE DATABASE `{name}` CHARACTER SET latin1")
    prepare_schema(parse_url(url, tmp_path))

    mariadb.query(
        "INSERT INTO sessions (hub, session, modem, opened_at, is_open, detail) VALUES "
        "('main', 's', 'm', '2026-11-21', 0, 'дверь 🔥')",
        name,
    )
    assert mariadb.query("SELECT detail FROM sessions", name) == [("дверь 🔥",)]


def test_setting_up_twice_changes_nothing(history_url: str, tmp_path: Path) -> None:
    url = parse_url(history_url, tmp_path / "new")
    prepare_schema(url)
    prepare_schema(url)

    with open_blocking(url) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM modems").scalar() == 0


@pytest.mark.parametrize("url", ["mysql://u:p4ss@:x/d", "://", "sqlite:///:memory:"])
def test_nonsense_is_refused_without_the_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"database\.url: expected sqlite:///FILE or mysql://") as caught:
        parse_url(url, tmp_path)
    assert "p4ss" not in str(caught.value)
