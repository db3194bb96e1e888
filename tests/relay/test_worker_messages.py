"""What pool and workers say to each other comes back as it was."""

import logging

import pytest

from irzhub.codec.driver import Hello
from irzhub.relay import worker_messages
from irzhub.relay.messages import Drained
from irzhub.relay.orders import AskSnapshot, PutModem
from irzhub.relay.settings import RelaySettings
from irzhub.relay.worker_messages import (
    Begin,
    DecodeError,
    FromWorker,
    HandOver,
    Held,
    Hold,
    Logged,
    Ping,
    Pong,
    Resume,
    ToWorker,
    decode_from_worker,
    decode_hand_over,
    decode_to_worker,
    encode,
    schema_digest,
)
from tests.relay.modem_rig import modem_settings


@pytest.mark.parametrize(
    "message",
    [
        Begin(schema=schema_digest(), settings=RelaySettings(raw_pattern="x"), log_level=logging.DEBUG),
        Ping(number=3),
        Hold(),
        Resume(),
        PutModem(settings=modem_settings()),
        AskSnapshot(),
    ],
)
def test_messages_to_a_worker(message: ToWorker) -> None:
    assert decode_to_worker(encode(message)) == message


@pytest.mark.parametrize(
    "message", [Pong(number=3), Logged(level=30, logger="irzhub.relay", text="т"), Held(), Drained()]
)
def test_messages_from_a_worker(message: FromWorker) -> None:
    assert decode_from_worker(encode(message)) == message


def test_a_hello_travels_with_its_socket() -> None:
    hello = Hello(driver="irz", modem="868441036775234_2", imei="868441036775234", channel=2, keys={"TYP": "ATM"})
    message = HandOver(hello=hello, leftover=b"\x00\xff", peer="1.2.3.4:5", local="[::1]:5009", accepted=12.5)
    assert decode_hand_over(encode(message)) == message


def test_another_field_is_another_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wider(Ping, frozen=True, tag="Ping"):
        more: int = 0

    before = schema_digest()
    assert before == schema_digest.__wrapped__()
    for name, value in (("FromWorker", FromWorker | Wider), ("_MEANING", 999)):
        with monkeypatch.context() as changed:
            changed.setattr(worker_messages, name, value)
            assert schema_digest.__wrapped__() != before


def test_what_is_no_message_is_refused() -> None:
    for decode in (decode_to_worker, decode_from_worker, decode_hand_over):
        with pytest.raises(DecodeError):
            decode(b"\xc1")
        with pytest.raises(DecodeError):
            decode(encode(Ping(number=1)).replace(b"Ping", b"Pung"))
