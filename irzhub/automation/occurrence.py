"""What can set a rule off, in one shape: an event, a bound that was crossed, a moment, a message, a webhook."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from irzhub.core.clock import format_time, parse_time
from irzhub.core.event_json import EVENT_TYPES, build_event, event_data, event_type
from irzhub.core.events import Event

_SECRET: Final = frozenset({"webhook_id"})
"""What only the rule and the program that calls it may know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One thing that happened, as triggers and templates see it.

    Args:
        kind: the type of an event (docs/contract.md 2), or `signal`, `temperature`, `time`, `mqtt`, `hub`, `webhook`.
        data: plain JSON values, such as the `data` of the event.
        id: ULID of the event, or a text of its own: with the rule and the step it makes a message unique.
        seq: number of the event, 0 for what is not journaled.
        depth: how many rules lie between this and what came from outside: 0 for what came from there.
    """

    kind: str
    ts: datetime
    id: str
    modem: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    depth: int = 0

    @classmethod
    def of(cls, event: Event, depth: int = 0) -> Self:
        """Return an event of the bus as an occurrence."""
        return cls(
            kind=event_type(event),
            ts=event.ts,
            id=event.id,
            modem=event.modem,
            data=event_data(event),
            seq=event.seq,
            depth=depth,
        )

    def event(self) -> Event | None:
        """Return the event that it was; None for what never was one."""
        if self.kind not in EVENT_TYPES:
            return None
        return build_event(self.kind, self.ts, self.modem, self.data, self.seq, self.id)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "kind": self.kind,
            "ts": format_time(self.ts),
            "id": self.id,
            "modem": self.modem,
            "data": self.data,
            "seq": self.seq,
            "depth": self.depth,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return what `to_json` stored.

        Raises:
            KeyError, TypeError, ValueError: it was stored by another version.
        """
        return cls(**{**stored, "ts": parse_time(stored["ts"])})

    def shown(self) -> dict[str, Any]:
        """Return it as events look on the wire, for programs that are told of it."""
        return {
            "id": self.id,
            "seq": self.seq,
            "ts": format_time(self.ts),
            "type": self.kind,
            "modem": self.modem,
            "data": {key: value for key, value in self.data.items() if key not in _SECRET},
        }
