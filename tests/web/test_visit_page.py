"""A visit request on paper: whole, escaped, in local time, without what is not known."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from irzhub.storage.visit_requests import VisitRow
from irzhub.web.visit_page import VISIT_TEXTS, render_visit, render_visits
from tests.alerts.incident_rig import MODEM, NOW

MOSCOW = ZoneInfo("Europe/Moscow")
ROW = VisitRow(
    number=318, incident=1733, modem=MODEM, created_at=NOW, created_by="ковалёва", site="КНС-4",
    address="Садовая, 31", access="ключ у сторожа\nсобака", contact="Громов, +79211234567", cause="Нет связи.",
    task="Проверить питание.", due_at=datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
)  # fmt: skip


def test_all_that_is_known_stands_there() -> None:
    page = render_visit(ROW, "КНС-4", VISIT_TEXTS["ru"], MOSCOW)

    for text in (
        "<h1>Заявка на выезд № 318</h1>",
        "Составлена 23.11.2026 05:14, ковалёва",
        "<tr><th>Срок</th><td>23.11.2026 09:00</td></tr>",
        "<tr><th>Доступ</th><td>ключ у сторожа\nсобака</td></tr>",
        f"<tr><th>Модем</th><td>КНС-4 {MODEM}</td></tr>",
        "<tr><th>Тревога</th><td>№ 1733</td></tr>",
        "Исполнитель, дата, подпись",
    ):
        assert text in page
    assert "<script" not in page and "Закрыта" not in page


def test_a_closed_one_says_what_was_found() -> None:
    closed = replace(ROW, closed_at=NOW, closed_by="борис", result="выбит автомат")
    page = render_visit(closed, "КНС-4", VISIT_TEXTS["en"], MOSCOW)

    assert '<html lang="en">' in page and "Closed 2026-11-23 05:14 by борис" in page
    assert "<td>выбит автомат</td>" in page


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_what_is_not_known_takes_no_line(lang: str) -> None:
    bare = VisitRow(number=1, created_at=NOW, created_by="анна", cause="осмотр")
    page = render_visit(bare, "", VISIT_TEXTS[lang], MOSCOW)

    assert page.count("<tr") == 2, "cause and result"


def test_several_are_a_sheet_each_on_one_page() -> None:
    rows = [(replace(ROW, number=number), f"КНС-{number}") for number in range(1, 6)]
    page = render_visits(rows, VISIT_TEXTS["ru"], MOSCOW)

    assert page.count("<section><h1>Заявка на выезд № ") == page.count("Исполнитель, дата, подпись") == 5
    assert "<title>Заявка на выезд № 1, Заявка на выезд № 2, Заявка на выезд № 3</title>" in page
    assert "break-before:page" in page and "КНС-5" in page


def test_what_people_wrote_is_text_and_nothing_else() -> None:
    page = render_visit(replace(ROW, cause="<script>alert(1)</script>", site='"&<b>'), "<i>", VISIT_TEXTS["ru"], MOSCOW)

    assert "<script>" not in page and "<i>" not in page and "&lt;script&gt;" in page and "&quot;&amp;&lt;b&gt;" in page
