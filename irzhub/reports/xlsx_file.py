"""A report as XLSX: the table with real numbers and times, ids as texts, and a sheet of charts.

Rows go to the disk one by one, so that a hundred thousand of them take no more memory than one.
"""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from irzhub.reports.head import Sheet
from irzhub.reports.report import Chart, Column, Meaning
from irzhub.reports.shown import day_text, shown
from irzhub.reports.words import column_title, in_words

_DAY_S: Final = 86400
_MEBI: Final = 1024 * 1024
_LONGEST_TEXT: Final = 32_000
_WIDTHS: Final = {"moment": 19, "duration": 13, "bytes": 14, "ratio": 12, "number": 12, "dbm": 12, "day": 12}
_TEXT_WIDTHS: Final = {"modem": 20, "text": 28, "word": 26}
_FORMATS: Final = {
    "number": "#,##0.##",
    "bytes": "#,##0",
    "ratio": "0.0%",
    "duration": "[h]:mm:ss",
    "dbm": "0.0",
    "modem": "@",
    "text": "@",
    "word": "@",
    "day": "@",
}
_MOMENTS: Final = {"ru": "dd.mm.yyyy hh:mm:ss", "en": "yyyy-mm-dd hh:mm:ss"}
_COLOURS: Final = ("#2b6cb0", "#c05621", "#2f855a", "#b83280", "#718096", "#d69e2e")
_TYPES: Final = {
    "line": {"type": "line"},
    "columns": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "bars": {"type": "bar"},
}
_CHART_ROWS: Final = 18


def write_xlsx(path: Path, sheet: Sheet) -> None:
    """Write a report into a file."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        made_at = sheet.report.made_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": sheet.title, "author": "irzhub", "created": made_at})
        _Writer(book, sheet).write()


class _Writer:
    """One file that is being written."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._language = sheet.language
        formats = {**_FORMATS, "moment": _MOMENTS[sheet.language]}
        self._formats = {meaning: book.add_format({"num_format": text}) for meaning, text in formats.items()}
        self._bold = book.add_format({"bold": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._header = book.add_format(
            {"bold": True, "bg_color": "#e2e8f0", "bottom": 1, "text_wrap": True, "valign": "top"}
        )

    def write(self) -> None:
        table = self._book.add_worksheet(self._sheet.title[:31])
        first = self._write_head(table)
        self._write_table(table, first)
        if any(chart.labels for chart in self._sheet.report.charts):
            self._write_charts(self._book.add_worksheet(in_words("charts", self._language)))

    def _write_head(self, table: Worksheet) -> int:
        columns = self._sheet.report.columns
        for place, column in enumerate(columns):
            table.set_column(place, place, _WIDTHS.get(column.meaning) or _TEXT_WIDTHS[column.meaning])
        table.write_string(0, 0, self._sheet.title, self._title)
        row = 1
        for label, text in self._sheet.lines():
            table.write_string(row, 0, label, self._bold)
            table.write_string(row, 1, text[:_LONGEST_TEXT])
            row += 1
        return row + 1

    def _write_table(self, table: Worksheet, first: int) -> None:
        columns, rows = self._sheet.report.columns, self._sheet.report.rows
        for place, column in enumerate(columns):
            table.write_string(first, place, column_title(column.name, self._language), self._header)
        for number, row in enumerate(rows, first + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is not None:
                    self._write_cell(table, number, place, column, value)
        if not rows:
            table.write_string(first + 1, 0, in_words("nothing", self._language))
        else:
            table.autofilter(first, 0, first + len(rows), len(columns) - 1)
        table.freeze_panes(first + 1, 1)
        table.set_landscape()
        table.fit_to_pages(1, 0)
        table.repeat_rows(first)

    def _write_cell(self, table: Worksheet, row: int, place: int, column: Column, value: Any) -> None:
        shape = self._formats[column.meaning]
        match column.meaning:
            case "moment":
                table.write_datetime(row, place, _naive(value, self._sheet.zone), shape)
            case "duration":
                table.write_number(row, place, value / _DAY_S, shape)
            case "number" | "bytes" | "ratio" | "dbm":
                table.write_number(row, place, value, shape)
            case "day":
                table.write_string(row, place, day_text(value, self._language), shape)
            case "word":
                table.write_string(row, place, in_words(str(value), self._language), shape)
            case "text" | "modem":
                table.write_string(row, place, str(value)[:_LONGEST_TEXT], shape)

    def _write_charts(self, page: Worksheet) -> None:
        page.set_column(0, 0, 24)
        row = 0
        for chart in self._sheet.report.charts:
            if chart.labels:
                row = self._write_chart(page, chart, row)

    def _write_chart(self, page: Worksheet, chart: Chart, first: int) -> int:
        """Write the values of a chart, and the chart beside them; return the row behind both."""
        factor, number_format = _axis(chart.meaning)
        shape: Format = self._book.add_format({"num_format": number_format})
        page.write_string(first, 0, in_words(chart.name, self._language), self._bold)
        for place, name in enumerate(chart.series, 1):
            page.write_string(first + 1, place, column_title(name, self._language), self._header)
        begin, end = first + 2, first + 1 + len(chart.labels)
        for number, label in enumerate(chart.labels):
            page.write_string(begin + number, 0, shown(label, chart.label_meaning, self._language))
            for place, values in enumerate(chart.series.values(), 1):
                if (value := values[number]) is not None:
                    page.write_number(begin + number, place, value * factor, shape)
        drawn = self._book.add_chart(dict(_TYPES[chart.form]))
        for place, name in enumerate(chart.series, 1):
            colour = _COLOURS[(place - 1) % len(_COLOURS)]
            drawn.add_series(
                {
                    "name": column_title(name, self._language),
                    "categories": [page.name, begin, 0, end, 0],
                    "values": [page.name, begin, place, end, place],
                    "line" if chart.form == "line" else "fill": {"color": colour},
                }
            )
        drawn.set_title({"name": in_words(chart.name, self._language), "name_font": {"size": 12}})
        drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
        value_axis = {"num_format": number_format, "major_gridlines": {"visible": True, "line": {"color": "#e2e8f0"}}}
        if chart.form == "bars":
            drawn.set_y_axis({"reverse": True})
            drawn.set_x_axis(value_axis)
        else:
            drawn.set_y_axis(value_axis)
        drawn.set_size({"width": 760, "height": 330})
        page.insert_chart(first, len(chart.series) + 2, drawn)
        return max(end, first + _CHART_ROWS) + 2


def _axis(meaning: Meaning) -> tuple[float, str]:
    """Return by what values are multiplied for a spreadsheet, and how they are shown."""
    match meaning:
        case "duration":
            return 1 / _DAY_S, "[h]:mm"
        case "bytes":
            return 1 / _MEBI, '#,##0.0" MB"'
        case "ratio":
            return 1.0, "0.0%"
        case _:
            return 1.0, "General"


def _naive(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
