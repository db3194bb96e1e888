"""Changes of notification settings: what is taken, and what they are as a patch."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from irzhub.web.models_notifications import BulkNotifications, NotificationsEdit, patch_of
from tests.conftest import ROOT


def test_a_change_becomes_a_patch_of_what_was_sent_and_no_more() -> None:
    edit = NotificationsEdit.model_validate(
        {
            "lost": {
                "delay_s": "5m",
                "recipients": [{"contact": "duty"}, {"channel": "sms", "address": "+79211234567"}],
            },
            "restored": None,
            "inputs": {"2": {"change": "any", "text": None}, "3": None},
        }
    )
    assert patch_of(edit) == {
        "lost": {
            "delay_s": 300.0,
            "recipients": [{"contact": "duty"}, {"channel": "sms", "address": "+79211234567"}],
        },
        "restored": None,
        "inputs": {"2": {"change": "any", "text": None}, "3": None},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"lost": {"change": "any"}},
        {"lost": {"delay_s": -1}},
        {"lost": {"delay_s": "8d"}},
        {"inputs": {"6": {"enabled": True}}},
        {"lost": {"channels": ["pigeon"]}},
        {"lost": {"recipients": [{}]}},
        {"lost": {"recipients": [{"channel": "sms"}]}},
        {"lost": {"recipients": [{"contact": "duty", "channel": "sms", "address": "+79211234567"}]}},
        {"lost": {"recipients": [{"channel": "sms", "address": "anna@example.ru"}]}},
        {"lost": {"recipients": [{"channel": "email", "address": "anna@example.ru\r\nBcc: all@example.ru"}]}},
        {"lost": {"recipients": [{"channel": "mqtt", "address": "irzhub/#"}]}},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NotificationsEdit.model_validate(wrong)


@pytest.mark.parametrize("page", ["notification_settings.md", "notification_settings.ru.md"])
def test_the_examples_of_the_page_are_taken(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    bodies = [json.loads(body) for body in re.findall(r"-d '(.+?)'\n", text)]
    assert len(bodies) == 4
    for body in bodies[:3]:
        assert patch_of(NotificationsEdit.model_validate(body))
    assert BulkNotifications.model_validate(bodies[3]).settings is not None
