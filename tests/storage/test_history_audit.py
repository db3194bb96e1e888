"""Copies of the audit, in SQLite and on a server."""

from datetime import timedelta

from sqlalchemy import Connection, select

from irzhub.storage.audit import AuditRow
from irzhub.storage.history_audit import insert_audit, last_audit, purge_audit_copies
from irzhub.storage.tables_history import audit
from tests.storage.rows import MODEM, NOW


def row(seq: int) -> AuditRow:
    return AuditRow(
        ts=NOW + timedelta(days=seq), actor="анна", action="x", seq=seq, modem=MODEM, after={"имя": "дом"}, hash="ab"
    )


def test_a_row_is_stored_once_and_the_old_ones_go(history_connection: Connection) -> None:
    assert last_audit(history_connection, "main") == 0
    insert_audit(history_connection, "main", [row(1), row(2)])
    insert_audit(history_connection, "main", [row(2), row(3)])
    insert_audit(history_connection, "reserve", [row(9)])

    assert last_audit(history_connection, "main") == 3
    assert purge_audit_copies(history_connection, "main", NOW + timedelta(days=2, seconds=1), limit=10) == 2
    left = history_connection.execute(select(audit.c.hub, audit.c.seq, audit.c.after).order_by(audit.c.seq)).all()
    assert [tuple(each) for each in left] == [("main", 3, {"имя": "дом"}), ("reserve", 9, {"имя": "дом"})]
