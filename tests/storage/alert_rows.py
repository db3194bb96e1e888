"""One row of each kind about incidents, in all its columns."""

from datetime import timedelta
from typing import Final

from irzhub.storage.incidents import ActionRow, IncidentRow, MemberRow, add_action, save_incidents, save_members
from irzhub.storage.local import Connection
from irzhub.storage.maintenance import MaintenanceRow, save_window
from irzhub.storage.shift_log import ShiftEntry, add_entry
from irzhub.storage.visit_requests import VisitRow, save_visit
from tests.storage.rows import MODEM, NOW

INCIDENT: Final = IncidentRow(
    number=17,
    kind="gpi_alarm",
    subject=f"{MODEM}/gpi/1",
    modem=MODEM,
    severity="alarm",
    opened_at=NOW,
    last_seen_at=NOW + timedelta(seconds=5),
    count=3,
    good_since=NOW + timedelta(seconds=9),
    facts={"name": "дверь", "level": "ON"},
    muted="maintenance",
    acknowledged_by="анна",
    acknowledged_at=NOW,
    silenced_until=NOW,
    owner="борис",
    note="ключ у сторожа",
    parent=16,
    is_told=True,
    revision=41,
)
VISIT: Final = VisitRow(
    number=318,
    incident=17,
    modem=MODEM,
    created_at=NOW,
    created_by="анна",
    site="КНС-4",
    address="Садовая, 31",
    access="ключ у сторожа",
    contact="Громов, 112",
    cause="нет связи",
    task="проверить питание",
    due_at=NOW,
)
WINDOW: Final = MaintenanceRow(
    id="01M",
    group="Север",
    since=NOW,
    until=NOW + timedelta(hours=2),
    reason="замена шкафа",
    created_by="анна",
    created_at=NOW,
)


def fill_alerts(connection: Connection) -> None:
    """Store something in each table about incidents."""
    save_incidents(connection, [INCIDENT])
    save_members(connection, [MemberRow(17, MODEM, NOW, NOW + timedelta(seconds=1), "нет keepalive 127 с")])
    add_action(connection, ActionRow("01A", 17, NOW, "анна", "acknowledged", "еду"))
    add_entry(
        connection, ShiftEntry(id="01S", at=NOW, by="hub", kind="opened", incident=17, facts={"a": 1}, text="заметка")
    )
    save_visit(connection, VISIT)
    save_window(connection, WINDOW)
