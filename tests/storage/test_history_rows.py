import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from irzhub.storage.history_rows import ROWS_AT_ONCE, add_rows, upsert_rows
from irzhub.storage.local import Connection
from irzhub.storage.tables_history import events, hubs, modems
from tests.storage.rows import MODEM, NOW

COUNT = ROWS_AT_ONCE * 2 + 7


def hub(name: str, instance: str = "01A") -> dict[str, object]:
    return {"hub": name, "instance": instance, "seen_at": NOW}


def stored(conn: Connection) -> list[tuple[str, str]]:
    return [(row.hub, row.instance) for row in conn.execute(select(hubs).order_by(hubs.c.hub))]


def test_rows_are_added_or_replaced(history_connection: Connection) -> None:
    upsert_rows(history_connection, hubs, [hub(f"h{number:05d}") for number in range(COUNT)])
    upsert_rows(history_connection, hubs, [hub("h00001", "01B")])

    assert len(stored(history_connection)) == COUNT
    assert stored(history_connection)[:3] == [("h00000", "01A"), ("h00001", "01B"), ("h00002", "01A")]
    assert history_connection.scalar(select(hubs.c.seen_at).limit(1)) == NOW


def test_rows_that_are_there_already_stay_as_they_are(history_connection: Connection) -> None:
    add_rows(history_connection, hubs, [hub("a"), hub("b")])
    add_rows(history_connection, hubs, [hub("b", "01B"), hub("c", "01C")])

    assert stored(history_connection) == [("a", "01A"), ("b", "01A"), ("c", "01C")]


def test_ids_that_differ_in_case_are_two(history_connection: Connection) -> None:
    upsert_rows(history_connection, hubs, [hub("Raw-a"), hub("raw-A")])

    assert [name for name, _ in stored(history_connection)] == ["Raw-a", "raw-A"]


def test_a_text_is_cut_to_its_column(history_connection: Connection) -> None:
    row = {
        "hub": "main",
        "modem": MODEM,
        "imei": MODEM,
        "driver": "irz",
        "host": "0.0.0.0",
        "port": 1,
        "name": "Ж" * 500,
        "group": "",
        "comment": "",
        "registered_at": NOW,
        "overrides": {},
        "inputs": [],
        "updated_at": NOW,
        "organisation": "",
        "site": "",
        "phone_sim1": "",
        "phone_sim2": "",
    }
    upsert_rows(history_connection, modems, [dict.fromkeys(modems.c.keys()) | row])

    assert history_connection.scalar(select(modems.c.name)) == "Ж" * 200


def test_adding_hides_no_real_fault(history_connection: Connection) -> None:
    nameless = {"id": "01A", "hub": "main", "seq": 1, "ts": NOW, "type": None, "modem": None, "data": {}}

    with pytest.raises(DBAPIError):
        add_rows(history_connection, events, [nameless])
