"""Writes docs/topics.md from the code, or says that it is behind: `python -m irzhub.mqtt.document [--check] FILE`."""

import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any, Final

from irzhub.core.clock import format_time
from irzhub.core.event_json import EVENT_TYPES
from irzhub.core.events import Event, GpiChanged
from irzhub.core.state import ModemState
from irzhub.mqtt.commands import EXPIRES_IN_S
from irzhub.mqtt.payloads import event_object, state_object
from irzhub.mqtt.replies import LONGEST_PAYLOAD, Reply
from irzhub.mqtt.requests import MOST_EVENTS
from irzhub.mqtt.topics import Topics

_COMMON: Final = frozenset(field.name for field in dataclasses.fields(Event))
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

_ALERT: Final = {
    "id": 1742,
    "kind": "common_cause",
    "subject": "cause/cell/250-01-7712-3860",
    "modem": None,
    "severity": "alarm",
    "opened_at": format_time(_AT),
    "last_seen_at": format_time(_AT),
    "count": 1,
    "is_recovering": False,
    "title": "Нет связи у 312 модемов",
    "cause": "Отказ соты: МТС, сота 3860, LAC 7712. У других сот и операторов потерь почти нет.",
    "members": 312,
    "away": 289,
    "acknowledged_by": None,
    "acknowledged_at": None,
    "silenced_until": None,
    "owner": None,
}

_PAGE: Final = Template("""\
# MQTT topics

This page is made from the code by `make docs`.

The hub speaks MQTT 5, or 3.1.1 where the broker does, and publishes all with QoS 1.
The base topic is `$base`, `mqtt.base_topic` changes it; each hub has one of its own.
`<modem>` is the IMEI, with `_2` to `_5` behind it for the further channels of one modem; never a name.

## Topics

$topics
## State

`$state`, retained:

$state_json

Unknown is `null`, never 0. `csq` is 0 to 31, `rssi_dbm` is -113 + 2 x `csq`.
`organisation` stands there where the modem has one, `"commissioning": true` while it is being set up.
Counters are meter bytes since registration, `rx_bytes` from the modem, `tx_bytes` to it.
While `availability` is `offline`, values are the last ones known; `observed_at` says from when.
A pin whose level is unknown is `null` here and has no topic of its own.

## Events

`$event`:

$event_json

`seq` counts all events of the hub without a gap and is never given twice.
`id` stays the same when an event comes again: drop what you know.
`"durable": false` stands there only when the disk could not take the event in time.

$events
## Alerts

`$alert`, retained while the incident is open, blanked when it is over:

$alert_json

`id` is the number that people know. `members` and `away` count the modems of a common cause, else they are `null`.
`is_recovering` says that all is well by now: it closes when that lasts. `docs/alerts.md` says the rest.

## Commands

`$command`:

$command_json

`args` may be left out; `expires_in` is in seconds, $expires_in when left out.
The answer, on `$response`:

$response_json

`status` is `ok`, `error` or `expired`.
With MQTT 5 the answer goes to the Response Topic of the command, with its Correlation Data.
A payload has at most $longest KiB. Retained commands are ignored.

Commands are taken from the embedded broker on loopback, and wherever `mqtt.username` is set;
from an anonymous outside broker only with `mqtt.commands: true`.

## Requests

`$request` is for who has missed something:

$request_json

`limit` is at most $most_events. `data` of the answer holds `events` as they were published,
and `first_seq` and `last_seq` of the journal. A long answer is cut: ask again after the last one that came.
`$base/bridge/request/info` is answered with what `$info` says.

## What can be relied on

- Events are never retained; states, availability and pins always are.
- The state of a change is published before its event; the events of a modem come in order.
- Delivery is at least once. After a lost connection the last minute (`mqtt.resend`) is sent again,
  because a broker that is killed forgets what it had acknowledged.
- After a start of the hub `bridge/state` stays `offline` until the modems had time to come back;
  until then `availability` is the remembered one.
- Counters, `clients` and times alone publish a state at most once a minute.
- A deleted modem, and a pin that changes direction, gets empty retained payloads on its old topics.

## Brokers

`mqtt.broker: embedded` starts Mosquitto when it is installed, with its files in `data_dir/broker`.
Otherwise it starts amqtt, which is for trials: MQTT 3.1.1, about 1,500 messages a second.
For a broker of your own see `docker/mosquitto.conf` and `docker/mosquitto.acl`.
It lets Mosquitto write what it holds once a second. With `autosave_on_changes true` it would write all of it
after each change: that takes longer the more modems there are, and held a broker with 700 topics to 330 messages
a second, against 5,500. What a killed broker loses of its last second, the hub sends again.
""")


