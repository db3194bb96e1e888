"""The few words of the engine's own, in both languages."""

from typing import Any

import pytest

from irzhub.automation.words import duration_words, event_words


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [
        (0, "ru", "0 с"),
        (5, "ru", "5 с"),
        (600, "ru", "10 мин"),
        (3900, "ru", "1 ч 5 мин"),
        (3605, "ru", "1 ч"),
        (90_061, "ru", "1 сут 1 ч"),
        (90_061, "en", "1 d 1 h"),
        (-3, "en", "0 s"),
        (59.6, "en", "1 min"),
    ],
)
def test_how_long(seconds: float, language: str, words: str) -> None:
    assert duration_words(seconds, language) == words


@pytest.mark.parametrize(
    ("kind", "data", "language", "words"),
    [
        ("gpi_changed", {"pin": 3, "level": "ON"}, "ru", "вход 3: вкл"),
        ("temperature", {"value": -40.0}, "en", "temperature -40.0 °C"),
        ("disconnected", {}, "ru", "нет связи"),
        ("job_finished", {}, "ru", "job_finished"),
        ("connected", {}, "fi", "online"),
        ("hub", {"event": "start"}, "ru", "хаб запущен"),
        ("hub", {"event": "broker_lost", "detail": "EHOSTDOWN"}, "ru", "хаб: связь с брокером MQTT: неполадка"),
        ("hub", {"event": "broker_lost", "detail": "EHOSTDOWN"}, "en", "hub: MQTT connection: trouble: EHOSTDOWN"),
        ("hub", {"event": "broker_back", "detail": "x"}, "ru", "хаб: связь с брокером MQTT: в норме"),
        (
            "hub",
            {"event": "disk_lost", "detail": "7.5 GB free, 8 %"},
            "ru",
            "хаб: место на диске: неполадка: свободно 7.5 ГБ, 8 %",
        ),
        ("mqtt", {"topic": "a", "payload": "x" * 500}, "en", "message a: " + "x" * 200),
    ],
)
def test_what_happened(kind: str, data: dict[str, Any], language: str, words: str) -> None:
    assert event_words(kind, data, language) == words
