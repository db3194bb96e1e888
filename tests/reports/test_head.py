"""What stands above a table."""

from datetime import date

from irzhub.reports.head import Sheet
from tests.reports.fleet import MOSCOW, wanted
from tests.reports.sheets import sheet


def test_the_lines() -> None:
    assert sheet().title == "Доступность связи"
    assert sheet().lines() == [
        ("Период", "20.11.2026 - 22.11.2026 (время Europe/Moscow)"),
        ("Выборка", "Север"),
        ("Составлен", "22.11.2026 12:00:00"),
        ("Модемы", "2"),
        ("Доступность", "98,8\u00a0%"),
        ("На связи", "1 сут 2 ч"),
    ]
    english = dict(sheet(language="en", is_cut=True).lines())
    assert english["Period"] == "2026-11-20 - 2026-11-22 (clock Europe/Moscow)"
    assert english["!"].startswith("There are more rows")


def test_names_of_files() -> None:
    assert sheet().file_name("xlsx") == "availability_2026-11-20_2026-11-22.xlsx"
    day = date(2026, 11, 21)
    one_day = Sheet(sheet().report, wanted("availability", first=day, last=day), "", MOSCOW)
    assert one_day.file_name("pdf") == "availability_2026-11-21.pdf"
    assert one_day.lines()[0][1] == "21.11.2026 (время Europe/Moscow)"
