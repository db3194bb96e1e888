"""What a pool and its workers say to each other besides the messages between relay and hub.

One stream carries both; sockets of modems travel beside it, each with a `HandOver` (ARCHITECTURE D8).
"""

import hashlib
import json
from functools import cache
from typing import Any, Final

import msgspec

from irzhub.codec.driver import Hello
from irzhub.relay.messages import ToHub, ToRelay
from irzhub.relay.orders import Message
from irzhub.relay.settings import RelaySettings


class Begin(Message, frozen=True):
    """Pool to worker, first of all: what to be.

    `schema` is the pool's own (`schema_digest`): a worker of another version ends at once. `log_level` is the
    least that the pool wants to hear (`logging`).
    """

    schema: str
    settings: RelaySettings
    log_level: int


class Ping(Message, frozen=True):
    """Pool to worker: answer `Pong`. The answer to the first one says that all known modems have been put."""

    number: int


class Pong(Message, frozen=True):
    """Worker to pool: it has worked off all that came before this `Ping`."""

    number: int


class Hold(Message, frozen=True):
    """Pool to worker: the hub is about to be replaced; keep all that there is to tell until `Resume`."""


class Held(Message, frozen=True):
    """Worker to pool, the last message before `Resume`."""


class Resume(Message, frozen=True):
    """Pool to worker: a hub is here, the same or a new one; tell what lives and what was kept, then `Resynced`."""


class Logged(Message, frozen=True):
    """Worker to pool: a line for the hub's log, with its trace when there is one."""

    level: int
    logger: str
    text: str


class HandOver(Message, frozen=True):
    """Pool to worker, with the socket: a modem that has said hello. `accepted` is monotonic, one clock for all."""

    hello: Hello
    leftover: bytes
    peer: str
    local: str
    accepted: float


ToWorker = Begin | Ping | Hold | Resume | ToRelay
FromWorker = Pong | Logged | Held | ToHub

_MEANING: Final = 1
_ENCODER: Final = msgspec.msgpack.Encoder()
_TO_WORKER: Final[msgspec.msgpack.Decoder[ToWorker]] = msgspec.msgpack.Decoder(ToWorker)
_FROM_WORKER: Final[msgspec.msgpack.Decoder[FromWorker]] = msgspec.msgpack.Decoder(FromWorker)
_HAND_OVER: Final[msgspec.msgpack.Decoder[HandOver]] = msgspec.msgpack.Decoder(HandOver)


def encode(message: ToWorker | FromWorker | HandOver) -> bytes:
    """Return a message as MessagePack, its class by name in the `type` key."""
    return _ENCODER.encode(message)


def decode_to_worker(data: bytes) -> ToWorker:
    """Return the message of a pool (raises `msgspec.ValidationError`)."""
    return _TO_WORKER.decode(data)


def decode_from_worker(data: bytes) -> FromWorker:
    """Return the message of a worker (raises `msgspec.ValidationError`)."""
    return _FROM_WORKER.decode(data)


def decode_hand_over(data: bytes) -> HandOver:
    """Return what belongs to a socket that was handed over (raises `msgspec.ValidationError`)."""
    return _HAND_OVER.decode(data)


@cache
def schema_digest() -> str:
    """Return what tells one set of messages from another: a pool and its workers must agree on it.

    A message, a field or a type that changes makes another digest. What a message means is not seen here: who
    changes that alone counts `_MEANING` up.
    """
    (_, parts) = msgspec.json.schema_components((ToWorker, FromWorker, HandOver))
    text = json.dumps(_without_words(parts), sort_keys=True)
    return hashlib.blake2b(f"{_MEANING} {text}".encode(), digest_size=8).hexdigest()


def _without_words(schema: Any) -> Any:
    """Return a schema without its docstrings."""
    if isinstance(schema, dict):
        return {key: _without_words(value) for key, value in schema.items() if key != "description"}
    return [_without_words(each) for each in schema] if isinstance(schema, list) else schema


DecodeError = msgspec.DecodeError
"""What the functions above raise for what is no such message."""
