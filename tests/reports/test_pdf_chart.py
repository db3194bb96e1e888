"""Charts on a page."""

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from irzhub.reports.pdf_file import write_pdf
from irzhub.reports.report import Chart
from tests.reports.sheets import sheet

DAYS = tuple(f"2026-11-{day:02}" for day in range(1, 31))


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (
            {"form": "line", "meaning": "ratio", "series": {"availability": [0.97, None, *[1.0] * 28]}},
            ("95,0", "100,0"),
        ),
        ({"form": "line", "meaning": "dbm", "series": {"rssi_dbm": [-80.0] * 30}}, ("-83", "-77")),
        ({"form": "columns", "meaning": "number", "series": {"breaks": [0.0] * 30}}, ("01.11",)),
        (
            {"form": "stacked", "meaning": "bytes", "series": {"rx_bytes": [1024] * 30, "tx_bytes": [1024] * 30}},
            ("2,0 КБ", "От модема", "К модему"),
        ),
        (
            {"form": "bars", "meaning": "duration", "label_meaning": "text", "series": {"offline_s": [60] * 30}},
            ("1 мин", "2026-11-01"),
        ),
        ({"form": "line", "meaning": "number", "series": {"breaks": [None] * 30}}, ("01.11",)),
    ],
    ids=["share", "signal", "zeros", "stacked", "bars", "unknown"],
)
def test_forms(tmp_path: Path, about: dict[str, Any], words: tuple[str, ...]) -> None:
    chart = Chart(name="breaks_by_day", labels=DAYS, **about)
    write_pdf(tmp_path / "r.pdf", sheet(charts=(chart,)))
    text = PdfReader(tmp_path / "r.pdf").pages[0].extract_text().replace("\u00a0", " ")

    assert "Разрывы по дням" in text
    for word in words:
        assert word in text, text
