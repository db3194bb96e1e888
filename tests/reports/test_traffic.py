"""Traffic from the sums of days and hours."""

from pathlib import Path

from irzhub.reports.traffic import gather
from irzhub.storage.history_series import DAY_S, SlotRow, upsert_slots
from tests.reports.fleet import ONE, THREE, TWO, cells, past, series, utc, wanted
from tests.reports.test_signal import slots


async def test_traffic_by_modem_and_by_day(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        await made.write(lambda conn, _: upsert_slots(conn, [*slots(), SlotRow("main", THREE, DAY_S, utc("22 00:00"))]))
        report = await made.report(gather, wanted("traffic"))
        of_group = await made.report(gather, wanted("traffic", group="Юг"))

    assert cells(report, "modem", "rx_bytes", "tx_bytes", "total_bytes", "bytes_a_day")[0] == (
        *(ONE, 30_000, 3_000, 33_000, 11_000),
    )
    assert [modem for modem, _ in cells(report, "modem", "share")] == [ONE, TWO, THREE]
    assert (report.total["rx_bytes"], report.total["total_bytes"]) == (40_000, 44_000)
    whole_hub = series(report, "traffic_by_day")["rx_bytes"]
    assert whole_hub == [10_000, 35_000, 5_000], "with modems that are no more"
    assert series(of_group, "traffic_by_day")["rx_bytes"] == [0, 0, 0]
    assert cells(of_group, "total_bytes", "share") == [(0, None)]
