"""Commands over MQTT, well meant and hostile."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.config.settings import MqttSettings
from irzhub.core.exceptions import CommandError, CommandExpired, UnknownModem
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand
from irzhub.mqtt.commands import are_allowed, parse_command
from irzhub.mqtt.payloads import PayloadError, decode_object
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import IMEI, BridgedHub
from tests.mqtt.reader import Reader

BASE = f"irzhub/modem/{IMEI}"
COMMAND, RESPONSE = f"{BASE}/command", f"{BASE}/response"


class Modems:
    """In place of the fleet: notes what is asked and answers as told."""

    def __init__(self) -> None:
        self.asked: list[ModemCommand] = []
        self.answer: CommandOutcome | Exception = CommandOutcome(status="ok", data={"csq": 21})
        self.gate = asyncio.Event()
        self.gate.set()

    async def run(self, command: ModemCommand) -> CommandOutcome:
        self.asked.append(command)
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def modems() -> Modems:
    return Modems()


@pytest.fixture
async def hub(broker: Mosquitto, tmp_path: Path, modems: Modems) -> AsyncIterator[BridgedHub]:
    async with BridgedHub(tmp_path, port=broker.port, commands=True) as running:
        running.services.register(MODEM_COMMAND, modems.run)
        running.add()
        yield running


@pytest.fixture
async def scada(hub: BridgedHub, broker: Mosquitto) -> AsyncIterator[Reader]:
    async with Reader(broker.port, (f"{BASE}/+", "irzhub/bridge/response/+", "answers/#")) as reader:
        await reader.until(hub.is_up)
        yield reader


async def test_a_command_is_run_and_answered(scada: Reader, hub: BridgedHub, modems: Modems) -> None:
    scada.publish(COMMAND, json.dumps({"transaction": "t-1", "command": "signal", "expires_in": 5}))
    response = await scada.message(RESPONSE)

    assert response.json == {"transaction": "t-1", "status": "ok", "data": {"csq": 21}, "error": None}
    assert not response.retained
    [asked] = modems.asked
    assert (asked.modem, asked.command, asked.args, asked.origin) == (IMEI, "signal", {}, "mqtt")
    assert 3 < (asked.expires_at - hub.clock.now()).total_seconds() <= 5


async def test_a_response_topic_and_correlation_data_are_honoured(scada: Reader) -> None:
    scada.publish(COMMAND, '{"command":"signal"}', response_topic="answers/7", correlation_data=b"\x07\x00")
    response = await scada.message("answers/7")

    assert response.json["status"] == "ok"
    assert response.correlation_data == b"\x07\x00"
    assert scada.find(RESPONSE) == []


@pytest.mark.parametrize("topic", ["irzhub/bridge/state", f"{BASE}/state", f"{BASE}/command", "a/#", "$SYS/x"])
async def test_a_response_topic_cannot_make_the_hub_write_where_it_must_not(scada: Reader, topic: str) -> None:
    try:
        scada.publish(COMMAND, '{"command":"signal"}', response_topic=topic)
    except Exception as error:
        assert "wildcards" in str(error)
        return
    await scada.message(RESPONSE)


async def test_an_output_is_set_by_its_own_topic(scada: Reader, modems: Modems) -> None:
    scada.publish(f"{BASE}/gpo/4/set", "ON")
    scada.publish(f"{BASE}/gpo/5/set", "OFF")
    await scada.until(lambda: len(scada.find(RESPONSE)) == 2)

    assert [(asked.command, asked.args) for asked in modems.asked] == [
        ("set_output", {"output": 4, "on": True}),
        ("set_output", {"output": 5, "on": False}),
    ]


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (CommandOutcome(status="error", error="the modem refused"), "error", "the modem refused"),
        (CommandError("not possible now"), "error", "not possible now"),
        (CommandExpired("its time ran out"), "expired", "its time ran out"),
        (UnknownModem("no modem"), "error", "no modem"),
        (CommandOutcome(status="expired", error="too late"), "expired", "too late"),
        (ZeroDivisionError(), "error", "the hub failed"),
    ],
)
async def test_what_goes_wrong_is_answered(
    scada: Reader, modems: Modems, answer: CommandOutcome | Exception, status: str, words: str
) -> None:
    modems.answer = answer
    scada.publish(COMMAND, '{"transaction":9,"command":"signal"}')
    response = (await scada.message(RESPONSE)).json

    assert (response["transaction"], response["status"]) == (9, status)
    assert words in response["error"]


async def test_a_command_whose_time_is_over_is_never_sent(scada: Reader, modems: Modems) -> None:
    scada.publish(COMMAND, '{"transaction":"late","command":"reboot","expires_in":0}')
    response = (await scada.message(RESPONSE)).json

    assert response["status"] == "expired"
    assert modems.asked == []


async def test_a_slow_modem_holds_up_nobody(scada: Reader, modems: Modems) -> None:
    modems.gate.clear()
    scada.publish(COMMAND, '{"transaction":"slow","command":"signal"}')
    await scada.until(lambda: modems.asked)
    scada.publish("irzhub/bridge/request/info", "{}")
    await scada.message("irzhub/bridge/response/info")
    assert scada.find(RESPONSE) == []
    modems.gate.set()
    assert (await scada.message(RESPONSE)).json["transaction"] == "slow"


HOSTILE: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("not JSON", b"reboot"),
    ("256 KiB", b'{"command":"' + b"x" * 262_144 + b'"}'),
    ("not UTF-8", b'{"command":"\xff"}'),
    ("NUL", b"\x00" * 64),
    ("a list", b'["signal"]'),
    ("a number", b"17"),
    ("null", b"null"),
    ("NaN", b'{"command":"signal","expires_in":NaN}'),
    ("infinity", b'{"command":"signal","expires_in":1e999}'),
    ("for ever", b'{"command":"signal","expires_in":1e18}'),
    ("a text for a number", b'{"command":"signal","expires_in":"5"}'),
    ("true for a number", b'{"command":"signal","expires_in":true}'),
    ("no command", b'{"transaction":"x"}'),
    ("command is a list", b'{"command":["signal"]}'),
    ("command is empty", b'{"command":""}'),
    ("command is long", b'{"command":"' + b"x" * 1000 + b'"}'),
    ("args is a list", b'{"command":"signal","args":[1]}'),
    ("transaction is an object", b'{"command":"signal","transaction":{}}'),
    ("transaction is long", b'{"command":"signal","transaction":"' + b"x" * 1000 + b'"}'),
    ("deep", b'{"command":"signal","args":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}"),
    ("very deep", b"[" * 60_000),
    ("a huge number", b'{"command":"signal","transaction":' + b"9" * 5000 + b"}"),
]


@pytest.mark.parametrize("payload", [payload for _, payload in HOSTILE], ids=[name for name, _ in HOSTILE])
async def test_a_hostile_payload_is_answered_with_an_error(scada: Reader, modems: Modems, payload: bytes) -> None:
    scada.publish(COMMAND, payload)
    response = (await scada.message(RESPONSE)).json

    assert response["status"] == "error"
    assert response["error"]
    assert modems.asked == []


async def test_half_a_surrogate_comes_back_as_valid_json(scada: Reader) -> None:
    scada.publish(COMMAND, b'{"command":"signal","transaction":"\\ud800"}')
    assert (await scada.message(RESPONSE)).json["transaction"] == "\ud800"


@pytest.mark.parametrize("payload", [b"", b"on", b"1", b"ON\x00", b"TRUE", b"ON" * 1000])
async def test_only_on_and_off_set_an_output(scada: Reader, modems: Modems, payload: bytes) -> None:
    scada.publish(f"{BASE}/gpo/4/set", payload)
    assert "expected ON or OFF" in (await scada.message(RESPONSE)).json["error"]
    assert modems.asked == []


async def test_a_flood_of_nonsense_makes_one_line_a_minute(scada: Reader, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "irzhub"):
        for _ in range(300):
            scada.publish(COMMAND, "nonsense")
            scada.publish(f"irzhub/modem/{'x' * 60}/command", "nonsense")
        await scada.until(lambda: len(scada.find(RESPONSE)) == 300)

    assert len(caplog.records) == 2


async def test_a_retained_command_is_ignored_old_or_new(
    broker: Mosquitto, tmp_path: Path, modems: Modems, caplog: pytest.LogCaptureFixture
) -> None:
    async with Reader(broker.port, (f"{BASE}/+",)) as scada:
        scada.publish(COMMAND, '{"command":"reboot"}', retain=True)
        await scada.message(COMMAND)
        async with BridgedHub(tmp_path, port=broker.port, commands=True) as hub:
            hub.services.register(MODEM_COMMAND, modems.run)
            hub.add()
            await scada.until(hub.is_up)
            scada.publish(COMMAND, '{"command":"change_sim"}', retain=True)
            scada.publish(COMMAND, '{"command":"signal"}')
            await scada.message(RESPONSE)

    assert [asked.command for asked in modems.asked] == ["signal"]


async def test_without_leave_commands_are_not_even_subscribed(
    broker: Mosquitto, tmp_path: Path, modems: Modems
) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub, Reader(broker.port, (f"{BASE}/+",)) as scada:
        hub.services.register(MODEM_COMMAND, modems.run)
        hub.add()
        await scada.until(hub.is_up)
        scada.publish(COMMAND, '{"command":"signal"}')
        await scada.message(COMMAND)
        await asyncio.sleep(0.3)

    assert modems.asked == []
    assert scada.find(RESPONSE) == []


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        (MqttSettings(broker="embedded", host="127.0.0.1"), True),
        (MqttSettings(broker="embedded", host="localhost"), True),
        (MqttSettings(broker="embedded", host="0.0.0.0"), False),
        (MqttSettings(broker="embedded", host="0.0.0.0", username="hub", password="x"), True),
        (MqttSettings(broker="external", host="127.0.0.1"), False),
        (MqttSettings(broker="external", host="broker.example", username="hub"), True),
        (MqttSettings(broker="external", host="broker.example", commands=True), True),
        (MqttSettings(broker="external", host="broker.example", username="hub", commands=False), False),
        (MqttSettings(broker="embedded", host="127.0.0.1", commands=False), False),
    ],
)
def test_where_commands_are_taken(settings: MqttSettings, *, allowed: bool) -> None:
    assert are_allowed(settings) is allowed


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.text(max_size=9), st.none() | st.integers() | st.text()).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_a_command_or_a_payload_error(payload: bytes) -> None:
    try:
        command: Any = parse_command(decode_object(payload))
    except PayloadError as error:
        assert str(error)
    else:
        assert command.command
