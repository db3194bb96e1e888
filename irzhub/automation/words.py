"""The few words that the engine itself writes into texts, in the language of the hub."""

from collections.abc import Mapping
from typing import Any, Final

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
        "hub": "узел: {event} {detail}",
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
        "hub": "hub: {event} {detail}",
        "mqtt": "message {topic}: {payload}",
        "time": "on schedule",
        "webhook": "a program's call",
    },
}


def event_words(kind: str, data: Mapping[str, Any], language: str) -> str:
    """Return in a few words what happened; the type itself where there are none for it."""
    pattern = _EVENTS.get(language, _EVENTS["en"]).get(kind, kind)
    for name in ("pin", "level", "value", "event", "detail", "topic", "payload"):
        pattern = pattern.replace(f"{{{name}}}", str(data.get(name, ""))[:_LONGEST])
    return pattern.strip()
