"""What every event has, and the event that nobody knows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

Level: TypeAlias = Literal["ON", "OFF"]
PinSource: TypeAlias = Literal["report", "query", "inferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has; `modem` is null for events of the hub itself."""

    type: ClassVar[str]

    ts: datetime
    modem: str | None = None
    seq: int = 0
    id: str = ""
    durable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEvent(Event):
    """An event of a type that this version does not know, read back from the journal as it was."""

    type: ClassVar[str] = "unknown"
    original_type: str
    original: dict[str, Any]
