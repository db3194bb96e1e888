"""The reports that there are."""

from pathlib import Path

import pytest

from irzhub.reports.kinds import KINDS
from irzhub.reports.words import REPORTS
from irzhub.web.models_reports import ReportKind
from tests.reports.fleet import past, wanted


def test_each_has_a_title_and_stands_in_the_interface() -> None:
    assert list(KINDS) == list(REPORTS)
    assert set(KINDS) == set(ReportKind.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
async def test_of_an_empty_history_each_is_whole(kind: str, tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        report = await made.report(KINDS[kind].gather, wanted(kind))

    assert report.columns == KINDS[kind].columns
    assert all(len(row) == len(report.columns) for row in report.rows)
    for chart in report.charts:
        assert all(len(values) == len(chart.labels) for values in chart.series.values()), chart.name
