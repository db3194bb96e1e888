"""The few words that the engine itself writes into texts, in the language of the hub."""

from collections.abc import Mapping
from typing import Any, Final

from irzhub.alerts.incident_part_phrases import PARTS_EN, PARTS_RU, said_of_part
from irzhub.alerts.level_words import level_word

HUB_PARTS: Final = {
    "database": "database",
    "broker": "mqtt",
    "journal": "journal",
    "disk": "disk",
    "uplink": "uplink",
    "certificate": "certificate",
    "gsm_modem": "gsm_modem",
    "smtp": "smtp",
}
"""Parts of the hub as rules call them, and as health does."""
_UNITS: Final = {
    "ru": (("сут", 86400), ("ч", 3600), ("мин", 60), ("с", 1)),
    "en": (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)),
}


def duration_words(seconds: float, language: str) -> str:
    """Return a duration as people say it, in its two largest units, such as `1 ч 5 мин`."""
    rest = max(0, round(seconds))
    parts: list[str] = []
    for unit, size in _UNITS.get(language, _UNITS["en"]):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts) or f"0 {_UNITS.get(language, _UNITS['en'])[-1][0]}"


_LONGEST: Final = 200
_EVENTS: Final = {
    "ru": {
        "connected": "на связи",
        "disconnected": "нет связи",
        "missed_schedule": "не вышел на связь по расписанию",
        "registered": "новый модем",
        "rejected": "подключение отклонено",
        "gpi_changed": "вход {pin}: {level}",
        "gpo_changed": "выход {pin}: {level}",
        "signal": "уровень сигнала {value}",
        "temperature": "температура {value} °C",
        "meter_silent": "прибор учёта не отвечает",
        "meter_answering": "прибор учёта отвечает",
        "meter_changed": "заменён прибор учёта",
        "sms_received": "получено SMS",
        "call_received": "входящий звонок",
        "imei_conflict": "два модема с одним IMEI",
        "wake_failed": "не удалось вывести на связь",
        "hub": "хаб запущен",
        "hub_lost": "хаб: {part}: неполадка",
        "hub_back": "хаб: {part}: в норме",
        "mqtt": "сообщение {topic}: {payload}",
        "time": "по расписанию",
        "webhook": "вызов программы",
    },
    "en": {
        "connected": "online",
        "disconnected": "link lost",
        "missed_schedule": "missed its window",
        "registered": "new modem",
        "rejected": "dial-in turned away",
        "gpi_changed": "input {pin}: {level}",
        "gpo_changed": "output {pin}: {level}",
        "signal": "signal level {value}",
        "temperature": "temperature {value} °C",
        "meter_silent": "meter is silent",
        "meter_answering": "meter answers again",
        "meter_changed": "another meter answers",
        "sms_received": "SMS received",
        "call_received": "incoming call",
        "imei_conflict": "two modems with one IMEI",
        "wake_failed": "could not be woken",
        "hub": "the hub has started",
        "hub_lost": "hub: {part}: trouble",
        "hub_back": "hub: {part}: well again",
        "mqtt": "message {topic}: {payload}",
        "time": "on schedule",
        "webhook": "a program's call",
    },
}


def event_words(kind: str, data: Mapping[str, Any], language: str) -> str:
    """Return in a few words what happened; the type itself where there are none for it."""
    if kind == "hub":
        return _hub_words(data, language)
    pattern = _EVENTS.get(language, _EVENTS["en"]).get(kind, kind)
    pattern = pattern.replace("{level}", level_word(str(data.get("level", "")), language)[:_LONGEST])
    for name in ("pin", "value", "topic", "payload"):
        pattern = pattern.replace(f"{{{name}}}", str(data.get(name, ""))[:_LONGEST])
    return pattern.strip()


def _hub_words(data: Mapping[str, Any], language: str) -> str:
    """Return what happened to a part of the hub; what it says of itself only in words of that language."""
    name, _, what = str(data.get("event", "")).rpartition("_")
    table = _EVENTS.get(language, _EVENTS["en"])
    pattern = table.get(f"hub_{what}")
    if not name or pattern is None:
        return table["hub"]
    part = HUB_PARTS.get(name, name)
    text = pattern.replace("{part}", (PARTS_RU if language == "ru" else PARTS_EN).get(part, part))
    detail = str(data.get("detail", ""))[:_LONGEST]
    said = said_of_part(detail, language)
    return f"{text}: {said}" if said and what == "lost" and (language != "ru" or said != detail) else text
