"""The relay's only door: every message can leave the process and come back the same (ARCHITECTURE D8)."""

import json
import typing

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion

from irzhub.relay import messages, orders
from irzhub.relay.messages import ToHub, ToRelay, decode_to_hub, decode_to_relay, encode_message
from irzhub.relay.polls import Poll
from irzhub.relay.settings import AskSettings, ModemSettings, SharingSettings

IMEI = "868441036775234"
AT = 1795287423.12

SETTINGS = ModemSettings(
    modem=f"{IMEI}_2",
    imei=IMEI,
    channel=2,
    password="sha256:salt:00ff",
    host="127.0.0.1",
    port=20000,
    open="on_connect",
    offline="wake",
    hold_s=30.0,
    keepalive_timeout_s=210.0,
    allow=("10.0.0.0/8", "::1/128"),
    sharing=SharingSettings(mode="exclusive", grant="question", idle_s=1.5, observers=("10.0.0.9/32",)),
    ask=AskSettings(pins_s=None, signal_s=60.0),
    clock_zone="Asia/Omsk",
)

TO_RELAY: list[ToRelay] = [
    orders.PutModem(settings=SETTINGS),
    orders.PutModem(settings=ModemSettings(modem=IMEI, imei=IMEI)),
    orders.RemoveModem(modem=IMEI),
    orders.DecideRegistration(request=7, accepted=False, reason="the pools are used up"),
    orders.SendCommand(request="r1", modem=IMEI, command="set_output", args={"output": 4, "on": True}, timeout_s=9.5),
    orders.StartDialogue(
        request="job/3/1",
        modem=IMEI,
        kind="firmware",
        password="5492",
        lines=[b"\x00\xff\r\n", b"AT$"],
        prefix="%d%%%",
        first=1,
    ),
    orders.CancelDialogue(request="job/3/1", modem=IMEI),
    orders.KickModem(modem=IMEI),
    orders.KickClient(modem=IMEI, client="c1"),
    orders.StopWaiting(modem=IMEI),
    orders.ReadRing(request="r2", modem=IMEI),
    orders.ReadLine(request="r3", modem=IMEI),
    orders.AskSnapshot(),
    orders.Drain(seconds=2.5),
]

