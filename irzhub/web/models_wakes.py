"""The JSON of waking modems: what is under way, what was tried before, what it may cost."""

from typing import Literal

from pydantic import ConfigDict, Field

from irzhub.web.models import Closed, Time, Told
from irzhub.web.models_commands import Target
from irzhub.web.said import SaidJson

StepName = Literal["call", "sms", "call2", "sms2"]


class WakeStep(Told):
    """One step that was taken, or could not be."""

    step: StepName
    at: Time
    error: str | None = Field(description="why it was not taken, null where it was")


class Wake(Told):
    """One wake of a modem and what became of it."""

    id: str
    modem: str
    reason: str = Field(description="`client`: a polling program waits; else who asked, such as `rest:anna`")
    status: Literal["waking", "online", "failed"]
    steps: list[WakeStep] = Field(description="in order, as far as it is")
    calls: int = Field(description="calls that it cost")
    sms: int = Field(description="SMS that it cost")
    started_at: Time
    finished_at: Time | None
    by: str | None = Field(description="the step that worked, `itself` where the modem came before any")
    took_s: float | None = Field(description="seconds from the first step to the dial-in")
    error: str | None
    error_said: SaidJson | None


class WakePage(Told):
    """Wakes of a modem from new to old."""

    items: list[Wake]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class WakeQuery(Closed):
    """Which wakes are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern="^[0-9A-Z]{26}$")


class WakeCosts(Told):
    """Calls and SMS."""

    calls: int
    sms: int


class WakeState(Told):
    """Whether a modem can be woken, how that went before, and the wake that is under way."""

    modem: str
    why_not: str | None = Field(description="why it cannot be woken by hand now, null where it can")
    steps: list[StepName] = Field(description="the ladder that is set for it")
    hold_s: float = Field(description="how long a program waits for it")
    resumes_at: Time | None = Field(description="when the hub wakes it again by itself, after a wake in vain")
    today: WakeCosts = Field(description="what it has cost today")
    limit: WakeCosts = Field(description="what it may cost in a day")
    tries: int
    successes: int
    success_ratio: float | None = Field(description="0 to 1, null before the first wake")
    median_s: dict[str, float] = Field(description="seconds to the dial-in, by the step that worked")
    current: Wake | None = Field(description="the one that is under way")
    last: Wake | None = Field(description="the latest that has ended")


class WakeList(Told):
    """What is under way over all modems, and what is left of the hub's day."""

    items: list[Wake] = Field(description="of the modems that the caller sees")
    left: WakeCosts = Field(description="what the hub may still spend today")


class BulkWakeRequest(Closed):
    """Many modems to be woken."""

    target: Target
    expires_in: float = Field(default=86400, gt=0, le=30 * 86400, description="seconds; after them nobody is called")
