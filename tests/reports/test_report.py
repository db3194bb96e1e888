"""What a report is made of."""

from irzhub.reports.report import Column, Report, dbm, ratio
from tests.reports.fleet import NOW


def test_totals_hold_what_their_columns_do() -> None:
    columns = (Column("online_s", "duration"), Column("breaks", "number"))
    report = Report(kind="x", since=NOW, until=NOW, made_at=NOW, zone="UTC", columns=columns, rows=[])

    names = ("online_s", "breaks", "modems", "read_ratio")
    assert [report.meaning_of(name) for name in names] == ["duration", "number", "number", "ratio"]


def test_shares_and_signals() -> None:
    assert (ratio(1, 3), ratio(1, 0), ratio(0, 5)) == (0.333333, None, 0)
    assert (dbm(None), dbm(0), dbm(31), dbm(16.5)) == (None, -113, -51, -80)
