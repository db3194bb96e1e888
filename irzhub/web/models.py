"""The JSON of the interface as models: requests are checked by them, the OpenAPI document shows all."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from irzhub.config.durations import parse_duration
from irzhub.core.groups import normal_path

Level = Literal["ON", "OFF"]
LinkState = Literal["online", "offline", "standby", "quarantined"]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, description="RFC 3339, UTC, milliseconds")]

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LONGEST_DEBOUNCE_S: Final = 86400.0


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("expected text without control characters and line ends")
    return text.strip()


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)]
Debounce = Annotated[
    float,
    BeforeValidator(_seconds, json_schema_input_type=float | str),
    Field(ge=0, le=_LONGEST_DEBOUNCE_S, description="seconds; a text such as `5s` or `00:00:05` is taken too"),
]
GroupPath = Annotated[Line, AfterValidator(normal_path), Field(description="names with `/` between")]
Reference = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Phone = Annotated[
    str, StringConstraints(pattern=r"^\+?[0-9]{3,15}$"), Field(description="a number such as +79211234567")
]
OutputNumber = Annotated[str, StringConstraints(pattern=r"^[1-8]$")]
PinNumber = Annotated[str, StringConstraints(pattern=r"^[1-5]$")]


class Closed(BaseModel):
    """What comes from outside: an unknown name is refused, never overlooked."""

    # Built when it is first used: of 150 models most are, in a quiet hub, never used at all.
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class Told(BaseModel):
    """What the hub answers; checked nowhere, described in the OpenAPI document."""

    model_config = ConfigDict(defer_build=True)


class BuiltAtOnce(BaseModel):
    """Makes pydantic look for its plugins on the disk now: the first model that is built does, and requests may not."""


class InputSettings(Told):
    """What people set for one input."""

    name: str
    invert: bool
    debounce: float = Field(description="seconds for which a new level must last")
    normal: Level | None = Field(description="the level of the quiet state, null when not said")


class Output(Told):
    """One output: what people set for it, what it was told last, and whether it did it."""

    name: str
    feedback: int | None = Field(description="the input that shows what the output does")
    invert: bool = Field(description="the feedback is at the other level than the output")
    time: float = Field(description="seconds within which the level must be seen")
    commanded: Level | None = Field(description="what it was told last through this hub")
    commanded_at: Time | None
    state: Literal["commanded", "confirmed", "stuck"] | None


class ModemMeter(Told):
    """A meter behind the modem, as people entered it."""

    id: str
    type: str
    serial: str
    address: str
    comment: str


class Modem(Told):
    """One modem as it is. Unknown is null; with `stale` the shown values are old."""

    modem: str = Field(description="id: the IMEI, with `_<channel>` for channels 2-5, or a raw modem's own id")
    imei: str
    channel: int | None
    name: str
    group: str = Field(description="path in the tree of groups, `/` between the names; empty for none")
    organisation: str | None = Field(description="id of the organisation that it belongs to")
    site: str | None = Field(description="id of the site where it stands")
    comment: str
    phone_sim1: str | None = Field(description="number of the first SIM card")
    phone_sim2: str | None = Field(description="number of the second SIM card")
    commissioning: bool = Field(description="it is being set up: what happens is recorded, nobody is told")
    state: LinkState
    stale: bool = Field(description="the values were told before the link was lost, or before a restart")
    address: str | None = Field(description="`host:port` for polling programs, as seen by the asker")
    port: int | None
    peer: str | None
    clients: int
    model: str | None
    firmware: str | None
    sim: int | None = Field(description="active SIM, 1 or 2")
    iccid: str | None
    csq: int | None = Field(description="0-31 as the modem gives it")
    rssi_dbm: int | None
    temperature_c: int | None
    cell: dict[str, Any] | str | None = Field(description="the serving cell and its neighbours, as the modem says")
    rx_bytes: int = Field(description="meter bytes from the modem since registration")
    tx_bytes: int
    gpi: dict[str, Level | None]
    gpo: dict[str, Level | None]
    inputs: dict[str, InputSettings]
    outputs: dict[str, Output]
    relay: dict[str, Any] = Field(description="what differs from its group and the configuration, as written")
    meters: list[ModemMeter]
    last_seen: Time | None
    observed_at: Time | None
    registered_at: Time | None
    encapsulated: bool | None = Field(description="whether commands and inputs can reach the hub")
    default_password: bool = Field(description="the modem still has the vendor's password")
    presence: Literal["always", "schedule", "on_request"] = Field(description="when it is to be online")
    expected: bool = Field(description="whether it is to be online now")
    problem: str | None = Field(description="why its port is not open, in words")


class ModemPage(Told):
    """One page of modems."""

    items: list[dict[str, Any]] = Field(description="modem objects, only the asked `fields` of each")
    next: str | None = Field(description="`cursor` of the next page, null on the last one")
    total: int = Field(description="how many modems match the filter now")


class ModemQuery(Closed):
    """How a list of modems is asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, max_length=1000)
    filter: str | None = Field(
        default=None,
        max_length=500,
        description="terms with spaces between, all must hold: `state:online group:North name:*door* boiler`; "
        "`group:North` holds for all below it too, `group:=North` for itself alone; "
        "a word alone is searched in name, id, IMEI, group, comment, phone, port, "
        "address and all texts of the site; quotes keep spaces together",
    )
    sort: str = Field(default="modem", max_length=40, description="a field, with `-` before it from high to low")
    fields: str | None = Field(default=None, max_length=500, description="names with commas between")


