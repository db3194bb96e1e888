"""Requests to the hub over MQTT."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.core.events import ImeiConflict
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import IMEI, BridgedHub
from tests.mqtt.reader import Reader


@pytest.fixture
async def hub(broker: Mosquitto, tmp_path: Path) -> AsyncIterator[BridgedHub]:
    async with BridgedHub(tmp_path, port=broker.port) as running:
        running.add()
        yield running


@pytest.fixture
async def follower(hub: BridgedHub, broker: Mosquitto) -> AsyncIterator[Reader]:
    async with Reader(broker.port, ("irzhub/bridge/response/+", "me/#")) as reader:
        await reader.until(hub.is_up)
        yield reader


async def test_a_follower_catches_up_by_sequence_number(follower: Reader, hub: BridgedHub) -> None:
    for number in range(30):
        hub.switch(1, "ON" if number % 2 else "OFF")
    await hub.journal.flush()
    seen: list[int] = []
    while not seen or seen[-1] < 30:
        follower.messages.clear()
        request = {"transaction": len(seen), "after_seq": seen[-1] if seen else 0, "limit": 12}
        follower.publish("irzhub/bridge/request/events", json.dumps(request))
        answer = (await follower.message("irzhub/bridge/response/events")).json
        assert (answer["transaction"], answer["status"], answer["error"]) == (len(seen), "ok", None)
        assert (answer["data"]["first_seq"], answer["data"]["last_seq"]) == (1, 30)
        seen += [event["seq"] for event in answer["data"]["events"]]

    assert seen == list(range(1, 31))


async def test_an_event_in_an_answer_is_the_event_as_published(
    follower: Reader, hub: BridgedHub, broker: Mosquitto
) -> None:
    async with Reader(broker.port, (f"irzhub/modem/{IMEI}/event",)) as reader:
        hub.switch(2, "ON")
        published = (await reader.message(f"irzhub/modem/{IMEI}/event")).json
    follower.publish("irzhub/bridge/request/events", '{"after_seq":0}')
    [event] = (await follower.message("irzhub/bridge/response/events")).json["data"]["events"]

    assert event == published


async def test_a_long_answer_is_cut_and_can_be_continued(follower: Reader, hub: BridgedHub) -> None:
    for _ in range(3):
        peers = tuple("x" * 200_000 for _ in range(1))
        hub.journal.append(ImeiConflict(ts=hub.clock.now(), modem=IMEI, peers=peers))
    await hub.journal.flush()
    follower.publish("irzhub/bridge/request/events", '{"after_seq":0,"limit":1000}')
    answer = (await follower.message("irzhub/bridge/response/events")).json["data"]

    assert [event["seq"] for event in answer["events"]] == [1, 2]
    assert answer["last_seq"] == 3


async def test_info_is_what_bridge_info_says(follower: Reader) -> None:
    follower.publish("irzhub/bridge/request/info", "")
    answer = (await follower.message("irzhub/bridge/response/info")).json

    assert answer["status"] == "ok"
    assert answer["data"]["hub_id"] == "main"
    assert answer["data"]["counts"]["modems"] == 1


async def test_a_response_topic_is_honoured(follower: Reader) -> None:
    follower.publish("irzhub/bridge/request/info", "{}", response_topic="me/1", correlation_data=b"7")
    assert (await follower.message("me/1")).correlation_data == b"7"


@pytest.mark.parametrize(
    ("verb", "payload", "words"),
    [
        ("reboot", "{}", "expected one of events, info"),
        ("events", "{}", "after_seq"),
        ("events", '{"after_seq":-1}', "after_seq"),
        ("events", '{"after_seq":"0"}', "after_seq"),
        ("events", '{"after_seq":true}', "after_seq"),
        ("events", '{"after_seq":99999999999999999999}', "after_seq"),
        ("events", '{"after_seq":0,"limit":1001}', "limit"),
        ("events", '{"after_seq":0,"limit":0}', "limit"),
        ("events", "[]", "expected a JSON object"),
        ("events", "nonsense", "expected a JSON object"),
    ],
)
async def test_what_cannot_be_answered_gets_an_error(follower: Reader, verb: str, payload: str, words: str) -> None:
    follower.publish(f"irzhub/bridge/request/{verb}", payload)
    answer = (await follower.message(f"irzhub/bridge/response/{verb}")).json

    assert answer["status"] == "error"
    assert words in answer["error"]


async def test_a_verb_that_is_no_word_gets_nothing(follower: Reader) -> None:
    follower.publish("irzhub/bridge/request/Info%00", "{}")
    follower.publish("irzhub/bridge/request/info", "{}")
    await follower.message("irzhub/bridge/response/info")

    assert follower.topics() == ["irzhub/bridge/response/info"]
