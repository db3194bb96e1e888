"""`docs/topics.md`, made from the code that builds topics and payloads, so that it cannot be wrong."""

import dataclasses
import json
import typing
from datetime import UTC, datetime
from typing import Any, Final

from irzhub.core.events import EVENT_TYPES, Event, GpiChanged
from irzhub.core.state import ModemState
from irzhub.mqtt.commands import EXPIRES_IN_S
from irzhub.mqtt.payloads import event_object, state_object
from irzhub.mqtt.replies import LONGEST_PAYLOAD, Reply
from irzhub.mqtt.requests import MOST_EVENTS
from irzhub.mqtt.topics import AVAILABILITY, STATE, Topics, pin_name

_MODEM: Final = "868441036775234"
_AT: Final = datetime(2026, 11, 21, 18, 57, 3, 120_000, UTC)
_STATE: Final = ModemState(
    modem=_MODEM,
    imei=_MODEM,
    link="online",
    name="Котельная 3",
    group="Север",
    model="ATM31.A",
    firmware="4.2",
    address="10.0.0.5:20017",
    port=20017,
    peer="10.64.3.7:40112",
    sim=1,
    csq=17,
    iccid="8970101234567890123",
    temperature_c=31,
    cell="250-01-3860-41233",
    clients=1,
    gpi={1: "ON", 2: None},
    gpo={4: "OFF"},
    rx_bytes=18_231,
    tx_bytes=9_104,
    last_seen=_AT,
    observed_at=_AT,
)
_EVENT: Final = GpiChanged(
    ts=_AT,
    modem=_MODEM,
    pin=1,
    level="ON",
    previous="OFF",
    source="report",
    seq=40_817,
    id="01KAM3S4K0J8QZ4M6T2B7YV9XE",
)


def topics_page(base: str = "irzhub") -> str:
    """Return the page as Markdown, for hubs with this base topic."""
    topics = Topics(base)
    return "\n".join([*_head(base), *_table(topics), *_payloads(topics), *_events(), *_commands(topics), *_rules()])


def _head(base: str) -> list[str]:
    return [
        "# MQTT topics",
        "",
        "<!-- Made by `make docs` from irzhub/mqtt; do not edit. -->",
        "",
        "What the hub publishes and takes, over MQTT 5 or 3.1.1, always with QoS 1.",
        f"The base topic is `{base}` unless `mqtt.base_topic` says otherwise; one hub to a base topic.",
        "`<modem>` is the IMEI, with `_2` to `_5` behind it for the further channels of a modem; never a name.",
        "",
        "## Topics",
        "",
    ]


def _table(topics: Topics) -> list[str]:
    rows = [
        (topics.bridge_state, "yes", "`online` or `offline`; `offline` is the last will"),
        (topics.bridge_info, "yes", "JSON: `version`, `hub_id`, `started_at`, `counts`, `broker`"),
        (topics.bridge_event, "no", "JSON: events of the hub itself, and of modems that have no topics"),
        (f"{topics.base}/bridge/request/<verb>", "no", "a request to the hub, see below"),
        (f"{topics.base}/bridge/response/<verb>", "no", "its answer"),
        (topics.availability(_MODEM), "yes", "`online` or `offline`"),
        (topics.state(_MODEM), "yes", "JSON: all that is known of the modem, see below"),
        (
            topics.of_modem(_MODEM, "gpi/<n>"),
            "yes",
            "`ON` or `OFF`, after inversion and debounce; the modem's pin number",
        ),
        (topics.of_modem(_MODEM, "gpo/<n>"), "yes", "`ON` or `OFF`"),
        (topics.of_modem(_MODEM, "gpo/<n>/set"), "no", "`ON` or `OFF` switches the output; answered on `response`"),
        (topics.event(_MODEM), "no", "JSON: one event"),
        (topics.of_modem(_MODEM, "command"), "no", "JSON: a command, see below"),
        (topics.response(_MODEM), "no", "JSON: how it ended"),
    ]
    lines = ["| topic | retained | payload |", "|---|---|---|"]
    return lines + [f"| `{topic.replace(_MODEM, '<modem>')}` | {kept} | {text} |" for topic, kept, text in rows] + [""]


