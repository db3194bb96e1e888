"""The tables of incidents are part of the local schema; the history has an incident's columns too."""

from irzhub.storage import tables_history
from irzhub.storage.tables_local import incident_members, incidents, maintenance_windows, metadata, visit_requests


def test_they_belong_to_the_local_schema() -> None:
    assert {incidents.name, maintenance_windows.name, visit_requests.name} <= set(metadata.tables)
    assert [column.name for column in incident_members.primary_key] == ["incident", "modem"]


def test_the_history_has_all_that_tells_of_an_incident() -> None:
    kept = {column.name for column in tables_history.incidents.columns}

    assert {column.name for column in incidents.columns} - kept == {"is_told"}
    assert [column.name for column in tables_history.incidents.primary_key] == ["hub", "number"]
