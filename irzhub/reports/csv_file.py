"""A report as CSV for spreadsheets: figures of an IMEI stay as they are, and no cell is run as a formula."""

import csv
import re
from pathlib import Path
from typing import Any, Final

from irzhub.reports.head import Sheet
from irzhub.reports.report import Meaning
from irzhub.reports.shown import shown
from irzhub.reports.words import column_title

_FIGURES: Final = re.compile(r"[0-9]{12,}", re.ASCII)
_FORMULA: Final = re.compile(r"[\s\x00]*[=+\-@|%\t\r\uff1d\uff0b\uff0d\uff20]")
"""The last four are the wide forms of the first ones, which some spreadsheets take for the same."""
_CONTROLS: Final = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_NUMBERS: Final = ("number", "bytes", "ratio", "duration", "dbm")


def write_csv(path: Path, sheet: Sheet) -> None:
    """Write a table with its head into a file, row by row.

    Numbers are plain (seconds, bytes, shares of one), in Russian with a comma and `;` between the cells.
    """
    is_russian = sheet.language == "ru"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";" if is_russian else ",", lineterminator="\r\n")
        columns = sheet.report.columns
        writer.writerow([column_title(column.name, sheet.language) for column in columns])
        meanings = [column.meaning for column in columns]
        for row in sheet.report.rows:
            writer.writerow([_cell(value, meaning, sheet) for value, meaning in zip(row, meanings, strict=True)])


def safe_text(text: str) -> str:
    """Return a text that a spreadsheet takes for a text, whatever a modem or a program has put into it."""
    text = text.translate(_CONTROLS)
    if _FIGURES.fullmatch(text):
        return f'="{text}"'  # a spreadsheet would round it
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any, meaning: Meaning, sheet: Sheet) -> str:
    if value is None:
        return ""
    if meaning in _NUMBERS:
        return str(value).replace(".", ",") if sheet.language == "ru" else str(value)
    return safe_text(shown(value, meaning, sheet.language, sheet.zone))
