"""The JSON of the outbox: messages that wait and that left, the ways they go, and tries of a way."""

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator

from irzhub.alerts.outbox_states import State
from irzhub.core.clock import parse_time
from irzhub.web.models import Closed, Line, Time, Told
from irzhub.web.models_notifications import ADDRESSES, ChannelName
from irzhub.web.said import SaidJson


class MessagesQuery(Closed):
    """Which messages are asked for, the newest first."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern="^[0-9A-Z]{26}$", description="the `next` of the page before")
    state: str | None = Field(
        default=None, max_length=200, description="states with commas between; `open` means all that have not ended"
    )
    channel: ChannelName | None = None
    contact: str | None = Field(default=None, max_length=64)
    rule: str | None = Field(default=None, max_length=200)
    modem: str | None = Field(default=None, max_length=40)
    alert: int | None = Field(default=None, ge=1, description="number of the incident that they tell of")
    since: str | None = Field(default=None, max_length=40, description="made at or after this moment")
    until: str | None = Field(default=None, max_length=40, description="made before this moment")

    @field_validator("since", "until")
    @classmethod
    def _is_moment(cls, value: str | None) -> str | None:
        if value is not None:
            parse_time(value)
        return value


class MessageStep(Told):
    """One thing that happened to a message."""

    at: Time
    step: str
    state: str
    by: str = Field(default="", description="who, where people did it")
    error: str = Field(default="", description="why, where something went wrong")


class OutboxMessage(Told):
    """A message for one address on one channel."""

    id: str
    created_at: Time
    state: State
    channel: ChannelName
    address: str
    contact: str
    rule: str
    subject: str
    modem: str | None
    severity: Literal["info", "warning", "alarm"]
    title: str
    text: str
    alert: int | None = Field(description="number of the incident that it tells of")
    closes: bool = Field(description="it says that something is over")
    attempts: int
    may_repeat: bool = Field(description="how an attempt ended is not known: the receiver may get it twice")
    not_before: Time | None
    expires_at: Time
    sent_at: Time | None
    finished_at: Time | None
    error: str | None
    error_said: SaidJson | None
    reference: str | None = Field(description="what the channel calls it")
    folded_into: str | None = Field(description="the message that speaks for this one")
    fallback_of: str | None = Field(description="the message in whose place this one goes")
    count: int = Field(description="of how many events it speaks")
    parts: int = Field(description="SMS that it needs")
    event_id: str
    log: list[MessageStep]


class MessagePage(Told):
    """Messages, the newest first."""

    items: list[OutboxMessage]
    next: str | None


class ChannelView(Told):
    """One way to people, as it is now."""

    channel: ChannelName
    is_offered: bool = Field(description="an integration carries messages on it")
    can_check: bool
    waiting: int = Field(description="messages that wait for it")
    spent_today: int = Field(description="SMS or messages")
    limit_per_day: int | None
    limit_per_recipient: int | None


class ChannelPage(Told):
    """All ways."""

    items: list[ChannelView]
    next: None = None


class ChannelChecked(Told):
    """Whether a way would work."""

    is_good: bool
    text: str


class TestMessage(Closed):
    """A message that tries a way out: to a contact on the channels that it has, or to one address."""

    __test__ = False

    contact: Annotated[Line, StringConstraints(min_length=1, max_length=64)] | None = None
    channel: ChannelName | None = Field(default=None, description="only this one")
    address: Annotated[Line, StringConstraints(min_length=1)] | None = None
    text: Annotated[str, StringConstraints(max_length=500)] = Field(default="", description="empty: a usual text")

    @model_validator(mode="after")
    def _fits(self) -> "TestMessage":
        if (self.contact is None) == (self.address is None) or (self.address is not None and self.channel is None):
            raise ValueError("expected `contact`, or `channel` and `address`")
        if self.channel is not None and self.address is not None:
            pattern, expected = ADDRESSES[self.channel]
            if pattern.fullmatch(self.address) is None:
                raise ValueError(f"expected {expected} as address of {self.channel}")
        return self


class TestedMessages(Told):
    """How the tries ended, as far as they have by now."""

    __test__ = False

    items: list[OutboxMessage]
    next: None = None


def states_of(text: str | None) -> tuple[str, ...]:
    """Return the states that a query names.

    Raises:
        ValueError: one of them is none.
    """
    if not text:
        return ()
    known: tuple[str, ...] = get_args(State)
    found: list[str] = []
    for word in text.split(","):
        if word == "open":
            found += ["waiting", "held", "sending", "unknown"]
        elif word in known:
            found.append(word)
        else:
            raise ValueError(f"expected states out of {', '.join(known)} or open, got {word!r}")
    return tuple(dict.fromkeys(found))
