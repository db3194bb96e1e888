"""Sessions and sums of links out of the history."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from irzhub.storage.history_links import LinkSums, SessionSpan, link_sums, session_spans
from irzhub.storage.history_modems import modem_values, upsert_modems
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.history_series import DAY_S, HOUR_S, SlotRow, upsert_slots
from irzhub.storage.tables_history import sessions
from tests.storage.rows import modem_row

HUB = "main"
DAY = datetime(2026, 11, 21, tzinfo=UTC)


def session(name: str, modem: str, opened: datetime, closed: datetime | None, lasted_s: float | None) -> dict[str, Any]:
    empty = {column.name: None for column in sessions.columns}
    return {
        **empty,
        "hub": HUB,
        "session": name,
        "modem": modem,
        "opened_at": opened,
        "closed_at": closed,
        "is_open": closed is None,
        "lasted_s": lasted_s,
    }


def test_sessions_that_touch_the_time_are_found(history_connection: Connection) -> None:
    hour = timedelta(hours=1)
    rows = [
        session("before", "a", DAY - 5 * hour, DAY - 2 * hour, 3.0),
        session("into", "a", DAY - 5 * hour, DAY + hour, 3.0),
        session("unseen", "a", DAY + 2 * hour, DAY + 3 * hour, None),
        session("open", "a", DAY + 4 * hour, None, None),
        session("after", "a", DAY + 48 * hour, None, None),
        session("other", "b", DAY + hour, None, None),
    ]
    upsert_rows(history_connection, sessions, rows)
    upsert_modems(history_connection, [modem_values(HUB, modem_row(each), [], None, DAY) for each in "ab"])
    found = session_spans(history_connection, HUB, ["a"], DAY, DAY + 24 * hour)
    assert found == [
        SessionSpan("a", DAY - 5 * hour, DAY + hour, is_seen=True),
        SessionSpan("a", DAY + 2 * hour, DAY + 3 * hour, is_seen=False),
        SessionSpan("a", DAY + 4 * hour, None, is_seen=True),
    ]
    everybodys = session_spans(history_connection, HUB, None, DAY, DAY + 24 * hour)
    assert [each for each in everybodys if each.modem == "a"] == found
    assert [each for each in everybodys if each.modem != "a"] == [SessionSpan("b", DAY + hour, None, is_seen=True)]
    assert session_spans(history_connection, "another", None, DAY, DAY + 24 * hour) == []


def test_days_that_are_over_count_by_their_sums_and_the_last_one_by_its_hours(history_connection: Connection) -> None:
    def slot(slot_s: int, start: datetime, rx_bytes: int, csq: int) -> SlotRow:
        return SlotRow(
            hub=HUB,
            modem="a",
            slot_s=slot_s,
            start=start,
            rx_bytes=rx_bytes,
            tx_bytes=1,
            csq_sum=csq * 2,
            csq_count=2,
            csq_min=csq,
        )

    slots = [
        slot(DAY_S, DAY - timedelta(days=1), 100, 20),
        slot(HOUR_S, DAY - timedelta(hours=3), 40, 5),  # in the sum of its day already
        slot(DAY_S, DAY, 7, 10),  # of a day that is not over: as far as it was summed up
        slot(HOUR_S, DAY + timedelta(hours=1), 7, 10),
        slot(HOUR_S, DAY + timedelta(hours=2), 3, 12),
    ]
    upsert_slots(history_connection, slots)
    sums = link_sums(history_connection, HUB, DAY - timedelta(days=1), DAY + timedelta(hours=12))
    assert sums == {"a": LinkSums("a", 110, 3, 84, 6, 10)}
