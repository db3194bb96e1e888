"""What stands beside an English text: for people who read Russian, and for programs that look at codes."""

import pytest

from irzhub.web.said import said_json


def test_a_text_of_the_hub() -> None:
    assert said_json("spent for today: sms") == {
        "code": "budget_spent",
        "values": {"channels": "sms"},
        "russian": "исчерпан на сегодня: sms",
    }


@pytest.mark.parametrize("text", [None, "", "Segmentation fault"])
def test_a_text_of_somebody_else(text: str | None) -> None:
    assert said_json(text) is None
