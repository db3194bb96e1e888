"""A new hub, fifty simulated modems and ten programs: what an outside subscriber sees is what is promised."""

import asyncio
import json
import re
import subprocess
import sys
from typing import Any

from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Received, Subscriber
from tests.mosquitto import needs_mosquitto

pytestmark = needs_mosquitto

MODEM = r"irzhub/modem/(?P<modem>[0-9]{14,17})"
STATE_KEYS = {
    "name", "group", "model", "firmware", "address", "peer", "sim", "csq", "rssi_dbm", "iccid", "temperature_c", "cell",
    "clients", "gpi", "gpo", "rx_bytes", "tx_bytes", "last_seen", "observed_at",
}  # fmt: skip
EVENT_KEYS = {"id", "seq", "ts", "type", "modem", "data"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def is_event(message: Received) -> bool:
    """Whether the payload is an event as promised, and was not kept by the broker."""
    event = message.json
    return (
        set(event) == EVENT_KEYS
        and not message.is_retained
        and TIME.fullmatch(event["ts"]) is not None
        and re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", event["id"]) is not None
        and (f"modem/{event['modem']}/event" in message.topic or event["modem"] is None)
    )


def is_level(message: Received) -> bool:
    """Whether the payload is a level of a pin."""
    return message.payload in (b"ON", b"OFF")


def is_link(message: Received) -> bool:
    """Whether the payload is an availability."""
    return message.payload in (b"online", b"offline")


PROMISED = [
    (r"irzhub/bridge/state", is_link),
    (r"irzhub/bridge/info", lambda m: {"version", "started_at"} <= set(m.json)),
    (r"irzhub/bridge/event", is_event),
    (MODEM + "/availability", is_link),
    (MODEM + "/state", lambda m: set(m.json) == STATE_KEYS),
    (MODEM + "/gpi/[1-5]", is_level),
    (MODEM + "/gpo/[1-5]", is_level),
    (MODEM + "/event", is_event),
]


def simulate(hub: HubProcess, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run `irzhub simulate` against a hub."""
    return subprocess.run(
        [sys.executable, "-m", "irzhub", "simulate", "--port", str(hub.modem_port), "--first-port", str(hub.ports[0]),
         *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip


async def test_subscriber_sees_what_the_contract_promises_and_nothing_else(hub: HubProcess) -> None:
    with Subscriber(hub.mqtt_port) as reader:
        reader.wait(lambda r: r.retained().get("irzhub/bridge/state") == b"online", what="the hub online")

        done = await asyncio.to_thread(
            simulate, hub, "--modems", "50", "--pollers", "10", "--duration", "15", "--gpi-every", "5", "--json"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        summary = json.loads(done.stdout[done.stdout.index("{") :])
        reader.wait(lambda r: len(r.events("disconnected")) >= 50, what="50 modems gone")

        for message in reader.messages:
            matches = [check for pattern, check in PROMISED if re.fullmatch(pattern, message.topic)]
            assert len(matches) == 1, f"nobody promised {message.topic}"
            assert matches[0](message), f"{message.topic}: {message.payload!r}"
        assert_numbers_have_no_gap(reader.events())
        assert_registration_order(reader.messages)
        for modem in {event["modem"] for event in reader.events("registered")}:
            assert_changes_are_shown_before_they_are_told(reader.messages, modem)
        assert len(reader.events("registered")) == 50
        assert summary_errors(summary) == 0, summary
        assert all(state == b"offline" for topic, state in reader.retained().items() if topic.endswith("availability"))


def summary_errors(summary: dict[str, Any]) -> int:
    """Return how many errors `simulate --json` counted."""
    return int(summary["errors"])


def assert_numbers_have_no_gap(events: list[dict[str, Any]]) -> None:
    """Every number from the first to the last was told."""
    numbers = sorted({event["seq"] for event in events})
    assert numbers == list(range(1, numbers[-1] + 1))


def assert_registration_order(messages: list[Received]) -> None:
    """State, availability, `registered`, `connected`: in this order for every modem."""
    first: dict[str, dict[str, int]] = {}
    for place, message in enumerate(messages):
        if (match := re.fullmatch(MODEM + "/(.*)", message.topic)) is None:
            continue
        kind = message.json["type"] if message.topic.endswith("/event") else match.group(2)
        first.setdefault(match.group("modem"), {}).setdefault(kind, place)
    assert len(first) == 50
    for modem, places in first.items():
        order = [places[kind] for kind in ("state", "availability", "registered", "connected")]
        assert order == sorted(order), f"{modem}: {places}"


def assert_changes_are_shown_before_they_are_told(messages: list[Received], modem: str) -> None:
    """A subscriber that gets an event has the level that it speaks of already, or a newer one."""
    levels: dict[str, str] = {}
    newest: dict[int, str] = {}
    pending: list[tuple[int, str]] = []
    base = f"irzhub/modem/{modem}"
    for message in messages:
        if message.topic.startswith(f"{base}/gpi/"):
            levels[message.topic.rpartition("/")[2]] = message.payload.decode()
        elif message.topic == f"{base}/event" and message.json["type"] == "gpi_changed":
            data = message.json["data"]
            assert str(data["pin"]) in levels, f"{modem}: event before any level of input {data['pin']}"
            newest[data["pin"]] = data["level"]
            if levels[str(data["pin"])] != data["level"]:
                pending.append((data["pin"], data["level"]))
    assert {pin: levels[str(pin)] for pin in newest} == newest


async def test_commands_over_mqtt_are_answered_on_both_ways(hub: HubProcess) -> None:
    with Subscriber(hub.mqtt_port) as reader:
        reader.wait(lambda r: r.retained().get("irzhub/bridge/state") == b"online", what="the hub online")
        running = asyncio.get_running_loop().create_task(
            asyncio.to_thread(simulate, hub, "--modems", "2", "--encapsulation", "--duration", "8")
        )
        await asyncio.to_thread(reader.wait, lambda r: len(r.events("connected")) == 2, 20, "two modems")
        modem = reader.events("connected")[0]["modem"]

        reader.publish(f"irzhub/modem/{modem}/command", {"transaction": "t1", "command": "signal"})
        reader.publish(
            f"irzhub/modem/{modem}/command",
            {"transaction": "t2", "command": "temperature", "args": {}, "expires_in": 10},
            ResponseTopic="reply/test",
            CorrelationData=b"\x01\x02",
        )
        reader.publish("irzhub/bridge/request/events", {"transaction": "t3", "after_seq": 0, "limit": 2})
        reader.publish(f"irzhub/modem/{modem}/gpo/4/set", "ON")
        await asyncio.to_thread(reader.wait, lambda r: len(r.events("command_finished")) >= 3, 20, "three commands")
        await asyncio.to_thread(
            reader.wait, lambda r: r.retained().get(f"irzhub/modem/{modem}/gpo/4") == b"ON", 20, "output 4 on"
        )
        await running

    replies = {m.json["transaction"]: m for m in reader.messages if m.topic.endswith(("/response", "/response/events"))}
    assert replies["t1"].json["status"] == "ok"
    assert 0 <= replies["t1"].json["data"]["csq"] <= 31
    page = replies["t3"].json["data"]
    assert [event["seq"] for event in page["events"]] == [1, 2]
    answered = [m.json for m in reader.messages if m.topic == "reply/test"]
    assert [answer["transaction"] for answer in answered] == ["t2"]
    assert -100 <= answered[0]["data"]["temperature_c"] <= 155