def render_page(base: str = "irzhub") -> str:
    """Return the page as Markdown, for hubs with this base topic."""
    topics = Topics(base)
    command = {"transaction": "42", "command": "set_output", "args": {"output": 4, "on": True}, "expires_in": 30}
    request = {"transaction": "43", "after_seq": 40_800, "limit": 100}
    return _PAGE.substitute(
        base=base,
        topics=_topics(topics),
        state=_general(topics.state(_MODEM)),
        state_json=_json(state_object(_STATE)),
        event=_general(topics.event(_MODEM)),
        event_json=_json(event_object(_EVENT)),
        events=_events(),
        alert=f"{topics.alerts}<id>",
        alert_json=_json(_ALERT),
        command=_general(topics.command(_MODEM)),
        command_json=_json(command),
        expires_in=f"{EXPIRES_IN_S:.0f}",
        response=_general(topics.response(_MODEM)),
        response_json=_json(json.loads(Reply("42", "ok", {"output": 4, "on": True}).encode())),
        longest=LONGEST_PAYLOAD // 1024,
        request=topics.request("events"),
        request_json=_json(request),
        most_events=MOST_EVENTS,
        info=topics.bridge_info,
    )


def main(arguments: list[str]) -> int:
    """Write the page to the file that is named last; with `--check` only compare. Return the exit status."""
    file = Path(arguments[-1])
    page = render_page()
    if "--check" not in arguments:
        file.write_text(page, encoding="utf-8")
        return 0
    if not file.exists() or file.read_text("utf-8") != page:
        sys.stderr.write(f"{file} is behind the code: run `make docs`\n")
        return 1
    return 0


def _topics(topics: Topics) -> str:
    rows = [
        (topics.bridge_state, "yes", "`online` or `offline`; `offline` is the last will"),
        (topics.bridge_info, "yes", "JSON: `version`, `hub_id`, `started_at`, `counts`, `broker`"),
        (topics.bridge_event, "no", "JSON: events of the hub itself, and of modems that have no topics"),
        (
            f"{topics.base}/bridge/part/<part>/state",
            "yes",
            "`online` or `offline` of a part that runs as a process of its own, such as `automation`",
        ),
        (f"{topics.base}/bridge/request/<verb>", "no", "JSON: a request to the hub"),
        (f"{topics.base}/bridge/response/<verb>", "no", "JSON: its answer"),
        (topics.availability(_MODEM), "yes", "`online` or `offline`"),
        (topics.state(_MODEM), "yes", "JSON: what is known of the modem"),
        (
            topics.of_modem(_MODEM, "gpi/<n>"),
            "yes",
            "`ON` or `OFF` after inversion and debounce; `<n>` is the modem's own pin number",
        ),
        (topics.of_modem(_MODEM, "gpo/<n>"), "yes", "`ON` or `OFF`"),
        (topics.of_modem(_MODEM, "gpo/<n>/set"), "no", "`ON` or `OFF` switches the output; answered on `response`"),
        (topics.event(_MODEM), "no", "JSON: one event"),
        (topics.command(_MODEM), "no", "JSON: a command"),
        (topics.response(_MODEM), "no", "JSON: how it ended"),
        (f"{topics.alerts}<id>", "while open", "JSON: an incident; an empty payload when it is over"),
        (f"{topics.base}/notify/<name>", "no", "JSON: a message of a rule or an incident to the address `<name>`"),
    ]
    lines = [f"| `{_general(topic)}` | {kept} | {text} |\n" for topic, kept, text in rows]
    return "".join(["| topic | retained | payload |\n|---|---|---|\n", *lines])


def _events() -> str:
    lines = []
    for name, kind in EVENT_TYPES.items():
        words = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind) if field.name not in _COMMON)
        lines.append(f"| `{name}` | {words} | {fields} |\n")
    return "".join(["| `type` | what happened | `data` |\n|---|---|---|\n", *lines])


def _general(topic: str) -> str:
    return topic.replace(_MODEM, "<modem>")


def _json(value: dict[str, Any]) -> str:
    return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
