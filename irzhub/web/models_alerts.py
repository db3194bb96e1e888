"""The JSON of alerts: lists, one with all about it, and what people do about them."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

from irzhub.config.durations import parse_duration
from irzhub.core.clock import parse_time
from irzhub.web.models import Closed, Line, Time, Told
from irzhub.web.said import SaidJson

Note = Annotated[str, StringConstraints(max_length=2000)]
Owner = Annotated[Line, StringConstraints(max_length=100)]
SeverityName = Literal["info", "warning", "alarm"]
_LONGEST_SILENCE_S = 30 * 86400.0


def _read_moment(value: object) -> object:
    # A number is no moment: nobody would see whether it is seconds or milliseconds.
    return parse_time(value if isinstance(value, str) else "")


Moment = Annotated[AwareDatetime, BeforeValidator(_read_moment, json_schema_input_type=AwareDatetime)]


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


class Alert(Told):
    """An incident: an interval in which something about one subject was not as it should be."""

    id: int = Field(description="what people call it by, also in an SMS: `OK 17`")
    kind: str = Field(
        description="`link_lost`, `gpi_alarm`, `meter_silent`, `missed_schedule`, `imei_conflict`, `rejected`, "
        "`awaiting_approval`, `output_stuck`, `weak_signal`, `temperature`, `hub_part` or `common_cause`"
    )
    subject: str = Field(
        description="a modem id, `<modem>/gpi/<pin>`, `<modem>/meter/<address>`, `hub/<part>` or `cause/<kind>/<name>`"
    )
    modem: str | None = Field(description="null for the hub itself and for a common cause")
    modem_name: str | None
    group: str | None
    site: str | None = Field(description="id of the site where the modem stands")
    severity: SeverityName
    state: Literal["open", "recovering", "closed"] = Field(
        description="`recovering`: all is well by now; it closes when that lasts"
    )
    opened_at: Time
    last_seen_at: Time = Field(description="when it was bad last")
    good_since: Time | None
    closed_at: Time | None
    closed_by: str | None = Field(description="who closed it by hand, null when it closed by itself")
    lasts_s: float = Field(description="from its beginning to its end, or to now")
    count: int = Field(description="how often it turned bad")
    title: str = Field(description="one line, in the language of `lang`, else of `Accept-Language`")
    hint: str
    cause: str
    check: str
    action: str
    where: str | None = Field(description="of a common cause: what it is, as people call it")
    value: dict[str, Any] = Field(description="what was seen, by kind: level, signal, temperature, polls in vain")
    members: int | None = Field(description="of a common cause: how many modems were lost")
    away: int | None = Field(description="of a common cause: how many are still away")
    is_recovering: bool
    acknowledged_by: str | None
    acknowledged_at: Time | None
    silenced: bool = Field(description="nothing more is said of it for now")
    silenced_until: Time | None
    owner: str | None = Field(description="whose business it is")
    note: str
    muted: Literal["commissioning", "maintenance"] | None = Field(description="why nobody is told, null: people are")
    parent: int | None = Field(description="the alert that names the common cause")
    visit: int | None = Field(description="number of the visit request that was made last")


class AlertPage(Told):
    """Alerts from new to old."""

    items: list[Alert]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")
    total: int | None = Field(description="how many match, null where closed ones are asked for")


class AlertQuery(Closed):
    """Which alerts are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    state: Literal["open", "closed", "all"] = Field(default="open", description="`open` with those that recover")
    acknowledged: bool | None = None
    kind: str | None = Field(default=None, max_length=400, description="one kind, or several with commas between")
    severity: SeverityName | None = Field(default=None, description="of this severity or graver")
    modem: str | None = Field(default=None, max_length=40, description="with common causes that it belongs to")
    group: str | None = Field(default=None, max_length=200, description="modems in this group and below it")
    owner: str | None = Field(default=None, max_length=100)
    mine: bool | None = Field(default=None, description="owned or acknowledged by the caller")
    parent: int | None = Field(default=None, ge=1, description="alerts of one common cause; else they are left out")
    muted: bool = Field(default=False, description="with those that nobody is told of")
    since: Moment | None = Field(default=None, description="closed at or after this moment, or still open")
    until: Moment | None = Field(default=None, description="opened before this moment")
    filter: str | None = Field(default=None, max_length=200, description="words; each stands in title, hint or modem")
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: int | None = Field(default=None, ge=1, le=2**53, description="the `next` of the page before")
    lang: Literal["ru", "en"] | None = None


