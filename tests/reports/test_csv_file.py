"""CSV as spreadsheets and programs read it."""

import csv
import io
from pathlib import Path

import pytest

from irzhub.reports.csv_file import safe_text, write_csv
from tests.reports.fleet import ONE
from tests.reports.sheets import COLUMNS, HOSTILE, hostile_rows, sheet


def rows(path: Path, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=delimiter))


def test_in_russian(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", sheet())
    head, first, second = rows(tmp_path / "r.csv", ";")

    assert head[:4] == ["Модем", "Название", "Доступность", "На связи"]
    assert first == [
        *(f'="{ONE}"', "Котельная 1", "0,9876", "93784", "123456789", "-87,5", "3"),
        *("21.11.2026", "21.11.2026 21:57:03", "нет связи с модемом"),
    ]
    assert second == ["Pump-7", "'=1+1", *[""] * 8]
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "a spreadsheet must know that it is UTF-8"


def test_in_english(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", sheet(language="en"))
    first = rows(tmp_path / "r.csv", ",")[1]

    assert first[2:6] == ["0.9876", "93784", "123456789", "-87.5"]
    assert first[7:] == ["2026-11-21", "2026-11-21 21:57:03", "no link to the modem"]


def test_an_english_file_has_no_russian_name_of_an_operator(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", sheet([(ONE, "Pump-7", *[None] * 7, "МегаФон")], language="en"))

    assert rows(tmp_path / "r.csv", ",")[1][-1] == "MegaFon"


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", sheet(hostile_rows()))
    read = rows(tmp_path / "r.csv", ";")[1:]

    assert len(read) == len(HOSTILE)
    assert all(len(row) == len(COLUMNS) for row in read)
    for row in read:
        text = row[1]
        assert text == f'="{ONE}"' or not text.lstrip().startswith(tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")), text
        assert "\x1b" not in text
        assert "\x00" not in text


@pytest.mark.parametrize(
    ("text", "safe"),
    [("дверь", "дверь"), ("=a", "'=a"), ("12345678901", "12345678901"), ("123456789012", '="123456789012"'), ("", "")],
)
def test_texts(text: str, safe: str) -> None:
    assert safe_text(text) == safe
