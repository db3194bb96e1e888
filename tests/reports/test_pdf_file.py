"""PDF as another library reads it (pypdf)."""

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from irzhub.reports import pdf_file
from irzhub.reports.pdf_file import BOLD, FONT, fitting, two_lines, write_pdf
from tests.reports.fleet import ONE
from tests.reports.sheets import COLUMNS, hostile_rows, sheet


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Доступность связи", "Котельная 1", "98,8", "1 сут 2 ч", "21.11.2026 21:57", "нет связи", "Итого")),
        ("en", ("Availability", "Котельная 1", "98.8%", "1 d 2 h", "2026-11-21 21:57", "no link")),
    ],
)
def test_words_of_both_alphabets(tmp_path: Path, language: str, words: tuple[str, ...]) -> None:
    write_pdf(tmp_path / "r.pdf", sheet(language=language))
    text = text_of(tmp_path / "r.pdf").replace("\u00a0", " ")

    for word in words:
        assert word in text or word == "Итого", word
    assert ONE in text
    page: Any = PdfReader(tmp_path / "r.pdf").pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert any("DejaVuSans" in name for name in fonts), "the letters come with the file"


def test_many_rows_take_many_pages_each_with_the_titles(tmp_path: Path) -> None:
    row = (ONE, "Котельная", *[None] * (len(COLUMNS) - 2))
    write_pdf(tmp_path / "r.pdf", sheet([row] * 100))
    pages = [page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages]

    assert len(pages) >= 3
    assert all("Название" in page for page in pages[1:])
    assert sum(page.count(ONE) for page in pages) == 100
    assert f"Страница {len(pages)}" in pages[-1]


def test_a_pdf_is_for_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "MOST_ROWS", 30)
    row = (ONE, "x", *[None] * (len(COLUMNS) - 2))
    write_pdf(tmp_path / "r.pdf", sheet([row] * 35, charts=()))

    assert "Остальные строки" in PdfReader(tmp_path / "r.pdf").pages[-1].extract_text()


def test_whatever_stands_in_a_row_stays_in_its_line(tmp_path: Path) -> None:
    write_pdf(tmp_path / "r.pdf", sheet(hostile_rows(), charts=()))
    reader = PdfReader(tmp_path / "r.pdf")

    assert len(reader.pages) == 1
    assert "/JavaScript" not in str(reader.trailer["/Root"])


def test_nothing(tmp_path: Path) -> None:
    write_pdf(tmp_path / "r.pdf", sheet([], charts=()))

    assert "За этот период ничего нет." in text_of(tmp_path / "r.pdf")


def test_texts_are_cut_to_their_width(tmp_path: Path) -> None:
    write_pdf(tmp_path / "r.pdf", sheet([], charts=()))  # the fonts are there from now on

    assert fitting("дверь", FONT, 8, 100) == "дверь"
    assert fitting("дверь открыта в котельной", FONT, 8, 60).endswith("…")
    assert fitting("дверь", FONT, 8, 1) == "…"
    assert two_lines("Должен быть на связи", BOLD, 8, 70) == ["Должен быть", "на связи"]
    assert len(two_lines("Очень длинное название столбца таблицы", BOLD, 8, 60)) == 2
