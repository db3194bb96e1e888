"""A report as PDF, drawn page by page: head, charts, then the table; letters of both alphabets come with it."""

from pathlib import Path
from typing import Any, Final

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from irzhub.reports.head import Sheet
from irzhub.reports.pdf_chart import CHART_HEIGHT, draw_chart
from irzhub.reports.report import Column
from irzhub.reports.shown import shown
from irzhub.reports.words import column_title, in_words

FONT, BOLD = "irzhub", "irzhub-bold"
MOST_ROWS: Final = 5_000
"""A PDF is for paper: more rows are for the other files."""
_FONTS: Final = Path(__file__).parent / "fonts"
_WIDTH, _HEIGHT = landscape(A4)
_MARGIN: Final = 30.0
_LINE: Final = 12.0
_SIZE: Final = 7.5
_PAD: Final = 3.0
_WEIGHTS: Final = {
    "modem": 2.1,
    "text": 2.4,
    "word": 2.2,
    "moment": 2.2,
    "duration": 1.5,
    "bytes": 1.4,
    "day": 1.3,
    "ratio": 1.4,
    "number": 1.0,
    "dbm": 1.0,
}
_RIGHT: Final = ("number", "bytes", "ratio", "duration", "dbm")


def write_pdf(path: Path, sheet: Sheet) -> None:
    """Write a report into a file."""
    _load_fonts()
    canvas = Canvas(str(path), pagesize=landscape(A4), pageCompression=1, invariant=1)
    canvas.setTitle(sheet.title)
    canvas.setAuthor("irzhub")
    _Drawer(canvas, sheet).draw()
    canvas.save()


def _load_fonts() -> None:
    registered = pdfmetrics.getRegisteredFontNames()
    for name, file in ((FONT, "DejaVuSans.ttf"), (BOLD, "DejaVuSans-Bold.ttf")):
        if name not in registered:
            pdfmetrics.registerFont(TTFont(name, str(_FONTS / file)))


class _Drawer:
    """One file that is being drawn, from top to bottom."""

    def __init__(self, canvas: Canvas, sheet: Sheet) -> None:
        self._canvas = canvas
        self._sheet = sheet
        self._language = sheet.language
        self._y = _HEIGHT - _MARGIN
        self._page = 1
        weights = [_WEIGHTS[column.meaning] for column in sheet.report.columns]
        unit = (_WIDTH - 2 * _MARGIN) / sum(weights)
        self._widths = [weight * unit for weight in weights]

    def draw(self) -> None:
        self._head()
        for chart in self._sheet.report.charts:
            if chart.labels:
                self._need(CHART_HEIGHT)
                draw_chart(self._canvas, chart, self._language, (_MARGIN, self._y), _WIDTH - 2 * _MARGIN)
                self._y -= CHART_HEIGHT
        self._table()
        self._end_page()

    def _head(self) -> None:
        self._canvas.setFont(BOLD, 15)
        self._y -= 12
        self._canvas.drawString(_MARGIN, self._y, self._sheet.title)
        self._y -= 8
        for label, text in self._sheet.lines():
            self._y -= _LINE
            self._canvas.setFont(FONT, 8.5)
            self._canvas.setFillGray(0.35)
            self._canvas.drawString(_MARGIN, self._y, label)
            self._canvas.setFillGray(0)
            self._canvas.drawString(_MARGIN + 150, self._y, fitting(text, FONT, 8.5, _WIDTH - 2 * _MARGIN - 150))
        self._y -= _LINE

    def _table(self) -> None:
        rows = self._sheet.report.rows
        self._need(4 * _LINE)
        if not rows:
            self._canvas.setFont(FONT, 9)
            self._canvas.drawString(_MARGIN, self._y - _LINE, in_words("nothing", self._language))
            return
        self._header()
        for number, row in enumerate(rows[:MOST_ROWS]):
            if self._y < _MARGIN + 2 * _LINE:
                self._next_page()
                self._header()
            self._row(row, is_shaded=number % 2 == 1)
        if len(rows) > MOST_ROWS:
            self._need(2 * _LINE)
            self._canvas.setFont(FONT, 8.5)
            self._canvas.drawString(_MARGIN, self._y - _LINE, in_words("cut_page", self._language))

    def _header(self) -> None:
        canvas, x = self._canvas, _MARGIN
        canvas.setFillGray(0.88)
        canvas.rect(_MARGIN, self._y - 2 * _LINE, _WIDTH - 2 * _MARGIN, 2 * _LINE, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.setFont(BOLD, _SIZE)
        for column, width in zip(self._sheet.report.columns, self._widths, strict=True):
            lines = two_lines(column_title(column.name, self._language), BOLD, _SIZE, width - _PAD)
            for place, line in enumerate(lines):
                canvas.drawString(x + _PAD / 2, self._y - 9 - place * 10, line)
            x += width
        self._y -= 2 * _LINE

    def _row(self, row: tuple[Any, ...], *, is_shaded: bool) -> None:
        canvas, x = self._canvas, _MARGIN
        if is_shaded:
            canvas.setFillGray(0.96)
            canvas.rect(_MARGIN, self._y - _LINE, _WIDTH - 2 * _MARGIN, _LINE, stroke=0, fill=1)
            canvas.setFillGray(0)
        canvas.setFont(FONT, _SIZE)
        for column, width, value in zip(self._sheet.report.columns, self._widths, row, strict=True):
            text = self._text(column, value, width - _PAD)
            if column.meaning in _RIGHT:
                canvas.drawRightString(x + width - _PAD / 2, self._y - 9, text)
            else:
                canvas.drawString(x + _PAD / 2, self._y - 9, text)
            x += width
        self._y -= _LINE

    def _text(self, column: Column, value: Any, width: float) -> str:
        return fitting(shown(value, column.meaning, self._language, self._sheet.zone), FONT, _SIZE, width)

    def _need(self, height: float) -> None:
        if self._y - height < _MARGIN + _LINE:
            self._next_page()

    def _next_page(self) -> None:
        self._end_page()
        self._page += 1
        self._y = _HEIGHT - _MARGIN

    def _end_page(self) -> None:
        self._canvas.setFont(FONT, 7)
        self._canvas.setFillGray(0.4)
        self._canvas.drawString(_MARGIN, _MARGIN / 2, f"irzhub - {self._sheet.title}")
        page = f"{in_words('page', self._language)} {self._page}"
        self._canvas.drawRightString(_WIDTH - _MARGIN, _MARGIN / 2, page)
        self._canvas.setFillGray(0)
        self._canvas.showPage()


def fitting(text: str, font: str, size: float, width: float) -> str:
    """Return as much of a text as a width has room for, in one line."""
    text = " ".join(text[:200].split())
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if pdfmetrics.stringWidth(text[:middle] + "…", font, size) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"


def two_lines(text: str, font: str, size: float, width: float) -> list[str]:
    """Return a title in at most two lines, broken between words where it can be."""
    first: list[str] = []
    words = text.split()
    while words and pdfmetrics.stringWidth(" ".join((*first, words[0])), font, size) <= width:
        first.append(words.pop(0))
    lines = [" ".join(first)] if first else []
    return [*lines, fitting(" ".join(words), font, size, width)] if words else lines
