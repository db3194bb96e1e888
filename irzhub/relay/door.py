"""The door between relay and hub when each message is encoded and decoded on its way, as between processes."""

from collections.abc import Callable

from irzhub.relay.messages import ToHub, ToRelay, decode_to_hub, decode_to_relay, encode_message


class CodedDoor:
    """Passes messages both ways as bytes: what survives here needs nothing but messages (ARCHITECTURE D8).

    `Relay(settings, door.to_hub, ...)` on one side, `door.open(relay.send)` and `door.send` on the other.
    """

    __slots__ = ("_to_hub", "_to_relay")

    def __init__(self, to_hub: Callable[[ToHub], None]) -> None:
        self._to_hub = to_hub
        self._to_relay: Callable[[ToRelay], None] | None = None

    def open(self, to_relay: Callable[[ToRelay], None]) -> None:
        """Say where messages for the relay go."""
        self._to_relay = to_relay

    def to_hub(self, message: ToHub) -> None:
        """Carry one message of the relay to the hub."""
        self._to_hub(decode_to_hub(encode_message(message)))

    def send(self, message: ToRelay) -> None:
        """Carry one message of the hub to the relay."""
        if self._to_relay is None:
            raise RuntimeError("the door has no relay behind it yet")
        self._to_relay(decode_to_relay(encode_message(message)))
