"""What people read of an incident, whole, as it stands on the page and in an SMS."""

from dataclasses import replace
from typing import Any

import pytest

from irzhub.alerts.incident_words import PHRASES, Words, alert_object, cell_names
from irzhub.storage.incidents import IncidentRow
from tests.alerts.incident_rig import MODEM, NOW, later

ROW = IncidentRow(
    number=1742, kind="link_lost", subject=MODEM, modem=MODEM, severity="alarm", opened_at=NOW, last_seen_at=later(4)
)
CELL: dict[str, Any] = {"cause": "cell", "name": "250-01-7712-3860", "members": 312, "away": 289}


def words(language: str = "ru") -> Words:
    return Words("ru", lambda _modem: "ТП-1187").in_language(language)


def row(kind: str, count: int = 1, modem: str | None = MODEM, subject: str = MODEM, **facts: Any) -> IncidentRow:
    return replace(ROW, kind=kind, count=count, modem=modem, subject=subject, facts=facts)


TITLES = [
    (row("link_lost", detail="нет keepalive 127 с"), "ТП-1187: нет связи", "нет keepalive 127 с"),
    (row("link_lost", detail="no byte from the modem for 127 s"), "ТП-1187: нет связи", "нет keepalive 127 с"),
    (row("link_lost"), "ТП-1187: нет связи", "нет подробностей"),
    (row("link_lost", count=5, breaks=5), "ТП-1187: нет связи, обрывов 5", "обрывов 5 · нет подробностей"),
    (row("gpi_alarm", pin=1, level="ON", name="дверь шкафа"), "ТП-1187: дверь шкафа", "вход 1 · вкл"),
    (row("gpi_alarm", pin=1, level="ON", name=""), "ТП-1187: авария на входе 1", "вход 1 · вкл"),
    (row("meter_silent", in_vain=6), "ТП-1187: прибор молчит", "модем на связи · опросов без ответа 6"),
    (row("temperature", temperature_c=41, limit=40), "ТП-1187: температура +41 °C", "порог 40 °C"),
    (row("weak_signal", rssi_dbm=-107, limit=-105), "ТП-1187: слабый сигнал", "−107 дБм"),
    (row("awaiting_approval", modem=None, modems=3), "Ожидают допуска: 3 модема", "новые модемы"),
    (
        row("hub_part", modem=None, subject="hub/database", detail="Can't connect"),
        "Хаб: база данных недоступна",
        "Can't connect",
    ),
    (row("hub_part", modem=None, subject="hub/web", detail=""), "Хаб: веб и REST: не работает", "—"),
    (row("hub_part", modem=None, subject="hub/modbus", detail="off"), "Хаб: modbus: не работает", "off"),
    (row("common_cause", modem=None, **CELL), "Нет связи у 312 модемов", "МТС, сота 3860, LAC 7712 · вернулись 23"),
]


@pytest.mark.parametrize(("given", "title", "hint"), TITLES)
def test_title_and_hint_say_what_and_where(given: IncidentRow, title: str, hint: str) -> None:
    assert (words().title(given), words().hint(given)) == (title, hint)


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (1, "1 модема", "1 modem"),
        (2, "2 модемов", "2 modems"),
        (21, "21 модема", "21 modems"),
        (111, "111 модемов", ""),
    ],
)
def test_numbers_take_their_forms(count: int, russian: str, english: str) -> None:
    given = row("common_cause", modem=None, **{**CELL, "members": count})

    assert words().title(given) == f"Нет связи у {russian}"
    assert not english or words("en").title(given) == f"{english} offline"


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 модем"), (2, "2 модема"), (5, "5 модемов"), (11, "11 модемов"), (12, "12 модемов"), (22, "22 модема")],
)
def test_waiting_modems_take_theirs(count: int, text: str) -> None:
    assert words().title(row("awaiting_approval", modem=None, modems=count)) == f"Ожидают допуска: {text}"
    assert words("en").title(row("awaiting_approval", modem=None, modems=count)).startswith("Awaiting approval")


FACTS: dict[str, Any] = {
    "pin": 4,
    "level": "ON",
    "name": "насос",
    "in_vain": 6,
    "reason": "пароль",
    "commanded": "ON",
    "seen": "OFF",
    "limit": 40,
    "temperature_c": 41,
    "rssi_dbm": -107,
    "modems": 3,
    "detail": "нет питания",
}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("key", sorted(PHRASES["ru"]))
def test_every_phrase_is_filled_by_what_is_seen(key: str, language: str) -> None:
    kind, _, form = key.partition(".")
    facts = {**FACTS, **({**CELL, "cause": form} if kind == "common_cause" else {"breaks": form == "breaks" and 5})}
    if key == "gpi_alarm":
        facts["name"] = ""
    given = row(kind, subject=f"hub/{form or 'web'}" if kind == "hub_part" else MODEM, **facts)
    said = words(language)
    advice = said.advice(given)
    texts = [said.title(given), said.hint(given), advice.cause, advice.check, advice.action]

    assert said._phrases(given) == PHRASES["ru" if language == "ru" else "en"][key]
    assert not [text for text in texts if "{" in text or "—" in text]


def test_what_is_not_known_is_a_dash_and_stops_nothing() -> None:
    for kind in ("meter_silent", "output_stuck", "temperature", "weak_signal", "rejected"):
        assert "—" in words().hint(row(kind)) + words().advice(row(kind)).cause


@pytest.mark.parametrize(
    ("facts", "english", "russian"),
    [
        ({"cause": "operator", "name": "Билайн"}, "Beeline", "Билайн"),
        ({"cause": "cell", "name": "250-01-7712-3860"}, "MTS, cell 3860, LAC 7712", "МТС, сота 3860, LAC 7712"),
        ({"cause": "group", "name": "МТС"}, "МТС", "МТС"),
    ],
)
def test_an_operator_is_named_in_the_letters_of_the_language(facts: dict[str, Any], english: str, russian: str) -> None:
    given = row("common_cause", **facts)

    assert (words("en").where(given), words("ru").where(given)) == (english, russian)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("250-01-7712-3860", ("МТС", "7712", "3860")),
        ("999-99-1-2", ("999-99", "1", "2")),
        ("what the modem told", ("what the modem told", "", "")),
    ],
)
def test_a_cell_is_named_as_people_know_it(cell: str, names: tuple[str, str, str]) -> None:
    assert cell_names(cell) == names


def test_an_unreadable_cell_is_said_as_it_is() -> None:
    assert words().hint(row("common_cause", modem=None, **{**CELL, "name": "LAC 7"})) == "LAC 7 · вернулись 23"


def test_the_object_on_mqtt_is_this() -> None:
    given = replace(
        row("common_cause", modem=None, **CELL), acknowledged_by="анна", acknowledged_at=later(60), good_since=NOW
    )

    assert alert_object(given, words()) == {
        "id": 1742,
        "kind": "common_cause",
        "subject": MODEM,
        "modem": None,
        "severity": "alarm",
        "opened_at": "2026-11-23T02:14:03.000Z",
        "last_seen_at": "2026-11-23T02:14:07.000Z",
        "count": 1,
        "is_recovering": True,
        "title": "Нет связи у 312 модемов",
        "cause": "Отказ соты: МТС, сота 3860, LAC 7712. У других сот и операторов потерь почти нет.",
        "members": 312,
        "away": 289,
        "acknowledged_by": "анна",
        "acknowledged_at": "2026-11-23T02:15:03.000Z",
        "silenced_until": None,
        "owner": None,
    }
