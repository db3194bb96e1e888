"""What the engine needs of others, as small as it needs it; the parts that offer it need not know the engine."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from irzhub.alerts.messages import Message
from irzhub.alerts.outbox_ports import Reached
from irzhub.core.events import Event
from irzhub.core.services import ModemCommand, WakeModem

Done = Callable[[dict[str, Any]], None]
"""Is told how something ended: `{"status": "ok"}`, or another status with an `error`."""


class Outbox(Protocol):
    """Whom and when a message reaches is its business; the engine only waits until it is kept."""

    def tell(self, message: Message) -> Awaitable[object]:
        """Keep a message for good; done once it cannot be lost any more."""


class Calendars(Protocol):
    """Calendars that the hub keeps under names."""

    def covers(self, name: str, moment: datetime) -> bool:
        """Say whether a calendar covers a moment; one that nobody knows covers none."""


class People(Calendars, Protocol):
    """Whom names mean, and the calendars that people keep."""

    def reach(self, message: Message, now: datetime) -> Reached:
        """Return whom a message is for, each address once."""


class Incidents(Protocol):
    """What is open now."""

    def incident_for(self, event: Event) -> int | None:
        """Return the number of the open incident that an event belongs to, None when there is none."""

    def why_muted(self, modem: str | None, now: datetime) -> str:
        """Return why nobody is told of a modem, or of the hub itself for None; empty when people are."""


class Broker(Protocol):
    """The broker, as far as rules use it."""

    def publish(self, topic: str, payload: str, *, retain: bool) -> None:
        """Publish a message.

        Raises:
            IrzhubError: it cannot be published now, or not on that topic.
        """

    def listen(self, topic_filter: str, listener: Callable[[str, str], None]) -> Callable[[], None]:
        """Have topic and payload of each live message told; return the function that ends this."""


class Feed(Protocol):
    """Events in order of their number, from where the engine surely has done with all of them."""

    async def take(self, limit: int) -> list[Event]:
        """Return the next events in order, none when all were handed out."""

    async def wait(self) -> None:
        """Wait until there is something to hand out."""

    def acknowledge(self, seq: int) -> None:
        """Note that all that follows from an event is kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered over a restart: something that is waited for, or a run that has not ended."""

    key: str
    kind: Literal["hold", "run"]
    rule: str
    due: datetime | None
    data: dict[str, Any]


class Effects(Protocol):
    """All that the engine does to the world. Nothing here waits: what is done is told to `done`."""

    def tell(self, message: Message, done: Done) -> None:
        """Hand a message to the outbox."""

    def command(self, command: ModemCommand, done: Done) -> None:
        """Send a command to a modem."""

    def wake(self, wake: WakeModem, done: Done) -> None:
        """Have a modem dial in."""

    def publish(self, topic: str, payload: str, *, retain: bool, done: Done) -> None:
        """Publish a message on the broker."""

    def keep(self, kept: Kept, done: Callable[[], None]) -> None:
        """Remember something over a restart, in place of what has the same key."""

    def drop(self, key: str, done: Callable[[], None]) -> None:
        """Forget what was kept under a key."""
