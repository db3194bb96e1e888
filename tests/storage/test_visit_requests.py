"""Visit requests come back as they were."""

from dataclasses import replace

from irzhub.storage.local import Connection
from irzhub.storage.visit_requests import get_visit, last_visit, list_visits, save_visit
from tests.storage.alert_rows import VISIT
from tests.storage.rows import NOW


def test_a_request_is_kept_and_closed(local: Connection) -> None:
    assert last_visit(local) == 0
    save_visit(local, VISIT)
    save_visit(local, replace(VISIT, number=319, incident=None))
    closed = replace(VISIT, closed_at=NOW, closed_by="борис", result="заменён автомат")
    save_visit(local, closed)

    assert get_visit(local, 318) == closed and get_visit(local, 1) is None
    assert [row.number for row in list_visits(local)] == [319, 318]
    assert [row.number for row in list_visits(local, is_open=True)] == [319]
    assert [row.number for row in list_visits(local, is_open=False, incident=17, before=319)] == [318]
    assert last_visit(local) == 319
