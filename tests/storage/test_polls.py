"""Polls of a day in both databases."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from irzhub.storage.local import LocalStore
from irzhub.storage.polls import PollRow, drop_polls, load_polls, purge_polls, read_polls, record_polls, save_polls

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def row(day: str, modem: str = "868441036775234", **values: int) -> PollRow:
    return PollRow(
        day=day,
        modem=modem,
        address="7",
        program="10.0.0.7",
        protocol="modbus",
        first_asked=NOW,
        last_asked=NOW,
        **values,  # type: ignore[arg-type]
    )


async def test_the_last_days_are_kept_locally(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        await store.write(lambda conn: save_polls(conn, [row("2026-11-19", asked=1), row("2026-11-21", asked=1)]))
        await store.write(lambda conn: save_polls(conn, [row("2026-11-21", asked=5, hours_asked=1 << 23)]))
        await store.write(lambda conn: save_polls(conn, []))

        assert await store.read(lambda conn: load_polls(conn, "2026-11-20")) == [
            row("2026-11-21", asked=5, hours_asked=1 << 23)
        ]
        assert await store.write(lambda conn: drop_polls(conn, "2026-11-21")) == 1


def test_all_days_are_in_the_history(history_connection: Connection) -> None:
    connection = history_connection
    rows = [row(day, str(number), asked=number) for day in ("2026-11-20", "2026-11-21") for number in range(3)]
    record_polls(connection, "main", rows)
    grown = row("2026-11-21", "2", asked=9)
    record_polls(connection, "main", [grown])

    found = read_polls(connection, "main", "2026-11-21")
    assert sorted((each.modem, each.asked) for each in found) == [("0", 0), ("1", 1), ("2", 9)]
    assert next(each for each in found if each.modem == "2") == grown
    assert read_polls(connection, "another", "2026-11-21") == []

    assert [purge_polls(connection, "main", "2026-11-21", 2) for _ in range(3)] == [2, 1, 0]
    assert len(read_polls(connection, "main", "2026-11-21")) == 3
