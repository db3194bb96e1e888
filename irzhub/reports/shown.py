"""Values as people read them: durations, sizes and shares in words, times on the clock of the report."""

from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from irzhub.reports.report import Meaning
from irzhub.reports.words import in_words

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400
_KILO: Final = 1024
_TENTHS: Final = 10
_NO_BREAK: Final = "\u00a0"
_UNITS: Final = {"en": ("B", "KB", "MB", "GB", "TB"), "ru": ("Б", "КБ", "МБ", "ГБ", "ТБ")}


def shown(value: Any, meaning: Meaning, language: str, zone: tzinfo = UTC) -> str:
    """Return a value of a column in words, empty for what is not known.

    Args:
        value: as `Meaning` says.
        meaning: what it is.
        language: `ru` or `en`.
        zone: on whose clock moments are.
    """
    if value is None:
        return ""
    match meaning:
        case "moment":
            return moment_text(value, zone, language)
        case "day":
            return day_text(value, language)
        case "duration":
            return duration_text(value, language)
        case "bytes":
            return size_text(value, language)
        case "ratio":
            return f"{decimal(value * 100, 1, language)}{_NO_BREAK if language == 'ru' else ''}%"
        case "word":
            return in_words(str(value), language)
        case "number" | "dbm":
            return decimal(value, 1, language) if isinstance(value, float) and value % 1 else str(round(value))
        case "text" | "modem":
            return str(value)


def moment_text(moment: datetime, zone: tzinfo, language: str) -> str:
    """Return a time to the second, as the language writes it."""
    local = moment.astimezone(zone)
    return local.strftime("%d.%m.%Y %H:%M:%S" if language == "ru" else "%Y-%m-%d %H:%M:%S")


def day_text(day: str, language: str) -> str:
    """Return an ISO date as the language writes it."""
    return ".".join(reversed(day.split("-"))) if language == "ru" else day


def duration_text(seconds: float, language: str) -> str:
    """Return a duration in its two largest units."""
    units = [in_words(f"{name}_units", language) for name in ("day", "hour", "minute", "second")]
    if seconds < _TENTHS and seconds % 1:
        return f"{decimal(seconds, 1, language)} {units[3]}"
    whole = round(seconds)
    parts = (whole // _DAY, whole % _DAY // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE)
    first = next((number for number, part in enumerate(parts) if part), 3)
    told = [f"{part} {unit}" for part, unit in list(zip(parts, units, strict=True))[first : first + 2] if part]
    return " ".join(told) or f"0 {units[3]}"


def size_text(size_bytes: float, language: str) -> str:
    """Return a number of bytes in the unit that suits it."""
    units = _UNITS.get(language, _UNITS["en"])
    number, size = 0, float(size_bytes)
    while size >= _KILO and number < len(units) - 1:
        number, size = number + 1, size / _KILO
    return f"{decimal(size, 1 if number and size < 100 else 0, language)} {units[number]}"


def decimal(value: float, places: int, language: str) -> str:
    """Return a number with so many places behind the point, or comma."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language == "ru" else text
