"""What a pool and its workers say to each other besides the messages between relay and hub.

One stream carries both; sockets of modems travel beside it, each with a `HandOver` (ARCHITECTURE D8).
"""

from typing import Final

import msgspec

from irzhub.codec.driver import Hello
from irzhub.relay.messages import Message, ToHub, ToRelay
from irzhub.relay.settings import RelaySettings


class Begin(Message, frozen=True):
    """Pool to worker, first of all: what to be. `log_level` is the least that the pool wants to hear (`logging`)."""

    settings: RelaySettings
    log_level: int


class Ping(Message, frozen=True):
    """Pool to worker: answer `Pong`. The answer to the first one says that all known modems have been put."""

    number: int


class Pong(Message, frozen=True):
    """Worker to pool: it has worked off all that came before this `Ping`."""

    number: int


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


ToWorker = Begin | Ping | ToRelay
FromWorker = Pong | Logged | ToHub

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


DecodeError = msgspec.DecodeError
"""What the functions above raise for what is no such message."""
