"""The JSON of the watch: shift and its log, visit requests, maintenance windows."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from irzhub.web.models import Closed, GroupPath, Line, Time, Told
from irzhub.web.models_alerts import Moment
from irzhub.web.models_fleet import ModemId

Text = Annotated[str, StringConstraints(max_length=2000)]
Short = Annotated[Line, StringConstraints(max_length=200)]
Longer = Annotated[Line, StringConstraints(max_length=400)]


class ShiftEntryTold(Told):
    """One line of the shift log."""

    id: str
    at: Time
    by: str = Field(description="`hub` for the hub itself")
    kind: Literal["note", "taken", "handed_over", "opened", "closed", "visit", "visit_closed", "more"]
    alert: int | None
    visit: int | None
    text: str
    open: int | None = Field(description="of a handover: open alarms")
    unacknowledged: int | None
    visits: int | None = Field(description="of a handover: open visit requests")
    taken_from: str | None
    more: int | None = Field(description="so many more alarms than there are lines")


class ShiftLog(Told):
    """Lines from new to old."""

    items: list[ShiftEntryTold]
    next: str | None


class ShiftLogQuery(Closed):
    """Which lines are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    since: Moment | None = None
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern=r"^[0-9A-Z]{26}$", description="the `next` of the page before")


class NewShiftEntry(Closed):
    """A line of somebody's own."""

    text: Annotated[Text, StringConstraints(min_length=1)]
    alert: int | None = Field(default=None, ge=1, le=2**53)


class ShiftTold(Told):
    """How the watch stands."""

    holder: str | None = Field(description="who is on it, null when nobody took it")
    since: Time | None
    handover_note: str = Field(description="the draft for the next one")
    last_handover: ShiftEntryTold | None
    open: int = Field(description="open alerts of which people are told")
    unacknowledged: int
    mine: int = Field(description="open alerts that the caller owns or acknowledged")
    closed: int = Field(description="alerts that closed since the watch was taken, of the last 24 hours without one")
    visits: int = Field(description="open visit requests")


class HandoverDraft(Closed):
    """A change of the draft for the next one."""

    handover_note: Text


class Handover(Closed):
    """What the next one has to know; left out: the draft as it stands."""

    note: Text | None = None


class NewVisit(Closed):
    """A visit request; what is left out is filled from the alert, its modem and the site where that stands."""

    alert: int | None = Field(default=None, ge=1, le=2**53)
    modem: ModemId | None = None
    site: Short | None = None
    address: Longer | None = None
    access: Text | None = None
    contact: Longer | None = None
    cause: Text | None = None
    task: Text | None = None
    due_at: Moment | None = None


class VisitEdit(Closed):
    """A change of an open request (RFC 7396): what is left out stays, null empties."""

    site: Short | None = None
    address: Longer | None = None
    access: Text | None = None
    contact: Longer | None = None
    cause: Text | None = None
    task: Text | None = None
    due_at: Moment | None = None


class VisitResult(Closed):
    """What was found and done."""

    result: Annotated[Text, StringConstraints(min_length=1)]


class Visit(Told):
    """Who has to go where, why, and how to get in."""

    id: int = Field(description="what people call it by")
    state: Literal["open", "closed"]
    alert: int | None
    modem: str | None
    modem_name: str | None
    created_at: Time
    created_by: str
    site: str
    address: str
    access: str
    contact: str
    cause: str
    task: str
    due_at: Time | None
    closed_at: Time | None
    closed_by: str | None
    result: str


class VisitPage(Told):
    """Requests from new to old."""

    items: list[Visit]
    next: str | None


class VisitQuery(Closed):
    """Which requests are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    state: Literal["open", "closed", "all"] = "open"
    alert: int | None = Field(default=None, ge=1, le=2**53)
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: int | None = Field(default=None, ge=1, le=2**53)


class PrintQuery(Closed):
    """In which language a page is printed."""

    model_config = ConfigDict(extra="forbid", strict=False)

    lang: Literal["ru", "en"] | None = None


class SheetsQuery(PrintQuery):
    """Which requests are printed on one page."""

    visits: str = Field(
        pattern=r"^[0-9]{1,9}(,[0-9]{1,9}){0,49}$", description="their numbers, `,` between them: at most 50"
    )


class MaintenanceWindow(Told):
    """A time in which people are told of nothing that happens there; all of it is recorded."""

    id: str
    modem: str | None
    group: str | None = Field(description="with all below it; neither modem nor group: the whole hub")
    since: Time
    until: Time
    state: Literal["planned", "running", "over"]
    reason: str
    created_by: str
    created_at: Time


class MaintenancePage(Told):
    """Windows by their beginning."""

    items: list[MaintenanceWindow]
    next: None
    total: int


class MaintenanceQuery(Closed):
    """Which windows are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    past: bool = Field(default=False, description="with those that are over")


class NewMaintenance(Closed):
    """A window to be planned: of a modem, of a group, or of the whole hub when neither is named."""

    modem: ModemId | None = None
    group: Annotated[GroupPath, StringConstraints(min_length=1)] | None = None
    since: Moment | None = Field(default=None, description="null: from now on")
    until: Moment
    reason: Annotated[Longer, StringConstraints(min_length=1)]


class MaintenanceEdit(Closed):
    """A change of a window (RFC 7396): what is left out stays."""

    since: Moment | None = None
    until: Moment | None = None
    reason: Annotated[Longer, StringConstraints(min_length=1)] | None = None
