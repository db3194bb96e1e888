"""The JSON of automations: the rules, their file, their runs, and what they would have done."""

from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from irzhub.web.models import Closed, Time, Told
from irzhub.web.said import SaidJson

LONGEST_RULES: Final = 256 * 1024
"""Bytes of a body with the text of `automations.yaml`."""

RulesText = Annotated[str, StringConstraints(max_length=LONGEST_RULES), Field(description="YAML, as in the file")]


class RuleProblem(Told):
    """One thing that somebody has to change in a text with rules."""

    file: str
    line: int | None
    key: str = Field(description="such as `[0].triggers[1].input`; empty when it is about the text as a whole")
    message: str
    message_said: SaidJson | None


class LastRun(Told):
    """How the newest run of an automation went."""

    id: str
    ts: Time
    ended_at: Time | None
    result: str
    error: str | None
    error_said: SaidJson | None


class Automation(Told):
    """One automation, as it runs."""

    id: str
    name: str
    description: str
    source: str = Field(description="`file`, or `notifications`: made by the notification settings")
    line: int | None = Field(description="where it stands in the file")
    mode: Literal["single", "restart", "queued", "parallel"]
    max: int
    enabled: bool
    switched: bool = Field(description="people said so here, whatever the file says")
    triggers: list[str]
    running: int
    counts: dict[str, int] = Field(description="runs since the start of the hub by how they ended")
    last_run: LastRun | None


class AutomationEdit(Closed):
    """Switches an automation; null: as the file says."""

    enabled: bool | None


class Trace(Told):
    """One run of an automation: what set it off, and each step with what came of it."""

    id: str
    rule: str
    ts: Time
    ended_at: Time | None
    trigger: int = Field(description="which of its triggers fired, from 0")
    event: dict[str, Any]
    result: str = Field(
        description="`done`, `stopped`, `failed`, `conditions` (they did not hold), `skipped` (the mode left it out), "
        "`broken` (it set itself off), `cancelled`"
    )
    error: str | None
    error_said: SaidJson | None
    steps: list[dict[str, Any]]


class TraceList(Told):
    """The last runs of an automation, the newest first."""

    items: list[Trace]
    next: str | None


class AutomationsFile(Told):
    """`automations.yaml` as it is on the disk."""

    text: str
    version: str
    problems: list[RuleProblem] = Field(description="why it is not taken; the rules from before run on meanwhile")
    loaded_at: Time | None = Field(description="when the rules that run were read")


class AutomationsText(Closed):
    """A text with rules."""

    text: RulesText


class RuleProblems(Told):
    """What is wrong with a text with rules: nothing, when it can be used."""

    problems: list[RuleProblem]


class DryRunWanted(Closed):
    """Which rules are tried on which of the recorded events."""

    text: RulesText | None = Field(default=None, description="null: those of the file")
    since: Annotated[str, StringConstraints(max_length=40)] = Field(
        default="7d", description="a time of RFC 3339, or how long ago, such as `30d`"
    )
    until: AwareDatetime | None = Field(default=None, strict=False, description="null: now")
    most: Annotated[int, Field(ge=0, le=5000)] = Field(default=1000, description="so many messages are listed")


class WouldTell(Told):
    """One message that would have been sent."""

    ts: Time
    rule: str
    subject: str
    modem: str | None
    text: str
    title: str
    severity: str
    recipients: list[str] = Field(description="`channel:address`, or `contact:name`")
    sms_segments: int
    folded: int = Field(description="repeats that were folded into this one")


class DryRunResult(Told):
    """What the rules would have done. Nobody was told anything."""

    since: Time
    until: Time
    events: int
    runs: dict[str, dict[str, int]] = Field(description="by rule and by how they ended")
    told: list[WouldTell]
    told_count: int
    sms_segments: int
    actions: dict[str, dict[str, int]] = Field(description="commands, wakes and messages to the broker, by rule")
    notes: list[str] = Field(description="what nobody can know of the past")


class Blueprint(Told):
    """A rule with open places, under `blueprints/` of the configuration."""

    path: str
    name: str
    description: str
    inputs: dict[str, dict[str, Any]]
    problems: list[RuleProblem]


class BlueprintList(Told):
    """All blueprints."""

    items: list[Blueprint]
    next: str | None