def _payloads(topics: Topics) -> list[str]:
    shown = [AVAILABILITY, *(pin_name("gpi", pin) for pin in (1,))]
    return [
        "## State",
        "",
        f"`{topics.state(_MODEM)}`:",
        "",
        *_json(state_object(_STATE)),
        "",
        "Unknown is `null`, never 0. `csq` is 0 to 31, `rssi_dbm` is -113 + 2 x `csq`. Counters are meter bytes since",
        f"registration, `rx` from the modem. While `{shown[0]}` is `offline`, values are the last ones known.",
        f"A pin of unknown level has no topic, such as `{shown[1]}`.",
        "",
        "## Events",
        "",
        f"`{topics.event(_MODEM)}`:",
        "",
        *_json(event_object(_EVENT)),
        "",
        "`seq` counts all events of the hub without a gap and is never given twice; `id` is the same when an event comes",
        "again. `durable` stands there, as `false`, only for an event that the disk could not take in time.",
        "",
    ]


def _events() -> list[str]:
    lines = ["| `type` | what happened | `data` |", "|---|---|---|"]
    for name, kind in EVENT_TYPES.items():
        words = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| `{name}` | {words} | {', '.join(f'`{field}`' for field in _fields(kind))} |")
    return [*lines, ""]


def _fields(kind: type[Event]) -> list[str]:
    common = {field.name for field in dataclasses.fields(Event)}
    hints = typing.get_type_hints(kind)
    return [field.name for field in dataclasses.fields(kind) if field.name not in common and field.name in hints]


def _commands(topics: Topics) -> list[str]:
    command = {"transaction": "42", "command": "set_output", "args": {"output": 4, "on": True}, "expires_in": 30}
    request = {"transaction": "43", "after_seq": 40_800, "limit": 100}
    return [
        "## Commands",
        "",
        f"To `{topics.of_modem(_MODEM, 'command')}`:",
        "",
        *_json(command),
        "",
        f"`args` may be left out; `expires_in` is in seconds, {EXPIRES_IN_S:.0f} when left out. The answer, on `response`:",
        "",
        *_json(json.loads(Reply("42", "ok", {"output": 4, "on": True}).encode())),
        "",
        "`status` is `ok`, `error` or `expired`. With MQTT 5 the answer goes to the Response Topic of the command, with its",
        f"Correlation Data. A payload is at most {LONGEST_PAYLOAD // 1024} KiB. Retained commands are ignored.",
        "",
        "Commands are taken from the embedded broker on loopback and wherever a user name is set; on an anonymous outside",
        "broker only with `mqtt.commands: true`.",
        "",
        "## Requests",
        "",
        f"To `{topics.base}/bridge/request/events`, for who has missed something:",
        "",
        *_json(request),
        "",
        f"`limit` is at most {MOST_EVENTS}. The answer's `data` holds `events`, as published, and `first_seq` and `last_seq`",
        "of the journal; a long answer is cut, so ask again after the last one that came.",
        f"`{topics.base}/bridge/request/info` gives what `{topics.bridge_info}` says.",
        "",
    ]


def _rules() -> list[str]:
    return [
        "## What can be relied on",
        "",
        f"- Events are never retained, state (`{STATE}`, `{AVAILABILITY}`, pins) always is.",
        "- The state of a change is published before its event; events of a modem come in order.",
        "- Delivery is at least once. After a lost connection the last minute (`mqtt.resend`) is sent again: a broker that",
        "  is killed forgets what it had acknowledged. Drop what has an `id` that you know.",
        "- After a start of the hub, `bridge/state` stays `offline` until the modems had time to come back; until then",
        "  `availability` is the remembered one.",
        "- Counters, `clients` and times alone publish a state at most once a minute.",
        "- A deleted modem, and a pin that changes direction, gets empty retained payloads on its old topics.",
        "",
    ]


def _json(value: dict[str, Any]) -> list[str]:
    return ["```json", json.dumps(value, ensure_ascii=False, indent=2), "```"]
