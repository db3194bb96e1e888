"""The greeting, in the language of the hub."""

import dataclasses

from irzhub.cli.words import automation_banner, banner, first_account
from irzhub.config.settings import Settings
from irzhub.const import VERSION


def test_the_greeting_says_where_everything_is() -> None:
    settings = Settings()
    english = dataclasses.replace(settings, hub=dataclasses.replace(settings.hub, language="en"))

    assert next(iter(banner(settings))) == f"irzhub {VERSION} (main)"
    assert "  модемы подключаются к  0.0.0.0:5009" in banner(settings)
    assert "  modems dial            0.0.0.0:5009" in banner(english)
    assert "  page and REST          http://127.0.0.1:8080" in banner(english)
    assert "  polling programs       0.0.0.0:20000-32700" in banner(english)


def test_both_languages_say_the_same_number_of_things() -> None:
    settings = Settings()
    english = dataclasses.replace(settings, hub=dataclasses.replace(settings.hub, language="en"))

    assert len(list(banner(settings))) == len(list(banner(english))) == 7


def test_automations_alone_say_what_they_follow() -> None:
    settings = Settings()
    english = dataclasses.replace(settings, hub=dataclasses.replace(settings.hub, language="en"))

    assert list(automation_banner(settings))[:2] == [
        f"irzhub {VERSION}: только автоматизации",
        "  сервер через брокер    127.0.0.1:1883, irzhub/...",
    ]
    assert "  follows the hub at     127.0.0.1:1883, irzhub/..." in automation_banner(english)


def test_the_link_to_the_first_account_is_one_line() -> None:
    line = first_account(Settings(), "http://127.0.0.1:8080/setup?secret=x")

    assert line.startswith("  первый администратор   http://127.0.0.1:8080/setup?secret=x (действует один раз")
