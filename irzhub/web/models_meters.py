"""The JSON of meters, of how they are read, and of the programs that ask them."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from irzhub.web.listing import ListQuery
from irzhub.web.models import Closed, Line, Time, Told

_DAY: Final = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)
Text = Annotated[str, StringConstraints(max_length=2000)]
ModemId = Annotated[str, StringConstraints(pattern=r"^([0-9]{14,17}(_[2-5])?|[0-9A-Za-z-]{1,32})$")]
MeterType = Annotated[Line, StringConstraints(max_length=100)]
Serial = Annotated[Line, StringConstraints(max_length=64)]
Address = Annotated[
    Line,
    StringConstraints(max_length=40),
    Field(description="as programs ask for it: a number, or the text of a sign-on; empty when it is alone on the line"),
]
Cause = Literal["no_link", "meter_silent", "line_busy", "link_lost", "not_asked", "refused"]


def _day(text: str) -> str:
    if _DAY.fullmatch(text) is None:
        raise ValueError("expected a day such as 2026-11-21")
    return text


Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]


class Meter(Told):
    """A meter that people entered, with what the hub has heard of it."""

    id: str
    modem: str
    modem_name: str
    type: str
    serial: str
    address: str
    comment: str
    protocol: str | None = Field(description="`modbus`, `mercury` or `iec62056` where its questions have that shape")
    last_asked: Time | None
    last_answered: Time | None
    silent_since: Time | None = Field(description="when it was told as silent, null while it answers")
    identity: str | None = Field(description="the serial number or name that it last told a program")
    created_at: Time


class NewMeter(Closed):
    """A meter to be entered."""

    modem: ModemId
    type: MeterType = ""
    serial: Serial = ""
    address: Address = ""
    comment: Text = ""


class MeterChange(Closed):
    """A change of a meter (RFC 7396): what is left out stays, null empties."""

    modem: ModemId | None = None
    type: MeterType | None = None
    serial: Serial | None = None
    address: Address | None = None
    comment: Text | None = None


class LineAddress(Told):
    """One address of a line, entered or heard, and how it was polled today."""

    address: str
    protocol: str | None
    meter: str | None = Field(description="id of the meter that people entered for it")
    last_asked: Time | None
    last_answered: Time | None
    silent_since: Time | None
    identity: str | None
    asked: int = Field(description="questions today")
    answered: int


class LineAddresses(Told):
    """All that is known of the meters of one line."""

    items: list[LineAddress]


class PollingProgram(Told):
    """The polling programs of one address: whom they asked on a day, and when."""

    program: str = Field(description="address, without the port")
    name: str
    comment: str
    modems: int
    asked: int
    answered: int
    first_asked: Time | None
    last_asked: Time | None
    hours: list[bool] = Field(description="for each hour of the day whether it asked anything")
    overlaps: dict[str, int] = Field(
        description="other programs that asked the same modems in the same hours, with the number of these modems"
    )


class PollingPrograms(Told):
    """The polling programs of a day."""

    day: str
    items: list[PollingProgram]


class ProgramsQuery(Closed):
    """Which day's programs are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    day: Day | None = Field(default=None, description="on the hub's clock; today when it is left out")


class ProgramName(Closed):
    """What the programs of one address are called."""

    name: Line
    comment: Text = ""


class NamedProgram(Told):
    """A program by the name that people gave it."""

    program: str
    name: str
    comment: str


class ReadingsQuery(ListQuery):
    """Which readings are asked for."""

    day: Day | None = Field(default=None, description="on the hub's clock; today when it is left out")
    group: str | None = Field(default=None, max_length=200, description="a group with all below it")
    organisation: str | None = Field(default=None, max_length=64)
    modem: ModemId | None = None
    program: str | None = Field(default=None, max_length=64, description="address of one program")
    cause: Cause | Literal["read", "unread"] | None = Field(default=None, description="only these in `items`")


class Reading(Told):
    """One meter and one program on one day."""

    id: str
    modem: str
    modem_name: str
    group: str
    site: str | None
    address: str
    protocol: str | None
    meter: str | None
    type: str | None
    serial: str | None
    program: str | None
    program_name: str | None
    cause: Cause | None = Field(description="why it was not read; null when it was")
    asked: int
    answered: int
    silent: int
    lost: int
    away: int
    busy: int
    refused: int
    answer_s: float | None = Field(description="how long answers took on average")
    longest_s: float | None
    first_asked: Time | None
    last_asked: Time | None
    last_answered: Time | None
    other: str | None = Field(description="the address that answered instead")
    identity: str | None
    hours: list[bool | None] = Field(description="for each hour: null not asked, false in vain, true answered")
    last_heard: Time | None = Field(
        description="its last answer to any program, on that day or before; null: none, not known, or on a later day"
    )


class ReadingTotals(Told):
    """How many meters were expected, how many were read, and why the others were not."""

    group: str | None = Field(default=None, description="null for all together")
    expected: int
    read: int
    causes: dict[Cause, int]


class Readings(Told):
    """The reading summary of a day."""

    day: str
    is_over: bool
    total: int = Field(description="how many items match")
    totals: ReadingTotals
    groups: list[ReadingTotals]
    items: list[Reading]
    next: str | None
