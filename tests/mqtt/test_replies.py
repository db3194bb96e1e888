"""Answers: whose they are and where they go."""

import json
from typing import Any

import pytest

from irzhub.mqtt.payloads import PayloadError
from irzhub.mqtt.replies import Reply, build_message, transaction_of
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Received

TOPICS = Topics("irzhub")


def test_a_reply_has_all_its_keys() -> None:
    assert json.loads(Reply("t", "ok", {"csq": 3}).encode()) == {
        "transaction": "t",
        "status": "ok",
        "data": {"csq": 3},
        "error": None,
    }


@pytest.mark.parametrize(
    ("wanted", "topic"), [(None, "usual"), ("me/1", "me/1"), ("a/#", "usual"), ("irzhub/bridge/state", "usual")]
)
def test_where_an_answer_goes(wanted: str | None, topic: str) -> None:
    received = Received("in", b"", retained=False, response_topic=wanted, correlation_data=b"7")
    message = build_message(TOPICS, received, "usual", Reply(None, "ok"))

    assert (message.topic, message.correlation_data, message.retain) == (topic, b"7", False)


@pytest.mark.parametrize("value", ["t", "", 0, 17, 1.5, None, "x" * 256])
def test_these_are_transactions(value: Any) -> None:
    assert transaction_of({"transaction": value}) == value
    assert transaction_of({}) is None


@pytest.mark.parametrize("value", [True, [], {}, "x" * 257])
def test_these_are_not(value: Any) -> None:
    with pytest.raises(PayloadError, match="transaction: expected"):
        transaction_of({"transaction": value})
