"""The JSON of what was: sessions and series."""

from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from irzhub.web.models import Closed, Time, Told


class SessionQuery(Closed):
    """Which sessions are asked for, the latest first."""

    model_config = ConfigDict(extra="forbid", strict=False)

    modem: str | None = Field(default=None, max_length=40, description="with those in whose place it stands")
    group: str | None = Field(default=None, max_length=200, description="modems in this group and below it")
    since: AwareDatetime | None = Field(default=None, description="began not before this time")
    until: AwareDatetime | None = Field(default=None, description="began before this time")
    state: Literal["open", "closed"] | None = None
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, max_length=200, description="the `next` of the page before")


class Session(Told):
    """One connection of a modem."""

    session: str
    modem: str
    peer: str | None
    model: str | None
    firmware: str | None
    sim: int | None
    csq: int | None
    woken_by: str | None
    opened_at: Time
    closed_at: Time | None
    open: bool
    reason: str | None = Field(description="why it ended")
    detail: str | None
    lasted_s: float | None
    rx_bytes: int | None
    tx_bytes: int | None


class SessionPage(Told):
    """One page of sessions."""

    items: list[Session]
    next: str | None


class SeriesQuery(Closed):
    """Which values are asked for, and in how many points."""

    model_config = ConfigDict(extra="forbid", strict=False, populate_by_name=True)

    names: str = Field(
        default="rssi_dbm",
        max_length=200,
        description="with commas between: csq, rssi_dbm, temperature_c, rx_bytes, tx_bytes",
    )
    since: AwareDatetime | None = Field(default=None, alias="from", description="null: a day before `to`")
    until: AwareDatetime | None = Field(default=None, alias="to", description="null: now")
    points: int = Field(default=500, ge=1, le=5000, description="at most so many; several slots become one point")


class Point(Told):
    """What a value did from `at` for one `step_s`; of counters `sum` is the growth, of others null."""

    at: Time
    min: float | None
    avg: float | None
    max: float | None
    sum: int | None


class Series(Told):
    """Values over time; where nothing was seen there is no point."""

    modem: str
    step_s: int = Field(description="seconds of one point")
    values: dict[str, list[Point]]
