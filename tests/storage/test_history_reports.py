"""What the history tells reports, on SQLite and on MariaDB."""

from datetime import timedelta

from sqlalchemy import Connection

from irzhub.core.events import CommandFinished, Event, MissedSchedule
from irzhub.storage.history_events import insert_events
from irzhub.storage.history_incidents import upsert_incidents
from irzhub.storage.history_reports import past_events, past_incidents, slot_sums
from irzhub.storage.history_series import DAY_S, HOUR_S, SlotRow, upsert_slots
from irzhub.storage.incidents import IncidentRow
from tests.storage.rows import MODEM, NOW, OTHER

HUB = "main"
DAY = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
SINCE, UNTIL = DAY - timedelta(days=3), DAY + timedelta(hours=12)


def slot(modem: str, slot_s: int, hours: float, bytes_: int = 10, csq: int = 20) -> SlotRow:
    start = DAY + timedelta(hours=hours)
    about = {"csq_sum": csq, "csq_count": 1, "csq_min": csq}
    return SlotRow("main", modem, slot_s, start, rx_bytes=bytes_, tx_bytes=1, **about)


def test_sums_by_modem_and_by_day(history_connection: Connection) -> None:
    slots = [
        slot(MODEM, DAY_S, -48),
        slot(MODEM, DAY_S, -24, csq=8),
        slot(MODEM, HOUR_S, -20, bytes_=999),
        slot(MODEM, DAY_S, 0, bytes_=999),
        slot(MODEM, HOUR_S, 1),
        slot(OTHER, HOUR_S, 2),
        slot(OTHER, DAY_S, -96),
    ]
    upsert_slots(history_connection, slots)
    by_modem = slot_sums(history_connection, HUB, None, SINCE, UNTIL, by_modem=True)
    by_day = slot_sums(history_connection, HUB, {MODEM}, SINCE, UNTIL, by_modem=False)

    sums: dict[str, list[int]] = {}
    for each in by_modem:
        sums.setdefault(each.modem, []).append(each.rx_bytes)
    assert sums == {MODEM: [20, 10], OTHER: [10]}
    assert [(each.start, each.rx_bytes, each.csq_min) for each in by_day] == [
        (DAY - timedelta(hours=48), 10, 20),
        (DAY - timedelta(hours=24), 10, 8),
        (DAY + timedelta(hours=1), 10, 20),
    ]


def test_incidents_of_a_time(history_connection: Connection) -> None:
    def incident(number: int, opened: float, closed: float | None) -> IncidentRow:
        end = None if closed is None else DAY + timedelta(hours=closed)
        start = DAY + timedelta(hours=opened)
        about = {"kind": "link_lost", "subject": MODEM, "modem": MODEM, "severity": "alarm", "parent": 7}
        return IncidentRow(number=number, opened_at=start, last_seen_at=start, closed_at=end, **about)  # type: ignore[arg-type]

    rows = [incident(1, -100, -90), incident(2, -100, -50), incident(3, -10, None), incident(4, 20, None)]
    upsert_incidents(history_connection, HUB, rows)
    found = past_incidents(history_connection, HUB, SINCE, UNTIL, 10)
    first = past_incidents(history_connection, HUB, SINCE, UNTIL, 1)

    assert [each.number for each in found] == [3, 2]
    assert [each.number for each in first] == [3]
    assert (found[0].modem, found[0].parent, found[0].closed_at) == (MODEM, 7, None)


def test_events_of_a_type_and_a_time(history_connection: Connection) -> None:
    events: list[Event] = [MissedSchedule(ts=NOW, modem=MODEM, since=NOW, until=NOW, seq=1, id=f"01K{1:023}")]
    for seq in range(2, 12):
        modem = MODEM if seq % 2 else OTHER
        moment = NOW + timedelta(minutes=seq)
        about = {"command": "signal", "status": "ok", "origin": "rest:анна"}
        events.append(CommandFinished(ts=moment, modem=modem, seq=seq, id=f"01K{seq:023}", **about))  # type: ignore[arg-type]
    insert_events(history_connection, HUB, events)

    since, until, kind = NOW + timedelta(minutes=4), NOW + timedelta(minutes=9), "command_finished"
    found = list(past_events(history_connection, HUB, kind, None, since, until))
    own = list(past_events(history_connection, HUB, kind, frozenset({MODEM}), since, until))
    assert [event.seq for event in found] == [4, 5, 6, 7, 8]
    assert [event.seq for event in own] == [5, 7]
