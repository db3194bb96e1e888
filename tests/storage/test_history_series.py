from datetime import UTC, datetime, timedelta

from irzhub.storage.history_series import (
    DAY_S,
    HOUR_S,
    SLOT_S,
    SlotRow,
    load_slots,
    purge_slots,
    read_series,
    roll_up,
    upsert_slots,
)
from irzhub.storage.local import Connection
from tests.storage.rows import MODEM, OTHER

HOUR = datetime(2026, 11, 21, 18, tzinfo=UTC)
EVER = (HOUR - timedelta(days=9), HOUR + timedelta(days=9))


def slot(number: int, csq: int | None = None, rx: int = 0, modem: str = MODEM) -> SlotRow:
    row = SlotRow("main", modem, SLOT_S, HOUR + timedelta(seconds=SLOT_S * number), rx_bytes=rx, tx_bytes=1)
    if csq is not None:
        row.csq_min = row.csq_max = row.csq_sum = row.csq_last = csq
        row.csq_count = 1
    return row


def test_a_slot_is_replaced_by_its_newer_form(history_connection: Connection) -> None:
    upsert_slots(history_connection, [slot(0, 20), slot(1, 21)])
    upsert_slots(history_connection, [slot(0, 25, rx=7)])

    assert read_series(history_connection, "main", MODEM, SLOT_S, *EVER) == [slot(0, 25, rx=7), slot(1, 21)]
    assert load_slots(history_connection, "main", SLOT_S, HOUR) == [slot(0, 25, rx=7)]


def test_slots_roll_up_to_hours_and_hours_to_days(history_connection: Connection) -> None:
    rows = [slot(0, 20, rx=1), slot(1, 10, rx=2), slot(2, rx=4), slot(5, 31, rx=8), slot(6, 5, rx=16)]
    upsert_slots(history_connection, [*rows, slot(0, 7, modem=OTHER)])
    for hour in (HOUR, HOUR + timedelta(hours=1)):
        roll_up(history_connection, "main", SLOT_S, HOUR_S, hour)

    hours = read_series(history_connection, "main", MODEM, HOUR_S, *EVER)
    assert [(row.start.hour, row.csq_min, row.csq_max, row.csq_sum, row.csq_count, row.csq_last) for row in hours] == [
        (18, 10, 31, 61, 3, 31),
        (19, 5, 5, 5, 1, 5),
    ]
    assert [(row.rx_bytes, row.tx_bytes, row.temperature_count) for row in hours] == [(15, 4, 0), (16, 1, 0)]
    assert [row.csq_last for row in read_series(history_connection, "main", OTHER, HOUR_S, *EVER)] == [7]

    day = HOUR.replace(hour=0)
    roll_up(history_connection, "main", HOUR_S, DAY_S, day)
    (whole,) = read_series(history_connection, "main", MODEM, DAY_S, *EVER)
    assert (whole.start, whole.csq_min, whole.csq_max, whole.csq_count, whole.csq_last) == (day, 5, 31, 4, 5)
    assert whole.rx_bytes == 31


def test_rolling_up_again_after_late_values_gives_the_whole(history_connection: Connection) -> None:
    upsert_slots(history_connection, [slot(0, 20, rx=1)])
    roll_up(history_connection, "main", SLOT_S, HOUR_S, HOUR)
    roll_up(history_connection, "main", SLOT_S, HOUR_S, HOUR)
    upsert_slots(history_connection, [slot(3, 10, rx=2)])
    roll_up(history_connection, "main", SLOT_S, HOUR_S, HOUR)

    (hour,) = read_series(history_connection, "main", MODEM, HOUR_S, *EVER)
    assert (hour.csq_min, hour.csq_count, hour.csq_last, hour.rx_bytes) == (10, 2, 10, 3)


def test_old_slots_go_by_length(history_connection: Connection) -> None:
    upsert_slots(history_connection, [slot(number, 20, modem=modem) for number in range(4) for modem in (MODEM, OTHER)])
    roll_up(history_connection, "main", SLOT_S, HOUR_S, HOUR)
    before = HOUR + timedelta(seconds=2 * SLOT_S)
    removed = []
    while count := purge_slots(history_connection, "main", SLOT_S, before, 1):
        removed.append(count)

    assert removed == [1, 1, 1, 1]
    assert len(read_series(history_connection, "main", MODEM, SLOT_S, *EVER)) == 2
    assert len(read_series(history_connection, "main", MODEM, HOUR_S, *EVER)) == 1
