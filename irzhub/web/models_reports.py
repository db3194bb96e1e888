"""The JSON of reports, and of those that are mailed."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from irzhub.web.listing import ListQuery
from irzhub.web.models import Closed, Line, Time, Told
from irzhub.web.models_meters import Day, ModemId

ReportKind = Literal[
    "reading_summary", "availability", "reconnects", "signal", "traffic", "inputs", "commands", "alerts"
]
Form = Literal["xlsx", "csv", "pdf"]
PeriodWord = Literal[
    "today", "yesterday", "last_7_days", "last_30_days", "this_week", "last_week", "this_month", "last_month"
]
Meaning = Literal["text", "modem", "number", "bytes", "ratio", "duration", "dbm", "moment", "day", "word"]
Language = Literal["ru", "en"]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, Field(ge=1, le=7)]
Mailbox = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Recipients = Annotated[list[Mailbox], Field(min_length=1, max_length=20)]
Forms = Annotated[list[Form], Field(min_length=1, max_length=3)]
ZoneName = Annotated[str, StringConstraints(max_length=64)]


class ReportChoice(Closed):
    """Of what and of when a report is."""

    model_config = ConfigDict(extra="forbid", strict=False)

    period: PeriodWord | None = Field(default=None, description="instead of `first` and `last`; else the last 7 days")
    first: Day | None = Field(default=None, description="first day, on the hub's clock")
    last: Day | None = Field(default=None, description="last day; `first` when it is left out")
    modem: ModemId | None = None
    group: str | None = Field(default=None, max_length=200, description="a group with all below it")
    organisation: str | None = Field(default=None, max_length=64)
    language: Language | None = Field(default=None, description="of titles and files; the hub's when it is left out")


class ReportQuery(ListQuery, ReportChoice):
    """Which report, and which page of its table."""

    model_config = ConfigDict(extra="forbid", strict=False)


class FileQuery(ReportChoice):
    """Which report, and as which file."""

    form: Form = "xlsx"


class ReportColumn(Told):
    """One column of a table."""

    name: str = Field(description="of the value in the items")
    meaning: Meaning = Field(description="`ratio` 0 to 1, `duration` seconds, `moment` a time, `word` a code")
    title: str


class ReportChart(Told):
    """One picture: values over labels."""

    name: str
    title: str
    form: Literal["line", "columns", "stacked", "bars"]
    meaning: Meaning = Field(description="of the values")
    label_meaning: Meaning = Field(description="of the labels: `day`, `word` or `text`")
    labels: list[str]
    series: list[dict[str, Any]] = Field(description="`name`, `title`, `values` with null where nothing is known")


class ReportPage(Told):
    """A report with one page of its table."""

    kind: ReportKind
    title: str
    first: Day
    last: Day
    since: Time
    until: Time = Field(description="the end of the last day, or now")
    time_zone: str
    made_at: Time
    whose: str = Field(description="modem, group or organisation in words")
    is_cut: bool = Field(description="there were more rows than a report may have; totals count all")
    columns: list[ReportColumn]
    totals: list[dict[str, Any]] = Field(description="`name`, `title`, `meaning`, `value`")
    charts: list[ReportChart]
    items: list[dict[str, Any]] = Field(description="values by the names of columns, and an `id`")
    next: str | None = Field(description="`cursor` of the next page, null on the last one")
    total: int = Field(description="rows that match the filter")


class ReportKindView(Told):
    """One report that can be asked for."""

    kind: ReportKind
    title: str
    columns: list[ReportColumn]


class ReportKinds(Told):
    """The reports that there are."""

    items: list[ReportKindView]
    periods: list[PeriodWord]
    forms: list[Form]


class UsualQuery(Closed):
    """Of whose meters."""

    model_config = ConfigDict(extra="forbid", strict=False)

    organisation: str | None = Field(default=None, max_length=64)


class UsualGroup(Told):
    """What is usual in one group."""

    group: str = Field(description="empty: modems without a group, and `below` of all together")
    causes: dict[str, float] = Field(description="how many of its meters were not read for each cause, by the median")
    below: dict[str, float] = Field(description="the same of this group with all below it")


class UsualReadings(Told):
    """What a night usually looks like."""

    days: int = Field(description="of the last 30, those on which anything was asked")
    items: list[UsualGroup]


class MailWanted(ReportChoice):
    """A report that is to be mailed now."""

    model_config = ConfigDict(extra="forbid", strict=True)

    recipients: Recipients
    forms: Forms = Field(default=["xlsx"])


class MailView(Told):
    """One report on its way to one address."""

    id: str
    schedule: str | None = Field(description="null for one that somebody asked for")
    kind: ReportKind
    first: Day
    last: Day
    recipient: str
    forms: list[Form]
    status: Literal["waiting", "sent", "failed"]
    attempts: int
    error: str | None
    created_at: Time
    created_by: str
    next_at: Time | None
    finished_at: Time | None


class MailList(Told):
    """Mails, the newest first."""

    items: list[MailView]


class ScheduleEdit(Closed):
    """What may be changed of a report that is mailed again and again."""

    name: Line | None = None
    kind: ReportKind | None = None
    period: PeriodWord | None = Field(default=None, description="meant on the day of the mail")
    modem: ModemId | None = None
    group: Line | None = None
    organisation: Annotated[str, StringConstraints(max_length=64)] | None = None
    forms: Forms | None = None
    recipients: Recipients | None = None
    at: TimeOfDay | None = Field(default=None, description="time of day")
    weekdays: Annotated[list[Weekday], Field(max_length=7)] | None = Field(
        default=None, description="1 is Monday; empty: any day"
    )
    month_day: Annotated[int, Field(ge=1, le=31)] | None = Field(
        default=None, description="of shorter months the last day; null: any"
    )
    time_zone: ZoneName | None = Field(default=None, description="IANA name; null: the hub's")
    language: Language | None = None
    enabled: bool | None = None


class NewSchedule(ScheduleEdit):
    """A report that is to be mailed again and again."""

    name: Line
    kind: ReportKind
    recipients: Recipients
    at: TimeOfDay


class Schedule(Told):
    """A report that is mailed again and again."""

    id: str
    name: str
    kind: ReportKind
    period: PeriodWord
    modem: str | None
    group: str | None
    organisation: str | None
    forms: list[Form]
    recipients: list[str]
    at: str
    weekdays: list[int]
    month_day: int | None
    time_zone: str
    language: Language
    enabled: bool
    created_at: Time
    created_by: str
    next_at: Time | None = Field(description="when it is mailed next")
    last_at: Time | None = Field(description="when it was due last")


class ScheduleList(Told):
    """Schedules, the oldest first."""

    items: list[Schedule]
    next: str | None
    total: int
