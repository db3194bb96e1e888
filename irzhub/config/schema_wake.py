"""The keys of `irzhub.yaml` about waking modems; `schema.py` says what a schema is for."""

import re
from typing import Final

from irzhub.config.schema_keys import key
from irzhub.config.validators import Choice, Duration, Items, Number, OrNull, OrWord, Parsed, Text

_PLACES: Final = re.compile(r"\{([^{}]*)\}")
_KNOWN: Final = frozenset({"password", "address", "minutes", "imei"})


def check_wake_text(text: str) -> None:
    """Judge the text of an SMS that wakes a modem.

    Raises:
        ValueError: it is empty, does not fit one SMS, or has a place in braces that nothing can fill.
    """
    if re.fullmatch(r"[ -~]{1,160}", text, re.ASCII) is None:
        raise ValueError("expected 1 to 160 ASCII characters")
    if not {found[1] for found in _PLACES.finditer(text)} <= _KNOWN:
        raise ValueError(f"expected only the places {', '.join(sorted(_KNOWN))}")


LADDER: Final = {
    key(
        "steps",
        ["call", "sms"],
        "what is tried to wake a modem, in order; call2 and sms2 go to the number of its second SIM card",
        "чем выводить модем на связь, по порядку; call2 и sms2 идут на номер второй SIM-карты",
    ): Items(Choice(("call", "sms", "call2", "sms2")), 1, "steps"),
    key(
        "after_call",
        "60s",
        "how long a modem may take to dial in after a call, before the next step",
        "сколько ждать модем после звонка, прежде чем перейти к следующему шагу",
    ): Duration(1, 3600),
    key("after_sms", "120s", "the same after an SMS", "то же после SMS"): Duration(1, 3600),
    key(
        "hold",
        "180s",
        "how long a program waits for a modem that is being woken; then it is closed",
        "сколько программа ждёт, пока модем выводят на связь; потом её соединение закрывается",
    ): Duration(1, 3600),
    key(
        "sms_text",
        "auto",
        "text of the SMS with the places {password}, {address}, {minutes} and {imei}; auto: `IP..TIME..` where "
        "wake.address is set, else `wait off`",
        "текст SMS с подстановками {password}, {address}, {minutes} и {imei}; auto: `IP..TIME..`, если задан "
        "wake.address, иначе `wait off`",
    ): OrWord("auto", None, Parsed("up to 160 ASCII characters with {password} and such", check_wake_text)),
    key(
        "sms_minutes",
        60,
        "for how many minutes the SMS calls the modem in; 0: until it restarts",
        "на сколько минут SMS вызывает модем на связь; 0: до перезагрузки",
    ): Number(0, 255),
    key("calls_per_day", 24, "calls to one modem in a day at most", "звонков одному модему в сутки"): Number(0, 1000),
    key("sms_per_day", 12, "SMS to one modem in a day at most", "SMS одному модему в сутки"): Number(0, 1000),
}

WAKE: Final = {
    key(
        "address",
        None,
        "host:port at which the modems reach this hub, for the SMS that names it",
        "host:port, по которому модемы находят этот хаб; подставляется в SMS",
    ): OrNull(Text("host:port", r"[0-9A-Za-z.-]{1,100}:[0-9]{1,5}")),
    key(
        "numbers",
        ["+"],
        "how the numbers begin that may be called and written to, such as +79",
        "с чего начинаются номера, на которые можно звонить и писать, например +79",
    ): Items(Text("the beginning of a number, such as +79", r"\+[0-9]{0,14}"), 1, "beginnings of numbers"),
    key("ring", "20s", "how long a call rings at most", "сколько звонить, не дольше"): Duration(3, 60),
    key("at_once", 4, "modems that are woken at the same time", "сколько модемов выводить на связь сразу"): Number(
        1, 1000
    ),
    key("calls_per_day", 2000, "calls of the hub in a day at most", "звонков хаба в сутки"): Number(0, 1000000),
    key("sms_per_day", 300, "SMS of the hub in a day at most", "SMS хаба в сутки"): Number(0, 1000000),
    key(
        "pause",
        "5m",
        "after a wake in vain the next one waits so long, twice as long after each further one, up to 6 hours; "
        "who wakes by hand does not wait",
        "пауза после неудачи, с каждой следующей вдвое дольше, до 6 часов; на вывод на связь вручную не действует",
    ): Duration(0, 21600),
    key("keep_days", 400, "how long wakes are remembered", "сколько дней помнить выводы на связь"): Number(1, 36500),
}
