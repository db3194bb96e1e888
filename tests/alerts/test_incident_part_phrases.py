"""What is said of the hub's own parts: in Russian without English, whatever the part says of itself."""

import re

import pytest

from irzhub.alerts.incident_part_phrases import PARTS_EN, PARTS_RU, phrase_of_part, said_of_part
from irzhub.alerts.incident_words import PHRASES, Words
from tests.alerts.test_incident_words import row

NAMES = frozenset({"MQTT", "SIM", "SMS", "REST", "IMEI", "APN", "VPN", "RS-485", "Telegram", "LAC", "check", "irzhub"})
SAID = [
    ("disk", "degraded", "7.5 GB free, 8 %", "Хаб: мало места на диске", "свободно 7.5 ГБ, 8 %"),
    ("budget", "degraded", "spent for today: sms", "Хаб: лимит уведомлений исчерпан", "исчерпан на сегодня: sms"),
    ("uplink", "down", "10.0.0.1 does not answer", "Хаб: канал связи не работает", "10.0.0.1 не отвечает"),
    (
        "certificate",
        "degraded",
        "the certificate ends in 12 days: /etc/hub.pem",
        "Хаб: пора заменить сертификат",
        "осталось дней: 12, файл /etc/hub.pem",
    ),
    (
        "gsm_modem",
        "degraded",
        "the balance of a SIM card is below 100: main: 40",
        "Хаб: на SIM локального модема мало денег",
        "меньше 100: main: 40",
    ),
    ("gsm_modem", "degraded", "second: absent", "Хаб: локальный модем: неполадка", "second: не найден"),
    ("gsm_modem", "down", "main: absent", "Хаб: локальный модем: не работает", "main: не найден"),
    (
        "automation",
        "degraded",
        "automations.yaml: 2 errors, the automations from before run on",
        "Хаб: файл автоматизаций не принят",
        "automations.yaml, замечаний 2; работают прежние",
    ),
    ("smtp", "down", "", "Хаб: почта: не работает", "—"),
]


@pytest.mark.parametrize(("part", "state", "detail", "title", "hint"), SAID)
def test_what_stands_in_a_message_about_the_hub(part: str, state: str, detail: str, title: str, hint: str) -> None:
    given = row("hub_part", modem=None, subject=f"hub/{part}", state=state, detail=detail)
    words = Words("ru", str)

    assert (words.title(given), words.hint(given)) == (title, hint)
    assert words.in_language("en").title(given).startswith("Hub: ")


def test_what_has_no_russian_words_stays_as_it_came() -> None:
    assert said_of_part("Can't connect", "ru") == "Can't connect"
    assert said_of_part("7.5 GB free, 8 %", "en") == "7.5 GB free, 8 %"


def test_a_part_of_another_program_has_phrases_too() -> None:
    assert [phrase_of_part("modbus", state, "") for state in ("down", "degraded")] == ["hub_part", "hub_part.degraded"]


def test_both_languages_name_the_same_parts() -> None:
    assert set(PARTS_RU) == set(PARTS_EN)


def test_russian_phrases_have_no_english_word() -> None:
    texts = [*PARTS_RU.values()]
    for phrases in PHRASES["ru"].values():
        texts += [phrases.title, phrases.hint, phrases.cause, phrases.check, phrases.action]
    words = {word for text in texts for word in re.findall(r"[A-Za-z][A-Za-z0-9-]+", re.sub(r"\{\w+\}", "", text))}

    assert words - NAMES == {"mqtt"}, "the section of the settings is named as it stands there"
