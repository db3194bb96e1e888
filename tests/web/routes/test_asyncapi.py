"""`/api/v1/asyncapi.json`: the document of the hub that is asked, for anybody."""

from irzhub.web.asyncapi import asyncapi_text
from tests.web.conftest import Hub

PATH = "/api/v1/asyncapi.json"


async def test_anybody_may_read_which_topics_there_are(hub: Hub) -> None:
    reply = await hub.get(PATH, token=None)

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert reply.text == asyncapi_text()


async def test_the_topics_are_those_of_this_hub(hub: Hub) -> None:
    topics = hub.settings.mqtt.base_topic
    channels = (await hub.get(PATH)).json()["channels"]

    assert channels["state"]["address"] == f"{topics}/modem/{{modem}}/state"
    assert channels["request"]["address"] == f"{topics}/bridge/request/{{verb}}"
