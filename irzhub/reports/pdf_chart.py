"""A chart drawn onto a page of a PDF: lines or columns over days, bars beside names."""

import math
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from irzhub.reports.report import Chart
from irzhub.reports.shown import shown
from irzhub.reports.words import column_title, in_words

CHART_HEIGHT: Final = 170.0
_FONT, _BOLD = "irzhub", "irzhub-bold"
_LEFT: Final = 62.0
_BELOW: Final = 30.0
_ABOVE: Final = 24.0
_BAR_LEFT: Final = 190.0
_BAR: Final = 9.0
_COLOURS: Final = ("#2b6cb0", "#c05621", "#2f855a", "#b83280", "#718096", "#d69e2e")
_STEPS: Final = 4
_LABEL_WIDTH: Final = 52.0


def draw_chart(canvas: Canvas, chart: Chart, language: str, corner: tuple[float, float], width: float) -> None:
    """Draw a chart below and to the right of a corner, `CHART_HEIGHT` high."""
    left, top = corner
    canvas.setFont(_BOLD, 9)
    canvas.drawString(left, top - 11, in_words(chart.name, language))
    _legend(canvas, chart, language, left + 200, top - 11)
    if chart.form == "bars":
        _bars(canvas, chart, language, corner, width)
    else:
        _over_time(canvas, chart, language, corner, width)
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)


def _over_time(canvas: Canvas, chart: Chart, language: str, corner: tuple[float, float], width: float) -> None:
    left, top = corner[0] + _LEFT, corner[1] - _ABOVE
    bottom = corner[1] - CHART_HEIGHT + _BELOW
    inner, height = width - _LEFT - 10, top - bottom
    low, high = _bounds(chart)
    canvas.setFont(_FONT, 6.5)
    canvas.setLineWidth(0.4)
    for step in range(_STEPS + 1):
        y = bottom + height * step / _STEPS
        canvas.setStrokeGray(0.85)
        canvas.line(left, y, left + inner, y)
        canvas.setFillGray(0.35)
        value = low + (high - low) * step / _STEPS
        canvas.drawRightString(left - 4, y - 2, shown(value, chart.meaning, language))
    count = len(chart.labels)
    room = inner / count
    every = max(1, round(_LABEL_WIDTH / room + 0.49))
    for number in range(0, count, every):
        canvas.drawCentredString(left + room * (number + 0.5), bottom - 9, _label(chart, number, language))
    scale = height / (high - low)
    if chart.form == "line":
        _lines(canvas, chart, (left, bottom), room, scale, low)
    else:
        _columns(canvas, chart, (left, bottom), room, scale)


def _lines(canvas: Canvas, chart: Chart, corner: tuple[float, float], room: float, scale: float, low: float) -> None:
    canvas.setLineWidth(1.4)
    for place, values in enumerate(chart.series.values()):
        colour = HexColor(_COLOURS[place % len(_COLOURS)])
        canvas.setStrokeColor(colour)
        canvas.setFillColor(colour)
        before: tuple[float, float] | None = None
        for number, value in enumerate(values):
            if value is None:
                before = None
                continue
            point = (corner[0] + room * (number + 0.5), corner[1] + (value - low) * scale)
            if before is not None:
                canvas.line(*before, *point)
            canvas.circle(*point, 1.3, stroke=0, fill=1)
            before = point


def _columns(canvas: Canvas, chart: Chart, corner: tuple[float, float], room: float, scale: float) -> None:
    heights = [0.0] * len(chart.labels)
    for place, values in enumerate(chart.series.values()):
        canvas.setFillColor(HexColor(_COLOURS[place % len(_COLOURS)]))
        for number, value in enumerate(values):
            if value:
                x = corner[0] + room * (number + 0.15)
                canvas.rect(x, corner[1] + heights[number], room * 0.7, value * scale, stroke=0, fill=1)
                heights[number] += value * scale


def _bars(canvas: Canvas, chart: Chart, language: str, corner: tuple[float, float], width: float) -> None:
    values = next(iter(chart.series.values()))
    most = max((value or 0 for value in values), default=0) or 1
    y = corner[1] - _ABOVE
    inner = width - _BAR_LEFT - 90
    for number, value in enumerate(values):
        if y < corner[1] - CHART_HEIGHT + _BAR:
            return
        canvas.setFont(_FONT, 6.5)
        canvas.setFillGray(0.2)
        canvas.drawRightString(corner[0] + _BAR_LEFT - 5, y - 6.5, _shortened(_label(chart, number, language)))
        length = inner * (value or 0) / most
        canvas.setFillColor(HexColor(_COLOURS[0]))
        canvas.rect(corner[0] + _BAR_LEFT, y - 7.5, length, 6.5, stroke=0, fill=1)
        canvas.setFillGray(0.2)
        canvas.drawString(corner[0] + _BAR_LEFT + length + 4, y - 6.5, shown(value, chart.meaning, language))
        y -= _BAR


def _bounds(chart: Chart) -> tuple[float, float]:
    """Return the least and the greatest value of the axis; it begins at zero where that means nothing at all."""
    if chart.form == "stacked":
        sums = [sum(value or 0 for value in column) for column in zip(*chart.series.values(), strict=True)]
        known: list[float] = [*sums]
    else:
        known = [value for values in chart.series.values() for value in values if value is not None]
    high = max(known, default=0.0)
    if chart.meaning == "dbm":
        return min(known, default=-113.0) - 3, high + 3
    if chart.meaning == "ratio":
        return max(0.0, math.floor((min(known, default=0.0) - 0.02) * 20) / 20), 1.0
    return 0.0, high or 1.0


def _legend(canvas: Canvas, chart: Chart, language: str, x: float, y: float) -> None:
    if len(chart.series) == 1:
        return
    canvas.setFont(_FONT, 6.5)
    for place, name in enumerate(chart.series):
        canvas.setFillColor(HexColor(_COLOURS[place % len(_COLOURS)]))
        canvas.rect(x, y, 7, 6, stroke=0, fill=1)
        canvas.setFillGray(0.2)
        text = column_title(name, language)
        canvas.drawString(x + 10, y + 0.5, text)
        x += 22 + pdfmetrics.stringWidth(text, _FONT, 6.5)


def _label(chart: Chart, number: int, language: str) -> str:
    label = chart.labels[number]
    if chart.label_meaning == "day":
        return ".".join(reversed(label[5:].split("-"))) if language == "ru" else label[5:]
    return shown(label, chart.label_meaning, language)


def _shortened(text: str) -> str:
    longest = 44
    return text if len(text) <= longest else text[: longest - 1] + "…"
