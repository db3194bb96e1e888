"""Replies by SMS, as people write them at night."""

import pytest

from irzhub.alerts.ack_replies import read_reply


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("OK 17", 17),
        ("ok17", 17),
        ("ОК 17", 17),  # Cyrillic
        ("Oк, №17", 17),  # Latin and Cyrillic
        ("  ок - 17.\n", 17),
        ("OK 17 выезжаю", 17),
        ("Принял 3", 3),
        ("да 17", 17),
        ("ok", 0),
        ("Ок!", 0),
        ("OK 1234567890", None),
        ("17", None),
        ("окно 17", None),
        ("not ok 17", None),
        ("", None),
        ("Ваш баланс 17 руб.", None),
        ("ok " + "9" * 5000, None),
    ],
)
def test_only_a_word_of_consent_acknowledges(text: str, number: int | None) -> None:
    assert read_reply(text) == number
