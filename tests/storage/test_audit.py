"""The chain of the audit: what breaks it is found, and told with the number of its row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from irzhub.storage.audit import (
    AuditFilter,
    AuditRow,
    append_audit,
    find_audit,
    purge_audit,
    read_audit,
    verify_audit,
)
from irzhub.storage.local import Connection
from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import audit
from tests.storage.rows import MODEM, NOW


def row(number: int = 0, **values: object) -> AuditRow:
    plain = AuditRow(ts=NOW + timedelta(minutes=number), actor="анна", action="edit_modem", modem=MODEM)
    return replace(plain, before={"name": f"дом {number}"}, after={"name": "дом"}, **values)  # type: ignore[arg-type]


def five_rows(connection: Connection) -> None:
    append_audit(connection, [row(0), row(1)])
    append_audit(connection, [row(2), row(3), row(4)])


def test_rows_come_back_as_they_were_written_and_hang_together(local: Connection) -> None:
    stored = append_audit(local, [row(0, ts=NOW + timedelta(microseconds=789)), row(1, status=200, result="ok")])

    assert read_audit(local, 0, 10) == stored
    assert [each.seq for each in stored] == [1, 2]
    assert stored[1].previous == stored[0].hash
    assert stored[0].to_json()["ts"] == "2026-11-21T18:57:03.120Z"
    assert (verify_audit(local).rows, verify_audit(local).fault) == (2, None)


def test_an_empty_chain_is_whole(local: Connection) -> None:
    assert verify_audit(local).fault is None


def swap(connection: Connection) -> None:
    second, third = read_audit(connection, 1, 2)
    connection.execute(delete(audit).where(audit.c.seq.in_((2, 3))))
    connection.execute(insert(audit), [row_values(replace(second, seq=3)), row_values(replace(third, seq=2))])


def change(connection: Connection, seq: int, **values: object) -> None:
    connection.execute(update(audit).where(audit.c.seq == seq).values(**values))


def rewrite(connection: Connection) -> None:
    """A forger who knows how a row's hash is made, without a key."""
    from irzhub.storage.audit import row_hash

    third = replace(read_audit(connection, 2, 1)[0], actor="борис")
    change(connection, 3, actor="борис", hash=row_hash(third))


def remove(connection: Connection, *numbers: int) -> None:
    connection.execute(delete(audit).where(audit.c.seq.in_(numbers)))


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (lambda conn: change(conn, 3, actor="борис"), "row 3 was changed"),
        (lambda conn: change(conn, 3, after={"name": "чужой дом"}), "row 3 was changed"),
        (lambda conn: change(conn, 3, ts=NOW), "row 3 was changed"),
        (lambda conn: change(conn, 1, previous="f" * 64), "row 1 was changed"),
        (rewrite, "row 4 does not follow row 3"),
        (swap, "row 2 was changed"),
        (lambda conn: remove(conn, 1), "row 1 is missing"),
        (lambda conn: remove(conn, 3), "row 3 is missing"),
        (lambda conn: remove(conn, 2, 3), "row 2 to 3 is missing"),
        (lambda conn: remove(conn, 5), "row 5 to 5 is missing at the end"),
        (lambda conn: remove(conn, 1, 2, 3, 4, 5), "row 1 to 5 is missing at the end"),
    ],
)
def test_whatever_is_done_to_the_rows_is_found(
    local: Connection, tamper: Callable[[Connection], None], fault: str
) -> None:
    five_rows(local)
    assert verify_audit(local).fault is None

    tamper(local)

    assert str(verify_audit(local).fault).startswith(fault)


def test_with_a_key_nobody_else_can_write_a_row_that_fits(local: Connection) -> None:
    append_audit(local, [row(0)], key=b"secret")
    assert verify_audit(local, key=b"secret").fault is None
    assert str(verify_audit(local, key=b"other").fault).startswith("row 1 was changed, or the key is another one")

    append_audit(local, [row(1)], key=b"guessed")

    assert str(verify_audit(local, key=b"secret").fault).startswith("row 2 was changed")


def test_rows_that_went_by_age_leave_a_chain_that_holds(local: Connection) -> None:
    five_rows(local)

    assert purge_audit(local, NOW + timedelta(minutes=2), up_to_seq=5) == 2
    assert [each.seq for each in read_audit(local, 0, 10)] == [3, 4, 5]
    found = verify_audit(local)
    assert (found.rows, found.first, found.last, found.fault) == (3, 3, 5, None)

    assert purge_audit(local, NOW + timedelta(days=1), up_to_seq=4) == 2
    remove(local, 5)
    assert verify_audit(local).fault == "row 5 to 5 is missing at the end"


def test_a_row_put_in_before_the_beginning_is_found(local: Connection) -> None:
    five_rows(local)
    first = read_audit(local, 0, 1)[0]
    purge_audit(local, NOW + timedelta(minutes=2), up_to_seq=5)

    local.execute(insert(audit), row_values(first))

    assert verify_audit(local).fault is not None


def test_rows_are_found_by_what_is_asked_from_new_to_old(local: Connection) -> None:
    append_audit(local, [row(0), row(1, actor="борис", organisation="north"), row(2, action="login", modem=None)])

    def numbers(wanted: AuditFilter, limit: int = 10) -> list[int]:
        return [each.seq for each in find_audit(local, wanted, limit)]

    assert numbers(AuditFilter()) == [3, 2, 1]
    assert numbers(AuditFilter(), limit=2) == [3, 2]
    assert numbers(AuditFilter(before_seq=3)) == [2, 1]
    assert numbers(AuditFilter(actor="борис")) == [2]
    assert numbers(AuditFilter(action="login")) == [3]
    assert numbers(AuditFilter(modem=MODEM)) == [2, 1]
    assert numbers(AuditFilter(since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=2))) == [2]
    assert numbers(AuditFilter(organisations=frozenset({"north"}))) == [2]
    assert numbers(AuditFilter(result="refused")) == []
