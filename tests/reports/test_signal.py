"""Signal from the sums of days and hours."""

from pathlib import Path

import pytest

from irzhub.reports.signal import gather, verdict
from irzhub.storage.history_series import DAY_S, HOUR_S, SlotRow, upsert_slots
from tests.reports.fleet import ONE, SIM, THREE, TWO, cells, past, series, utc, wanted


def slots() -> list[SlotRow]:
    def slot(modem: str, slot_s: int, start: str, total: int, count: int, least: int) -> SlotRow:
        about = {"csq_sum": total, "csq_count": count, "csq_min": least, "csq_max": 31}
        return SlotRow("main", modem, slot_s, utc(start), **about, rx_bytes=1000 * count, tx_bytes=100 * count)

    return [
        slot(ONE, DAY_S, "20 00:00", 200, 10, 18),
        slot(ONE, DAY_S, "21 00:00", 300, 15, 12),
        slot(ONE, HOUR_S, "21 05:00", 999, 99, 1),
        slot(ONE, HOUR_S, "22 05:00", 0, 5, 0),
        slot(TWO, DAY_S, "21 00:00", 80, 10, 7),
        slot(TWO, DAY_S, "10 00:00", 999, 99, 1),
        slot("868441036770000", DAY_S, "21 00:00", 310, 10, 31),
    ]


async def test_signal_by_modem_and_by_day(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        made.clock.at = utc("22 09:00")
        await made.write(lambda conn, _: upsert_slots(conn, slots()))
        await made.write(lambda conn, _: upsert_slots(conn, [SlotRow("main", THREE, DAY_S, utc("22 00:00"))]))
        report = await made.report(gather, wanted("signal", group="Север"))

    assert cells(report, "modem", "csq", "csq_min", "rssi_dbm", "rssi_min_dbm", "measurements", "verdict") == [
        (TWO, 8.0, 7, -97.0, -99.0, 10, "weak"),
        (ONE, 16.7, 0, -79.6, -113.0, 30, "good"),
    ]
    assert cells(report, "operator", "iccid")[1] == ("МТС", SIM)
    assert series(report, "signal_by_day") == {"rssi_dbm": [-73.0, -82.6, -113.0]}
    assert series(report, "modems_by_signal") == {"modems": [1, 0, 1, 0]}
    assert report.total["csq"] == 14.5


async def test_what_was_never_measured_is_not_known(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        report = await made.report(gather, wanted("signal", modem=THREE))

    assert cells(report, "csq", "rssi_dbm", "measurements", "verdict") == [(None, None, 0, "unknown")]


@pytest.mark.parametrize(
    ("csq", "word"), [(None, "unknown"), (9.9, "weak"), (10, "fair"), (14.9, "fair"), (15, "good")]
)
def test_verdicts(csq: float | None, word: str) -> None:
    assert verdict(csq) == word
