"""XLSX as another library reads it back (openpyxl)."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from irzhub.reports.xlsx_file import write_xlsx
from tests.reports.fleet import ONE, utc
from tests.reports.sheets import HOSTILE, hostile_rows, sheet


def book(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def table(path: Path) -> list[list[Any]]:
    """Return the rows from the header on."""
    cells = [list(row) for row in book(path).worksheets[0].iter_rows()]
    first = next(number for number, row in enumerate(cells) if row[1].value in ("Название", "Name"))
    return cells[first:]


def test_cells_are_what_they_mean(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "r.xlsx", sheet())
    head, first, second = table(tmp_path / "r.xlsx")

    assert [cell.value for cell in head][:3] == ["Модем", "Название", "Доступность"]
    assert [cell.value for cell in first] == [
        *(ONE, "Котельная 1", 0.9876, timedelta(days=1, hours=2, minutes=3, seconds=4), 123456789, -87.5, 3),
        *("21.11.2026", utc("21 21:57:03").replace(tzinfo=None), "нет связи с модемом"),
    ]
    assert (first[0].data_type, first[0].number_format) == ("s", "@")
    assert (first[2].number_format, first[3].number_format) == ("0.0%", "[h]:mm:ss")
    assert first[8].number_format == "dd.mm.yyyy hh:mm:ss"
    assert [cell.value for cell in second][:3] == ["Pump-7", "=1+1", None]
    assert second[1].data_type == "s"


def test_above_the_table_stands_what_it_is(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "r.xlsx", sheet())
    made = book(tmp_path / "r.xlsx").worksheets[0]

    assert made.title == "Доступность связи"
    assert (made["A1"].value, made["A2"].value) == ("Доступность связи", "Период")
    assert made["B2"].value == "20.11.2026 - 22.11.2026 (время Europe/Moscow)"
    assert made.freeze_panes is not None
    assert made.auto_filter.ref is not None


def test_charts_are_drawn_over_their_values(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "r.xlsx", sheet())
    page = book(tmp_path / "r.xlsx").worksheets[1]
    values = [[cell.value for cell in row] for row in page.iter_rows(max_col=3)]

    assert page.title == "Графики"
    assert values[0][0] == "Доступность по дням"
    assert values[2] == ["20.11.2026", 0.98, None]
    assert values[3] == ["21.11.2026", None, None], "what is not known leaves a gap"
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        charts = sorted(name for name in parts.namelist() if name.startswith("xl/charts/chart"))
        kinds = [parts.read(name) for name in charts]
    assert len(charts) == 3, "a chart without values is left out"
    assert [b"<c:lineChart>" in kinds[0], b"stacked" in kinds[1], b"<c:barChart>" in kinds[2]] == [True, True, True]


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "r.xlsx", sheet(hostile_rows()))
    read = table(tmp_path / "r.xlsx")[1:]

    assert len(read) == len(HOSTILE)
    assert {row[1].data_type for row in read} == {"s"}
    assert [row[1].hyperlink for row in read] == [None] * len(read)
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name) or "chart" in name, name
            assert "externalLink" not in name


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_report_of_nothing_says_so(tmp_path: Path, language: str) -> None:
    write_xlsx(tmp_path / "r.xlsx", sheet([], language, charts=()))
    texts = {cell.value for row in book(tmp_path / "r.xlsx").worksheets[0].iter_rows() for cell in row}

    assert texts & {"За этот период ничего нет.", "There is nothing in this period."}
    assert len(book(tmp_path / "r.xlsx").worksheets) == 1
