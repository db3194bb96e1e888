"""The AsyncAPI document holds what the code publishes, no more and no less."""

import json

from irzhub.core.event_json import EVENT_TYPES
from irzhub.web.asyncapi import asyncapi, asyncapi_text


def test_every_topic_and_every_event_is_described() -> None:
    document = asyncapi("plant/hub")

    assert document["asyncapi"] == "3.0.0"
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert "plant/hub/modem/{modem}/event" in addresses
    assert "plant/hub/bridge/request/{verb}" in addresses
    assert "plant/hub/alert/{alert}" in addresses
    assert "plant/hub/bridge/part/{part}/state" in addresses
    assert "/api/v1/ws" in addresses
    one_of = document["components"]["schemas"]["event"]["oneOf"]
    assert len(one_of) == len(EVENT_TYPES)


def test_every_reference_leads_somewhere() -> None:
    text = asyncapi_text()
    document = json.loads(text)

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                found = document
                for part in reference.removeprefix("#/").split("/"):
                    found = found[part]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    assert "gpi_changed" in text


def test_the_data_of_an_event_has_its_fields() -> None:
    schema = asyncapi()["components"]["schemas"]["event_gpi_changed"]["properties"]

    assert schema["type"] == {"const": "gpi_changed"}
    assert schema["data"]["properties"]["level"] == {"enum": ["ON", "OFF"]}
    assert schema["data"]["properties"]["pin"] == {"type": "integer"}


def test_an_alert_is_described_as_it_is_published() -> None:
    properties = asyncapi()["components"]["schemas"]["alert"]["properties"]

    assert properties["id"] == {"type": "integer"} and properties["modem"] == {
        "anyOf": [{"type": "string"}, {"type": "null"}]
    }
    assert properties["silenced_until"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert "advice" not in properties and "title" in properties
