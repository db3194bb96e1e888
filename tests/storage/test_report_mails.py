"""Schedules of reports, and their mails, in the local store."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from irzhub.storage.local import LocalStore
from irzhub.storage.report_mails import (
    delete_schedule,
    due_mails,
    due_schedules,
    find_schedule,
    list_mails,
    load_schedules,
    next_moment,
    note_mail,
    purge_mails,
    put_into_mail,
    replaced,
    save_schedule,
)
from tests.storage.report_rows import MAIL, SCHEDULE
from tests.storage.rows import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as opened:
        yield opened


async def test_a_schedule_is_kept_changed_and_removed(store: LocalStore) -> None:
    def steps(conn: Connection) -> None:
        save_schedule(conn, SCHEDULE)
        assert load_schedules(conn) == [SCHEDULE]
        save_schedule(conn, dataclasses.replace(SCHEDULE, name="Иначе", weekdays=[]))
        found = find_schedule(conn, SCHEDULE.id)
        assert found is not None
        assert (found.name, found.weekdays) == ("Иначе", [])
        put_into_mail(conn, [MAIL, replaced(MAIL, id="01S", status="sent")])
        delete_schedule(conn, SCHEDULE.id)
        assert (load_schedules(conn), find_schedule(conn, SCHEDULE.id)) == ([], None)
        assert [mail.status for mail in list_mails(conn, 10)] == ["sent"]

    await store.write(steps)


async def test_what_is_due(store: LocalStore) -> None:
    def steps(conn: Connection) -> None:
        assert next_moment(conn) is None
        save_schedule(conn, dataclasses.replace(SCHEDULE, next_at=LATER))
        save_schedule(conn, dataclasses.replace(SCHEDULE, id="01Q", is_enabled=False))
        assert due_schedules(conn, NOW) == []
        assert [row.id for row in due_schedules(conn, LATER)] == [SCHEDULE.id]
        assert next_moment(conn) == LATER
        put_into_mail(conn, [MAIL, replaced(MAIL, id="01S", next_at=LATER), replaced(MAIL, id="01T", next_at=None)])
        assert [mail.id for mail in due_mails(conn, NOW, 10)] == [MAIL.id]
        assert next_moment(conn) == NOW

    await store.write(steps)


async def test_mails_and_the_next_time_are_kept_together_and_once(store: LocalStore) -> None:
    def steps(conn: Connection) -> None:
        save_schedule(conn, SCHEDULE)
        put_into_mail(conn, [MAIL], dataclasses.replace(SCHEDULE, next_at=LATER))
        assert (len(list_mails(conn, 10)), load_schedules(conn)[0].next_at) == (1, LATER)
        stale = dataclasses.replace(SCHEDULE, updated_at=NOW - timedelta(1), next_at=NOW)
        put_into_mail(conn, [replaced(MAIL, id="01S")], stale)
        assert (len(list_mails(conn, 10)), load_schedules(conn)[0].next_at) == (1, LATER)

    await store.write(steps)


async def test_how_a_mail_fares(store: LocalStore) -> None:
    def steps(conn: Connection) -> None:
        put_into_mail(conn, [MAIL])
        done = replaced(MAIL, status="failed", attempts=3, error="x" * 5000, next_at=None, finished_at=NOW)
        note_mail(conn, done)
        assert list_mails(conn, 10) == [done]
        assert len(done.error) == 1000
        assert due_mails(conn, LATER, 10) == []
        assert purge_mails(conn, NOW) == 0
        assert purge_mails(conn, LATER) == 1

    await store.write(steps)
