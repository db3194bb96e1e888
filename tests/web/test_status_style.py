"""Colours that can be read: contrast by WCAG 2, computed from the page's own style."""

import re

import pytest

from irzhub.web.status_style import STYLE


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+):#([0-9A-F]{3,6})", block))


LIGHT = tokens(STYLE.partition("@media(prefers-color-scheme:dark)")[0])
DARK = tokens(STYLE.partition("@media(prefers-color-scheme:dark)")[2])


def luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(full[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_each_text_stands_out_from_its_ground(theme: dict[str, str]) -> None:
    for text in ("text", "text2", "text3", "accent", "bad", "warn"):
        assert contrast(theme[text], theme["surface"]) >= 4.5, text
        assert contrast(theme[text], theme["bg"]) >= 4.5, text
    assert contrast(theme["text"], theme["warnbg"]) >= 4.5
    assert contrast(theme["warn"], theme["warnbg"]) >= 4.5


def test_both_themes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
