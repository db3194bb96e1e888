"""What commands and requests have in common: the transaction that comes back, and where the answer goes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from irzhub.mqtt.payloads import PayloadError, encode_json
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, Received

Status: TypeAlias = Literal["ok", "error", "expired"]
Transaction: TypeAlias = str | int | float | None
Send = Callable[[Message], Awaitable[None]]

_LONGEST_TRANSACTION: Final = 256
LONGEST_PAYLOAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a command or a request (docs/contract.md 2); `transaction` is the asker's own."""

    transaction: Transaction
    status: Status
    data: dict[str, Any] = field(default_factory=dict)
    error: str | None = None

    def encode(self) -> bytes:
        """Return the payload."""
        fields = {"transaction": self.transaction, "status": self.status, "data": self.data, "error": self.error}
        return encode_json(fields)


def build_message(topics: Topics, received: Received, usual: str, reply: Reply) -> Message:
    """Return `reply` addressed to the Response Topic that was asked for, or to the `usual` one.

    A Response Topic is used only where it cannot touch the hub's own topics.
    """
    wanted = received.response_topic
    topic = wanted if wanted is not None and topics.may_answer_to(wanted) else usual
    return Message(topic, reply.encode(), correlation_data=received.correlation_data)


def transaction_of(fields: dict[str, Any]) -> Transaction:
    """Return the `transaction` of a payload: a text or a number, or nothing.

    Raises:
        PayloadError: it is something else, or too long to be repeated.
    """
    transaction = fields.get("transaction")
    if isinstance(transaction, bool) or not isinstance(transaction, str | int | float | None):
        raise PayloadError("transaction: expected a text or a number")
    if isinstance(transaction, str) and len(transaction) > _LONGEST_TRANSACTION:
        raise PayloadError(f"transaction: expected at most {_LONGEST_TRANSACTION} characters, got {len(transaction)}")
    return transaction
