"""The JSON of whom messages reach: contacts, teams, duty rosters, calendars, ladders."""

from datetime import date, time, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from irzhub.config.durations import parse_duration
from irzhub.core.clock import format_time, parse_time
from irzhub.web.models import Closed, Line, Time, Told
from irzhub.web.models_notifications import ADDRESSES, ChannelName

DayName: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SeverityName: TypeAlias = Literal["info", "warning", "alarm"]
_MOST: Final = 100
_LONGEST_SHIFT: Final = timedelta(days=366)


def _clock(text: str) -> str:
    time.fromisoformat(text)
    return text


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _moment(text: str) -> str:
    return format_time(parse_time(text))


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


EntryName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\w[\w .-]{0,63}$")]
Clock: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    AfterValidator(_clock),
    Field(description="hours and minutes on the hub's clock, such as 08:00"),
]
Day: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_day), Field(description="a date")
]
Moment: TypeAlias = Annotated[
    str, StringConstraints(max_length=40), AfterValidator(_moment), Field(description="RFC 3339 with its offset")
]
Wait: TypeAlias = Annotated[
    float,
    BeforeValidator(_seconds, json_schema_input_type=float | str),
    Field(ge=0, le=7 * 86400.0, description="seconds; a text such as `5m` is taken too"),
]
Names: TypeAlias = Annotated[list[EntryName], Field(max_length=_MOST)]


class AddressEdit(Closed):
    """One way to a contact."""

    channel: ChannelName
    address: Annotated[Line, StringConstraints(min_length=1)]
    used_from: SeverityName | Literal["never"] = Field(
        default="info", description="used from this severity on; `never`: only where another way fails"
    )

    @model_validator(mode="after")
    def _fits(self) -> "AddressEdit":
        pattern, expected = ADDRESSES[self.channel]
        if pattern.fullmatch(self.address) is None:
            raise ValueError(f"expected {expected} as address of {self.channel}")
        return self


class _Entry(Closed):
    """What every entry may have."""

    organisation: Annotated[Line, StringConstraints(max_length=64)] = Field(
        default="", description="whose it is; empty: of who sees the whole hub"
    )


class ContactEdit(_Entry):
    """A person or a desk, with the ways to it in the order in which they stand in for each other."""

    title: Line = ""
    addresses: Annotated[list[AddressEdit], Field(min_length=1, max_length=20)]
    language: Literal["", "ru", "en"] = Field(default="", description="empty: that of the hub")
    quiet: Annotated[str, StringConstraints(max_length=64)] = Field(
        default="", description="name of the calendar whose times are quiet; alarms come all the same"
    )
    quiet_for: list[Literal["info", "warning"]] = Field(
        default=["info", "warning"], description="what waits until the quiet time is over"
    )
    digest_at: Clock | None = Field(default=None, description="notes (`info`) come once a day at this time, as one")


class TeamEdit(_Entry):
    """Contacts, rosters and further teams under one name."""

    title: Line = ""
    members: Annotated[list[EntryName], Field(min_length=1, max_length=_MOST)]


class ShiftEdit(Closed):
    """Somebody's duty from one moment to another; goes before the rotation."""

    names: Annotated[list[EntryName], Field(min_length=1, max_length=20)]
    begins_at: Moment
    ends_at: Moment

    @model_validator(mode="after")
    def _lasts(self) -> "ShiftEdit":
        lasts = parse_time(self.ends_at) - parse_time(self.begins_at)
        if not timedelta() < lasts <= _LONGEST_SHIFT:
            raise ValueError("expected an end behind the beginning, within a year")
        return self


class RotationEdit(Closed):
    """People in turn, without end."""

    names: Annotated[list[EntryName], Field(min_length=1, max_length=_MOST)]
    first_day: Day
    at: Clock = "08:00"
    hours: Annotated[int, Field(ge=1, le=24 * 31)] = Field(default=24, description="how long one has duty")


class RosterEdit(_Entry):
    """Who is on duty: shifts go before the rotation; where neither has anybody, `otherwise` are told."""

    title: Line = ""
    shifts: Annotated[list[ShiftEdit], Field(max_length=1000)] = Field(default_factory=list)
    rotation: RotationEdit | None = None
    otherwise: Names = Field(default_factory=list)


class SpanEdit(Closed):
    """A time of some days of the week; one that does not end behind its beginning ends on the next day."""

    days: list[DayName] = Field(default=["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
    begins: Clock
    ends: Clock


class DatesEdit(Closed):
    """Whole days, the first and the last with it."""

    first: Day
    last: Day | None = None


class CalendarEdit(_Entry):
    """Times at which something holds, on the hub's clock."""

    title: Line = ""
    spans: Annotated[list[SpanEdit], Field(max_length=_MOST)] = Field(default_factory=list)
    dates: Annotated[list[DatesEdit], Field(max_length=_MOST)] = Field(
        default_factory=list, description="days that are covered whole"
    )
    free: Annotated[list[Day], Field(max_length=400)] = Field(
        default_factory=list, description="days on which no span counts, such as holidays"
    )


class LadderStepEdit(Closed):
    """Who is told next while nobody has answered."""

    targets: Annotated[list[EntryName], Field(min_length=1, max_length=20)]
    wait_s: Wait = Field(default=0.0, description="how long after the step before")
    channels: Annotated[list[ChannelName], Field(max_length=6)] = Field(
        default_factory=list, description="only these; empty: as each contact wants it"
    )


class LadderEdit(_Entry):
    """Steps that are climbed until somebody has the incident in hand or it is over."""

    title: Line = ""
    steps: Annotated[list[LadderStepEdit], Field(min_length=1, max_length=20)]
    repeat_every_s: Annotated[Wait, Field(ge=30)] = Field(default=600.0, description="between repeats of the last step")
    repeats: Annotated[int, Field(ge=0, le=100)] = Field(default=0, description="of the last step")


class Entry(Told):
    """An entry of the directory: what a change of its kind takes, and this."""

    name: str
    organisation: str
    changed_at: Time
    changed_by: str = Field(description="`irzhub.yaml` for a contact of the settings, which is changed only there")
    used_by: list[str] = Field(description="what names it, such as `team North`")


class EntryPage(Told):
    """Entries of one kind, by name."""

    items: list[dict[str, Any]]
    next: str | None
    total: int


class Duty(Told):
    """Who has duty by one roster."""

    roster: str
    title: str
    now: list[str]
    until: Time | None = Field(description="when that changes next, as far as the answer looks")
    plan: list[dict[str, Any]] = Field(description="pieces with `begins_at`, `ends_at` and `names`")


class DutyPage(Told):
    """All rosters."""

    items: list[Duty]
    next: None = None


class DutyQuery(Closed):
    """How far ahead is looked."""

    model_config = ConfigDict(extra="forbid", strict=False)

    days: Annotated[int, Field(ge=1, le=62)] = 7
