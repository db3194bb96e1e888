"""Where a text is cut: at 160, 153, 70 and 67, and never through a character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.gsm_modem.text import PART, TextTooLong, clean_text, split_text


@pytest.mark.parametrize(
    ("text", "alphabet", "lengths"),
    [
        ("a" * 160, "gsm7", [160]),
        ("a" * 161, "gsm7", [153, 8]),
        ("€" * 80, "gsm7", [80]),
        ("€" * 81, "gsm7", [76, 5]),  # 153 septets hold 76 pairs: none is cut in two
        ("я" * 70, "ucs2", [70]),
        ("я" * 71, "ucs2", [67, 4]),
        ("🚨" * 35, "ucs2", [35]),
        ("🚨" * 36, "ucs2", [33, 3]),
        ("я" * 1600, "ucs2", [67] * 23 + [59]),
        ("a" * 1600, "gsm7", [153] * 10 + [70]),
        ("", "gsm7", [0]),
    ],
    ids=["160", "161", "80 pairs", "81 pairs", "70", "71", "35 emoji", "36 emoji", "1600 ucs2", "1600 gsm7", "empty"],
)
def test_the_boundaries(text: str, alphabet: str, lengths: list[int]) -> None:
    parts = split_text(text)

    assert parts.alphabet == alphabet
    assert [len(part) for part in parts.texts] == lengths
    assert "".join(parts.texts) == text


@given(st.text(max_size=400))
def test_no_part_is_too_long_and_nothing_is_lost(text: str) -> None:
    cleaned = clean_text(text)
    parts = split_text(cleaned)

    assert "".join(parts.texts) == cleaned
    if len(parts.texts) > 1 and parts.alphabet == "ucs2":
        assert max(len(part.encode("utf-16-be")) for part in parts.texts) <= 2 * PART["ucs2"]


def test_256_parts_are_refused() -> None:
    assert len(split_text("я" * 67 * 255).texts) == 255
    with pytest.raises(TextTooLong, match="at most 255 parts, this one needs 256"):
        split_text("я" * (67 * 255 + 1))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x1aAT+CFUN=0\r", "a AT+CFUN=0 "),
        ("a\r\nb\nc", "a\nb\nc"),
        ("a\0b\x1bc\x7f", "a b c "),
        ("a\ud83d", "a\ufffd"),
        ("\ud83d\udea8", "🚨"),
    ],
    ids=["Ctrl-Z", "line ends", "controls", "half a pair", "a pair in halves"],
)
def test_what_no_sms_can_show_goes(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned
