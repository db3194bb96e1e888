"""Payloads: exactly as docs/contract.md 2 says, and read back as they were."""

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from irzhub.core.event_json import EVENT_TYPES
from irzhub.core.events import (
    Event,
    UnknownEvent,
)
from irzhub.core.state import ModemState
from irzhub.mqtt.payloads import (
    PayloadError,
    decode_event,
    decode_level,
    decode_object,
    decode_state,
    encode_availability,
    encode_event,
    encode_json,
    encode_state,
    foreign_hub,
)
from tests.core.test_event_json import EVENTS as EXAMPLES

IMEI = "868441036775234"
AT = datetime(2026, 11, 21, 18, 57, 3, 120_000, UTC)
EVENTS: list[Event] = [dataclasses.replace(each, seq=7, id="01KAM3S4K0J8QZ4M6T2B7YV9XE") for each in EXAMPLES]
FULL = ModemState(
    modem=f"{IMEI}_2",
    imei=IMEI,
    channel=2,
    link="online",
    name="Котельная «Север»",
    group="Север",
    model="ATM31.A",
    firmware="4.2",
    address="10.0.0.5:20000",
    port=20000,
    peer="10.0.0.7:4711",
    sim=1,
    csq=17,
    iccid="8970101",
    temperature_c=-4,
    cell="250-01-3860-1",
    clients=2,
    gpi={2: None, 1: "ON"},
    gpo={4: "OFF"},
    rx_bytes=10,
    tx_bytes=20,
    last_seen=AT,
    observed_at=AT,
)


def test_every_type_of_event_is_here() -> None:
    assert {type(event) for event in EVENTS} == set(EVENT_TYPES.values())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_on_the_wire(event: Event, snapshot: SnapshotAssertion) -> None:
    assert json.dumps(json.loads(encode_event(event)), ensure_ascii=False, indent=1) == snapshot
    assert decode_event(encode_event(event)) == event


def test_only_an_event_that_is_not_durable_says_so() -> None:
    event = dataclasses.replace(EVENTS[0], durable=False)

    assert json.loads(encode_event(event))["durable"] is False
    assert "durable" not in json.loads(encode_event(EVENTS[0]))
    assert decode_event(encode_event(event)) == event


def test_an_event_of_a_later_version_comes_through_as_it_is() -> None:
    payload = {
        "id": "x",
        "seq": 1,
        "ts": "2026-11-21T18:57:03.120Z",
        "type": "teleported",
        "modem": None,
        "data": {"a": 1},
    }
    event = decode_event(json.dumps(payload).encode())

    assert isinstance(event, UnknownEvent)
    assert json.loads(encode_event(event)) == payload


def test_the_state_on_the_wire(snapshot: SnapshotAssertion) -> None:
    assert json.dumps(json.loads(encode_state(FULL)), ensure_ascii=False, indent=1) == snapshot


def test_what_is_unknown_is_null() -> None:
    state = json.loads(encode_state(ModemState(modem=IMEI, imei=IMEI)))

    assert [key for key, value in state.items() if value == 0 and value is not False] == [
        "clients",
        "rx_bytes",
        "tx_bytes",
    ]
    assert state["csq"] is state["rssi_dbm"] is state["last_seen"] is None


def test_a_state_is_read_as_it_was_built() -> None:
    assert decode_state(FULL.modem, encode_state(FULL), "online") == dataclasses.replace(FULL, port=None)
    owned = dataclasses.replace(FULL, port=None, organisation="north", commissioning=True)
    assert decode_state(FULL.modem, encode_state(owned), "online") == owned


@pytest.mark.parametrize(
    ("link", "payload"),
    [("online", b"online"), ("offline", b"offline"), ("standby", b"offline"), ("quarantined", b"offline")],
)
def test_availability(link: Any, payload: bytes) -> None:
    assert encode_availability(dataclasses.replace(FULL, link=link)) == payload


@pytest.mark.parametrize("payload", [b"", b"on", b"ON ", b"1", b"\xff"])
def test_a_level_is_on_or_off(payload: bytes) -> None:
    assert (decode_level(b"ON"), decode_level(b"OFF")) == ("ON", "OFF")
    with pytest.raises(PayloadError, match="expected ON or OFF"):
        decode_level(payload)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"\xff", "byte 0"),
        (b"[1]", "got a list"),
        (b'"x"', "got a text"),
        (b"true", "got a boolean"),
        (b"null", "got null"),
        (b"1.5", "got a number"),
        (b'{"a":NaN}', "NaN is no JSON"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "levels"),
        (b"[" * 100_000, "deep"),
        (b"{" + b" " * 200 + b"}", "at most 100 bytes"),
    ],
)
def test_what_is_no_object_says_what_it_is(payload: bytes, words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        decode_object(payload, 100 if words.startswith("at most") else 1 << 20)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_a_payload_error(payload: bytes) -> None:
    for decode in (decode_event, lambda data: decode_state(IMEI, data)):
        try:
            decode(payload)
        except PayloadError as error:
            assert str(error)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_json_comes_back_as_it_went(value: dict[str, Any]) -> None:
    assert decode_object(encode_json(value)) == value


@given(st.dictionaries(st.sampled_from([*json.loads(encode_state(FULL)), "other"]), JSON))
def test_any_object_is_a_state_or_a_payload_error(fields: dict[str, Any]) -> None:
    try:
        decode_state(IMEI, encode_json(fields))
    except PayloadError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("info", "other"),
    [
        (b'{"hub_id":"north"}', "north"),
        (b'{"hub_id":"main"}', None),
        (b'{"hub_id":7}', None),
        (b"[]", None),
        (b"", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
    ],
    ids=["another", "ours", "a number", "a list", "nothing", "no text", "nested"],
)
def test_the_info_of_another_hub_is_known_by_its_id(info: bytes, other: str | None) -> None:
    assert foreign_hub(info, "main") == other
