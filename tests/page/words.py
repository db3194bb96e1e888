"""The page's own words by their keys, so that a test presses the same button in either language."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tests.page.browser import Language
from tests.page.build import ROOT

_CATALOGUES: Final = ROOT / "frontend" / "src" / "i18n"


def word(language: Language, key: str) -> str:
    """Return what the page calls it, such as `Новое правило` for `automations.new`."""
    place: Any = _catalogue(language)
    for name in key.split("."):
        place = place[name]
    assert isinstance(place, str), f"{key} is no word"
    return place


@lru_cache(maxsize=2)
def _catalogue(language: Language) -> dict[str, Any]:
    folder = _CATALOGUES / language
    words: dict[str, Any] = {}
    for file in sorted(folder.rglob("*.json")):
        _merge(words, _under(file.relative_to(folder).with_suffix(""), json.loads(file.read_text("utf-8"))))
    return words


def _under(path: Path, said: Any) -> dict[str, Any]:
    for name in reversed(path.parts):
        said = {name: said}
    return dict(said)


def _merge(words: dict[str, Any], more: dict[str, Any]) -> None:
    for key, said in more.items():
        if isinstance(said, dict) and isinstance(words.get(key), dict):
            _merge(words[key], said)
        else:
            words[key] = said