TO_HUB: list[ToHub] = [
    messages.ModemsListening(port=5009),
    messages.SessionLives(
        modem=IMEI,
        generation=3,
        opened_at=AT,
        peer="10.0.0.1:1025",
        rx_bytes=10,
        tx_bytes=20,
        last_byte_at=AT,
        has_reported=True,
    ),
    messages.ClientLives(modem=IMEI, client="c1", peer="10.0.0.9:50000", at=AT, clients=2),
    messages.Resynced(missed=0),
    messages.PortOpened(modem=IMEI, host="0.0.0.0", port=20000),
    messages.PortFailed(modem=IMEI, host="0.0.0.0", port=20000, error="занят другой программой"),
    messages.RegistrationWanted(
        request=1,
        modem=IMEI,
        imei=IMEI,
        channel=None,
        driver="irz",
        password="5492",
        model="ATM31",
        firmware=None,
        peer="10.0.0.1:1025",
        at=AT,
    ),
    messages.DialInRejected(reason="wrong password", peer="10.0.0.1:1025", at=AT, modem=IMEI, count=3),
    messages.SessionOpened(
        modem=IMEI,
        generation=3,
        at=AT,
        peer="10.0.0.1:1025",
        local="10.0.0.5:5009",
        password=None,
        default_password=False,
        driver="irz",
        model="ATM31",
        firmware="1.3-016.353",
        sim=1,
        csq=21,
        encapsulated=True,
        listens_at=None,
        woken_by="call",
        keys={"TYP": "ATM", "X": "?"},
    ),
    messages.SessionClosed(
        modem=IMEI,
        generation=3,
        at=AT,
        reason="reset",
        detail="connection reset by peer",
        lasted_s=61.25,
        rx_bytes=2**40,
        tx_bytes=0,
        last_byte_at=AT,
    ),
    messages.ConflictSeen(modem=IMEI, at=AT, peers=["10.0.0.1:1025", "10.0.0.2:4096"]),
    messages.PinsSeen(modem=IMEI, generation=3, at=AT, asked=True, pins=[(1, False, True), (4, True, False)]),
    messages.ValuesSeen(modem=IMEI, generation=3, at=AT, values={"csq": None, "cell": "250,01", "temperature_c": -5}),
    messages.CommandAnswered(request="r1", modem=IMEI, status="error", data={"raw": "0140"}, error="not answered"),
    messages.DialogueProgress(request="job/3/1", modem=IMEI, at=AT, is_running=True, acknowledged=3, total=40),
    messages.DialogueEnded(
        request="job/3/1",
        modem=IMEI,
        at=AT,
        reason="timed_out",
        detail="the modem did not answer at page 4 of 40",
        acknowledged=3,
        total=40,
        may_have_applied=False,
    ),
    messages.ClientOpened(modem=IMEI, client="c1", peer="10.0.0.9:50000", at=AT, clients=2),
    messages.ClientClosed(
        modem=IMEI,
        client="c1",
        peer="10.0.0.9:50000",
        at=AT,
        clients=1,
        reason="stalled",
        lasted_s=60.0,
        rx_bytes=1,
        tx_bytes=2,
    ),
    messages.WakeWanted(modem=IMEI, client="c1", at=AT),
    messages.Traffic(grown={IMEI: (10, 20, AT), f"{IMEI}_2": (0, 1, 0.0)}),
    messages.MetersPolled(
        polls={IMEI: [Poll(program="10.0.0.7", protocol="modbus", address="7", asked=2, answered=1, silent=1)]}
    ),
    messages.RingRead(request="r2", modem=IMEI, entries=[(AT, "<", b"\xc8\xca"), (AT, "-", b"")]),
    messages.LineRead(
        request="r3",
        modem=IMEI,
        programs=[
            messages.LineProgram(
                client="01A",
                peer="127.0.0.1:4000",
                lasted_s=1.5,
                rx_bytes=5,
                tx_bytes=8,
                kept_bytes=0,
                holds_line=True,
                is_observer=False,
            )
        ],
    ),
    messages.Snapshot(
        modems_online=1,
        clients=2,
        listeners=3,
        descriptors=40,
        descriptor_limit=20000,
        ring_bytes=512,
        counters={'dropped{reason="late"}': 7.0},
        loop_lag_s=0.001,
    ),
    messages.Drained(),
]


def name(message: object) -> str:
    return type(message).__name__


def test_every_message_has_its_example_here() -> None:
    assert {type(message) for message in TO_RELAY} == set(typing.get_args(ToRelay))
    assert {type(message) for message in TO_HUB} == set(typing.get_args(ToHub))


@pytest.mark.parametrize("message", TO_RELAY, ids=name)
def test_message_to_the_relay_comes_back_the_same(message: ToRelay) -> None:
    decoded = decode_to_relay(encode_message(message))

    assert decoded == message
    assert type(decoded) is type(message)


@pytest.mark.parametrize("message", TO_HUB, ids=name)
def test_message_to_the_hub_comes_back_the_same(message: ToHub) -> None:
    decoded = decode_to_hub(encode_message(message))

    assert decoded == message
    assert type(decoded) is type(message)


@pytest.mark.parametrize("message", TO_HUB, ids=name)
def test_message_for_one_side_is_none_of_the_other(message: ToHub) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_to_relay(encode_message(message))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x80",
        msgspec.msgpack.encode({"type": "Nonsense"}),
        msgspec.msgpack.encode({"type": "KickModem"}),
    ],
    ids=["nothing", "no MessagePack", "no type", "unknown type", "a field is missing"],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises((msgspec.ValidationError, msgspec.DecodeError)):
        decode_to_relay(data)


@pytest.mark.parametrize("side", [ToRelay, ToHub], ids=["to the relay", "to the hub"])
def test_shape_of_the_messages_is_as_agreed(side: object, snapshot: SnapshotAssertion) -> None:
    """A worker of yesterday's version must not meet a hub of today's unnoticed: a change here is meant."""
    schemas = msgspec.json.schema(side)

    assert json.dumps(schemas, indent=1, sort_keys=True) == snapshot
