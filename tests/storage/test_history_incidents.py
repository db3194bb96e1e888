"""Copies of incidents, in SQLite and on a server."""

from dataclasses import replace

from sqlalchemy import Connection, select

from irzhub.storage.history_incidents import last_copied, upsert_incidents
from irzhub.storage.tables_history import incidents
from tests.storage.alert_rows import INCIDENT
from tests.storage.rows import NOW


def test_the_latest_state_of_an_incident_is_kept(history_connection: Connection) -> None:
    assert last_copied(history_connection, "main") == (0, 0)
    upsert_incidents(history_connection, "main", [INCIDENT])
    upsert_incidents(history_connection, "main", [replace(INCIDENT, closed_at=NOW, revision=44)])
    upsert_incidents(history_connection, "reserve", [replace(INCIDENT, revision=99)])

    assert last_copied(history_connection, "main") == (17, 44)
    found = history_connection.execute(select(incidents).where(incidents.c.hub == "main")).mappings().one()
    assert (found["closed_at"], found["facts"], found["parent"]) == (NOW, INCIDENT.facts, 16)
