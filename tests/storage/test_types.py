from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Dialect, MetaData, Table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.schema import CreateTable

from irzhub.storage.types import Ident, JsonText, UtcDateTime, to_json

SQLITE: Dialect = sqlite.dialect()
MYSQL: Dialect = mysql.dialect()


def test_a_moment_is_kept_in_utc_cut_to_milliseconds() -> None:
    moment = datetime(2026, 11, 21, 21, 57, 3, 120999, tzinfo=timezone(timedelta(hours=3)))
    kept = UtcDateTime().process_bind_param(moment, SQLITE)

    assert kept == datetime(2026, 11, 21, 18, 57, 3, 120000)  # noqa: DTZ001
    assert UtcDateTime().process_result_value(kept, SQLITE) == datetime(2026, 11, 21, 18, 57, 3, 120000, tzinfo=UTC)
    assert UtcDateTime().process_bind_param(None, SQLITE) is None
    assert UtcDateTime().process_result_value(None, SQLITE) is None


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an aware time, got the naive 2026-11-21"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 21), SQLITE)  # noqa: DTZ001


def test_the_columns_of_each_database() -> None:
    table = Table("t", MetaData(), Column("a", UtcDateTime), Column("b", JsonText), Column("c", Ident(40)))

    def ddl(dialect: Dialect) -> str:
        return " ".join(str(CreateTable(table).compile(dialect=dialect)).split())

    assert ddl(SQLITE) == "CREATE TABLE t ( a DATETIME, b TEXT, c VARCHAR(40) )"
    assert ddl(MYSQL) == (
        "CREATE TABLE t ( a DATETIME(6), b MEDIUMTEXT, c VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin )"
    )


def test_json_is_compact_and_readable() -> None:
    assert to_json({"имя": "дверь", "n": [1, None]}) == '{"имя":"дверь","n":[1,null]}'
    assert JsonText().process_result_value('{"a":1}', SQLITE) == {"a": 1}
    assert JsonText().process_bind_param(None, SQLITE) is None


def test_what_json_does_not_know_is_never_fatal() -> None:
    assert to_json({"raw": b"\x01", ("a",): 1, "half": "\ud83d"}) == '{"raw":"b\'\\\\x01\'","half":"?"}'
