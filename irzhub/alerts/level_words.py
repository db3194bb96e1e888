"""Levels of inputs and outputs as people say them: `ON` is for programs."""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "ru": {"ON": "вкл", "OFF": "выкл"},
    "en": {"ON": "on", "OFF": "off"},
}


def level_word(level: str, language: str) -> str:
    """Return `вкл` or `on` for `ON`; what is no level, and another language, as it is."""
    return _WORDS.get(language, {}).get(level, level)
