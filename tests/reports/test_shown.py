"""Values as people read them."""

from typing import Any

import pytest

from irzhub.reports.report import Meaning
from irzhub.reports.shown import duration_text, shown, size_text
from tests.reports.fleet import MOSCOW, ONE, utc


@pytest.mark.parametrize(
    ("value", "meaning", "english", "russian"),
    [
        (None, "number", "", ""),
        (0.98765, "ratio", "98.8%", "98,8\u00a0%"),
        (93784, "duration", "1 d 2 h", "1 сут 2 ч"),
        (1536, "bytes", "1.5 KB", "1,5 КБ"),
        (-87.5, "dbm", "-87.5", "-87,5"),
        (12, "number", "12", "12"),
        (0.33, "number", "0.3", "0,3"),
        (ONE, "modem", ONE, ONE),
        ("keepalive_lost", "word", "Went silent", "Замолчал"),
        ("2026-11-21", "day", "2026-11-21", "21.11.2026"),
        (utc("21 18:57:03"), "moment", "2026-11-21 21:57:03", "21.11.2026 21:57:03"),
    ],
)
def test_values(value: Any, meaning: Meaning, english: str, russian: str) -> None:
    assert shown(value, meaning, "en", MOSCOW) == english
    assert shown(value, meaning, "ru", MOSCOW) == russian


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.42, "0.4 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (86400 * 400 + 61, "400 d")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds, "en") == text


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1023, "1023 B"), (150 * 1024, "150 KB"), (3 * 1024**4, "3.0 TB")]
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size, "en") == text
