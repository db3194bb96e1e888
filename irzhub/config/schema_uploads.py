"""The keys of `irzhub.yaml` about settings and firmware of modems; `schema.py` says what a schema is for."""

from typing import Final

from irzhub.codec.irz.line_prefix import check_prefix
from irzhub.config.schema_keys import key, section
from irzhub.config.validators import Choice, Duration, Flag, Number, Parsed, Size, Text

_PREFIX: Final = Parsed("four characters with at most one %d or %04d, such as %04d or %d%%%", check_prefix)

SETTINGS: Final = {
    key(
        "password",
        "5492",
        "service password of the modems, where a job gives no other",
        "сервисный пароль модемов, если в задании не указан другой",
        is_secret=True,
    ): Text("4 to 6 characters without space and comma", r"[!-+\--~]{4,6}"),
    key(
        "line_prefix",
        "%04d",
        "the four bytes before each line; %d is its number (docs/protocol.md 1.9), to be tried on a real modem",
        "четыре байта перед каждой строкой; %d её номер (docs/protocol.md 1.9), проверяется на настоящем модеме",
    ): _PREFIX,
    key("line_timeout", "30s", "how long a modem may take for a line", "сколько ждать ответа на строку"): Duration(
        1, 600
    ),
    key(
        "dial_in_within",
        "30m",
        "how long a modem may take to dial in for it and take all",
        "за сколько модем должен выйти на связь и принять всё",
    ): Duration(10, 86400),
    key(
        "attempts",
        3,
        "how often it is tried when the link breaks; a refusal is not tried again",
        "сколько раз повторять при обрыве связи; отказ не повторяется",
    ): Number(1, 10),
    key(
        "concurrency",
        256,
        "modems that take settings or firmware at once",
        "сколько модемов принимают настройки или прошивку одновременно",
    ): Number(1, 1000),
}

FIRMWARE: Final = {
    key(
        "experimental",
        False,
        "send firmware at all: the form of its pages is not confirmed on a real modem",
        "разрешить отправку прошивки: вид её страниц не проверен на настоящем модеме",
    ): Flag(),
    key("page_size", 512, "bytes of one page", "байт на странице"): Number(16, 1400),
    key("line_prefix", "%04d", "the four bytes before each page", "четыре байта перед каждой страницей"): _PREFIX,
    key("page_timeout", "30s", "how long a modem may take for a page", "сколько ждать ответа на страницу"): Duration(
        1, 600
    ),
    key(
        "dial_in_within",
        "2h",
        "how long a modem may take to dial in for it and take all",
        "за сколько модем должен выйти на связь и принять всё",
    ): Duration(10, 86400),
    key(
        "resume",
        "start",
        "where an interrupted one goes on: from the start, or behind the last page the modem has acknowledged",
        "откуда продолжать прерванную: с начала (start) или после последней подтверждённой страницы (page)",
    ): Choice(("start", "page")),
    key("largest_image", "4MiB", "largest image that is taken", "наибольший принимаемый образ"): Size(),
}

FLEET: Final = {
    section("settings", "how settings are sent", "отправка настроек"): SETTINGS,
    section("firmware", "images and how they are sent", "образы прошивки и их отправка"): FIRMWARE,
}