class InputEdit(Closed):
    """A change of one input; what is left out stays, null goes back to the default."""

    name: Line | None = None
    invert: bool | None = None
    debounce: Debounce | None = None
    normal: Level | None = None


class OutputEdit(Closed):
    """A change of one output; what is left out stays, null goes back to the default."""

    name: Line | None = None
    feedback: int | None = Field(default=None, ge=1, le=5)
    invert: bool | None = None
    time: (
        Annotated[float, BeforeValidator(_seconds, json_schema_input_type=float | str), Field(gt=0, le=3600)] | None
    ) = Field(default=None, description="seconds; a text such as `5s` is taken too")


class ModemEdit(Closed):
    """A change of a modem (RFC 7396): what is left out stays, null empties."""

    name: Line | None = None
    group: GroupPath | None = None
    organisation: Reference | None = None
    site: Reference | None = None
    phone_sim1: Phone | None = None
    phone_sim2: Phone | None = None
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None
    relay: dict[str, Any] | None = Field(
        default=None,
        max_length=16,
        description="what differs from its group: keys of `relay.polling`, `keepalive_timeout`, `clock_zone`",
    )
    inputs: dict[PinNumber, InputEdit | None] | None = None
    outputs: dict[OutputNumber, OutputEdit | None] | None = None


class HubEvent(Told):
    """Something that happened, as on MQTT."""

    id: str = Field(description="ULID; a repeat carries the same")
    seq: int
    ts: Time
    type: str
    modem: str | None
    data: dict[str, Any]


class EventPage(Told):
    """Events in order of their numbers."""

    items: list[HubEvent]
    next: str | None = Field(description="`cursor` (or `after_seq`) of the next page, null when it was the last")
    first_seq: int = Field(description="number of the oldest event that is kept")
    last_seq: int = Field(description="number of the newest event")
    partial: bool = Field(description="older events are left out: the history database does not answer")


class EventQuery(Closed):
    """Which events are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    after_seq: int = Field(default=0, ge=0, le=2**62)
    cursor: int | None = Field(default=None, ge=0, le=2**62)
    limit: int = Field(default=100, ge=1, le=1000)
    modem: str | None = Field(default=None, max_length=40, description="with those in whose place it stands")
    type: str | None = Field(default=None, max_length=400, description="one type, or several with commas between")
    group: str | None = Field(default=None, max_length=200, description="modems in this group and below it")
    since: AwareDatetime | None = Field(default=None, description="not before this time")
    until: AwareDatetime | None = Field(default=None, description="before this time")
    order: Literal["asc", "desc"] = Field(default="asc", description="by number; `desc` is the newest first")


class TrafficQuery(Closed):
    """In which form the traffic record is given."""

    model_config = ConfigDict(extra="forbid", strict=False)

    format: Literal["json", "text", "pcapng"] = "json"
    since: AwareDatetime | None = Field(default=None, description="only what came after this moment, to go on looking")


class TrafficLine(Told):
    """Bytes that went through at a moment."""

    ts: Time
    direction: Literal["<", ">", "=", "-"] = Field(
        description="`<` from the modem, `>` to it, `=` meter data from it, `-` dropped"
    )
    hex: str


class TrafficPage(Told):
    """The flight recorder of a modem, from old to new."""

    modem: str
    items: list[TrafficLine]


class Part(Told):
    """How one part of the hub is; `detail` only for callers on the hub's own machine."""

    state: Literal["starting", "up", "degraded", "down"]
    detail: str | None = None


class Readiness(Told):
    """Whether the hub serves modems and programs."""

    status: Literal["ready", "degraded", "not_ready"]
    parts: dict[str, Part]


class Alive(Told):
    """The process answers."""

    status: Literal["alive"]


class FieldProblem(Told):
    """One wrong field."""

    field: str
    message: str


class ProblemDetails(Told):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="the same word for the same cause, for programs")
    id: str = Field(description="under which the hub's log speaks of this request")
    errors: list[FieldProblem] | None = None
