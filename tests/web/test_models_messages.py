"""How the outbox is asked, and what a try of a way may be."""

from typing import Any

import pytest
from pydantic import ValidationError

from irzhub.web.models_messages import MessagesQuery, TestMessage, states_of


@pytest.mark.parametrize(
    ("text", "states"),
    [
        (None, ()),
        ("sent,failed", ("sent", "failed")),
        ("open", ("waiting", "held", "sending", "unknown")),
        ("waiting,open", ("waiting", "held", "sending", "unknown")),
    ],
)
def test_states_are_named(text: str | None, states: tuple[str, ...]) -> None:
    assert states_of(text) == states


def test_a_state_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="got 'gone'"):
        states_of("sent,gone")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contact": "duty", "address": "+79211234567", "channel": "sms"},
        {"address": "+79211234567"},
        {"channel": "sms"},
        {"channel": "sms", "address": "AT+CMGD=1"},
        {"contact": "a\nb"},
    ],
)
def test_a_try_names_a_contact_or_an_address(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TestMessage.model_validate(body)


def test_good_questions_are_taken() -> None:
    assert TestMessage.model_validate({"contact": "duty", "channel": "sms"}).contact == "duty"
    assert MessagesQuery.model_validate({"limit": "5", "since": "2026-11-23T09:00:00Z", "alert": "17"}).alert == 17
    with pytest.raises(ValidationError):
        MessagesQuery.model_validate({"since": "yesterday"})
