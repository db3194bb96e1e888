"""Small texts of rules, taken apart: times of day, dates, weekdays, groups, ids, numbers, topics, patterns of time."""

import re
from datetime import date
from typing import Final

from irzhub.config.cron import WrongCron, check_cron
from irzhub.core.groups import normal_path
from irzhub.mqtt.topics import is_modem_id

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
_DATE: Final = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})", re.ASCII)
_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_SENDER: Final = re.compile(r"\+?[0-9A-Za-z ._-]{1,20}", re.ASCII)
_MAIL: Final = re.compile(r"[^\s@,;<>\"\x00-\x1f\x7f]{1,64}@[0-9A-Za-zА-Яа-яЁё.-]{1,190}")
_STEP: Final = re.compile(r"/([1-9][0-9]?)", re.ASCII)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]?", re.ASCII)
WEEKDAYS: Final = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_LONGEST_TOPIC: Final = 500


def parse_time_of_day(text: str) -> int:
    """Return the second of the day that `20:00` or `06:30:15` names.

    Raises:
        ValueError: it is no time of day.
    """
    if (found := _TIME.fullmatch(text)) is None:
        raise ValueError("expected a time of day such as 20:00 or 06:30:15")
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)


def parse_date(text: str) -> tuple[int | None, int, int]:
    """Return year, month and day of `2026-05-09`, or of `05-09` with no year.

    Raises:
        ValueError: there is no such day.
    """
    if (found := _DATE.fullmatch(text)) is None:
        raise ValueError("expected a date such as 2026-05-09, or 05-09 for every year")
    year, month, day = int(found[1]) if found[1] else None, int(found[2]), int(found[3])
    try:
        date(year or 2024, month, day)  # a leap year: the 29th of February is a day
    except ValueError:
        raise ValueError("expected a date that there is") from None
    return year, month, day


def parse_group(text: str) -> str:
    """Return the path of a group.

    Raises:
        ValueError: it is none.
    """
    if not (path := normal_path(text)):
        raise ValueError("expected a group such as Север/Котельные")
    return path


def parse_modem(text: str) -> str:
    """Return a modem id (docs/contract.md 1).

    Raises:
        ValueError: it is none.
    """
    if not is_modem_id(text):
        raise ValueError('expected a modem id such as "868441036775234"')
    return text


def parse_phone(text: str) -> str:
    """Return a phone number in international form.

    Raises:
        ValueError: it is none.
    """
    if _PHONE.fullmatch(text) is None:
        raise ValueError('expected a phone number such as "+79211234567"')
    return text


def parse_sender(text: str) -> str:
    """Return whom an SMS or a call may come from: a number, or a name such as operators use.

    Raises:
        ValueError: it is none.
    """
    if _SENDER.fullmatch(text) is None:
        raise ValueError('expected a sender such as "+79211234567"')
    return text


def parse_mail(text: str) -> str:
    """Return a mail address.

    Raises:
        ValueError: it is none, or several.
    """
    if _MAIL.fullmatch(text) is None:
        raise ValueError("expected one mail address such as duty@example.ru")
    return text


def parse_topic_filter(text: str) -> str:
    """Return a topic filter of MQTT.

    Raises:
        ValueError: the broker would not take it.
    """
    levels = text.split("/")
    is_good = (
        0 < len(text) <= _LONGEST_TOPIC
        and not any(char < " " or "\x7f" <= char < "\xa0" for char in text)
        and all("+" not in level or level == "+" for level in levels)
        and all("#" not in level for level in levels[:-1])
        and ("#" not in levels[-1] or levels[-1] == "#")
        and not text.startswith("$")
    )
    if not is_good:
        raise ValueError("expected a topic filter such as scada/pump/+/state")
    return text


def parse_cron(text: str) -> str:
    """Return a cron expression of five fields.

    Raises:
        ValueError: it is none.
    """
    try:
        return check_cron(text)
    except WrongCron as error:
        raise ValueError(str(error)) from None


def parse_pattern(text: str, size: int) -> tuple[int, ...]:
    """Return the numbers below `size` that a pattern of time means: `*`, `/5` for every fifth, or one number.

    Raises:
        ValueError: it is none of these.
    """
    if text == "*":
        return tuple(range(size))
    if (step := _STEP.fullmatch(text)) is not None and int(step[1]) < size:
        return tuple(range(0, size, int(step[1])))
    if _NUMBER.fullmatch(text) is not None and int(text) < size:
        return (int(text),)
    raise ValueError(f'expected "*", "/5" or a number below {size}')
