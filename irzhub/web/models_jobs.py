"""The JSON of jobs over many modems."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from irzhub.web.models import Closed, Time, Told

JobStatus = Literal["awaiting_approval", "running", "paused", "stopped", "cancelling", "done", "cancelled"]
ItemStatus = Literal["pending", "running", "done", "failed", "expired", "cancelled"]


class Job(Told):
    """A job and how far it is."""

    id: str
    kind: str = Field(description="what is done to each modem, such as `command`")
    target: dict[str, Any] = Field(description="as it was asked for")
    args: dict[str, Any] = Field(description="without secrets")
    status: JobStatus
    dangerous: bool = Field(description="for many modems it wants a second person and goes in steps")
    steps: list[int] = Field(description="how many modems have been begun at the end of each step")
    step: int = Field(description="the present one, counted from 1")
    total: int
    ended: int = Field(description="how many modems are over, however it went")
    counts: dict[str, int] = Field(description="how many modems stand how")
    created_by: str
    created_at: Time
    expires_at: Time = Field(description="who has not been there by then is left out")
    approved_by: str | None
    approved_at: Time | None
    started_at: Time | None
    step_ended_at: Time | None = Field(description="since when only the return of the step's modems is awaited")
    finished_at: Time | None
    reason: str | None = Field(description="why it stopped or was cancelled")


class JobPage(Told):
    """Jobs from new to old."""

    items: list[Job]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class JobQuery(Closed):
    """Which jobs are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern="^[0-9A-Z]{26}$")
    status: JobStatus | None = None
    kind: str | None = Field(default=None, max_length=40)


class JobItem(Told):
    """One modem of a job."""

    modem: str
    status: ItemStatus
    step: int | None = Field(description="counted from 1, null while it is in none")
    attempt: int
    result: dict[str, Any] | None
    error: str | None
    returned: bool = Field(description="it has dialled in and answered since, where that is awaited")
    started_at: Time | None
    finished_at: Time | None


class JobItemPage(Told):
    """Modems of a job in order."""

    items: list[JobItem]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class JobItemQuery(Closed):
    """Which modems of a job are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: int | None = Field(default=None, ge=0, le=10_000_000)
    status: ItemStatus | None = None