class Share(Told):
    """So many of so many modems of a kind were lost."""

    about: Literal["cause", "area", "operator", "nearby", "others"] = Field(
        description="the cause itself; neighbouring cells; other cells of the operator; others nearby; all others"
    )
    lost: int
    of: int


class CoursePoint(Told):
    """How many modems were lost and came back within one step of time."""

    at: Time
    lost: int
    returned: int


class Course(Told):
    """How a common cause went."""

    step_s: int
    points: list[CoursePoint]


class AlertAction(Told):
    """Something that was done about an alert."""

    at: Time
    by: str = Field(description="`hub` for the hub itself")
    change: str = Field(
        description="`opened`, `closed`, `grouped`, `acknowledged`, `unacknowledged`, `silenced`, `unsilenced`, "
        "`assigned`, `noted`, `comment`, `escalated` or `visit`"
    )
    note: str


class ToldTo(Told):
    """A message about an alert, as the outbox knows it."""

    id: str
    at: Time = Field(description="when it was sent, or else made")
    channel: str
    contact: str | None
    address: str | None = Field(description="null for callers who do not see the whole hub")
    status: str = Field(description="as in `/outbox`")
    closes: bool = Field(description="it says that all is well again")
    count: int = Field(description="of how many it speaks")
    error: str | None
    error_said: SaidJson | None


class Climb(Told):
    """A ladder that climbs while nobody has the alert in hand."""

    ladder: str
    step: int = Field(description="the step that comes next, from 1")
    steps: int | None = Field(description="how many it has, null for one that was deleted")
    next_at: Time | None = Field(description="when the next step is due, null once it has ended")
    targets: list[str] | None = Field(description="who is told then, null for callers who do not see the whole hub")
    channels: list[str] = Field(description="on which ways, empty: as each contact wants it")
    ended_at: Time | None
    ended_by: str | None


class OneAlert(Alert):
    """An alert with all about it."""

    evidence: list[Share] = Field(description="why the cause is common: shares of losses")
    uplink: bool | None = Field(description="whether the hub's own uplink worked, null when nobody looked")
    course: Course | None
    timeline: list[AlertAction] = Field(description="from old to new")
    notified: list[ToldTo] = Field(description="from old to new")
    escalation: list[Climb] = Field(description="who is told next while nobody has it in hand")


class AlertModem(Told):
    """One modem of an alert, with what an operator of the network asks for."""

    modem: str
    name: str
    group: str
    site: str | None
    address: str | None = Field(description="of the site")
    phone: str | None = Field(description="number of the SIM card, where people entered it")
    iccid: str | None
    operator: str | None
    cell: str | None
    state: str | None = Field(description="as of the modem now, null for one that was deleted")
    lost_at: Time
    returned_at: Time | None
    detail: str = Field(description="why it was lost, in the language of `lang`, else of `Accept-Language`")


class AlertModems(Told):
    """Modems of an alert in the order of their loss."""

    items: list[AlertModem]
    next: str | None
    total: int


class AlertModemQuery(Closed):
    """How the modems of an alert are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=10_000)
    cursor: int | None = Field(default=None, ge=1, le=2**53)
    away: bool | None = Field(default=None, description="only those that are away, or only those that are back")
    format: Literal["json", "csv"] = "json"
    lang: Literal["ru", "en"] | None = None


class Remark(Closed):
    """What somebody says with what they do."""

    note: Note = ""


class Comment(Closed):
    """A line beside an alert."""

    text: Annotated[Note, StringConstraints(min_length=1)]


class Silence(Closed):
    """For how long nothing more is said of an alert."""

    for_s: (
        Annotated[
            float,
            BeforeValidator(_seconds, json_schema_input_type=float | str),
            Field(gt=0, le=_LONGEST_SILENCE_S, description="seconds; a text such as `2h` is taken too"),
        ]
        | None
    ) = Field(default=None, description="null: speak again")
    note: Note = ""


class AlertEdit(Closed):
    """A change of what people set of an alert (RFC 7396): what is left out stays, null empties."""

    owner: Owner | None = None
    note: Note | None = None


class ManyAlerts(Closed):
    """Alerts to be acknowledged together."""

    alerts: Annotated[list[Annotated[int, Field(ge=1, le=2**53)]], Field(min_length=1, max_length=1000)]
    note: Note = ""


class Acknowledged(Told):
    """What was acknowledged, and what was not open any more."""

    acknowledged: list[int]
    not_open: list[int]
