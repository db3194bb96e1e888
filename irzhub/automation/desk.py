"""What others may ask of the automations of a hub: REST, the command line and the page stand on this, on no engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from irzhub.config.tree import Problem
from irzhub.core.exceptions import IrzhubError


class RulesRefused(IrzhubError):
    """A text with rules that cannot be used; `problems` say what to change, each with file, line and key."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class RulesChanged(IrzhubError):
    """Somebody else changed the file since it was read; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One automation as people see it.

    Args:
        source: `file`, or `notifications` for those that the settings of modems and groups make.
        line: where it stands in the file, None for another source.
        is_enabled: whether it runs. is_switched: whether people said so over REST, and not the file.
        triggers: names of its triggers, in order, such as `gpi`.
        running: runs that have not ended, and waits of `for:`.
        counts: how many of its runs ended how since the start of the hub, by result (`done`, `conditions`, ...).
        last_run: the newest trace, None before the first.
    """

    id: str
    name: str
    description: str
    source: str
    line: int | None
    mode: str
    max: int
    is_enabled: bool
    is_switched: bool
    triggers: tuple[str, ...]
    running: int
    counts: Mapping[str, int]
    last_run: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """`automations.yaml` as it is on the disk, and whether the hub runs what is in it.

    Args:
        version: changes with each change of the text; give it back to `save`.
        problems: why it is not taken; the rules from before run on meanwhile. Empty for a good file.
        loaded_at: when the rules that run were read.
    """

    text: str
    version: str
    problems: tuple[Problem, ...]
    loaded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueprintView:
    """A rule with open places under `blueprints/`; `inputs` gives each name with `description` and `default`."""

    path: str
    name: str
    description: str
    inputs: Mapping[str, Mapping[str, Any]]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldTell:
    """One message of a dry run: who would have been told what, and how many SMS that is.

    Args:
        recipients: `channel:address`, or `contact:name` where nobody can say whom a name reaches.
        sms_segments: how many parts its SMS have together; 0 when it would not leave as SMS.
        folded: how many repeats were folded into this one (`damp`).
    """

    ts: datetime
    rule: str
    subject: str
    modem: str | None
    text: str
    title: str
    severity: str
    recipients: tuple[str, ...]
    sms_segments: int
    folded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What rules would have done over events that were recorded.

    Args:
        events: how many were looked at. runs: how many runs ended how, by rule and result.
        told: in order of time, at most as many as were asked for; `told_count` counts all of them.
        actions: commands, wakes and messages to the broker that would have been sent, counted by rule and action.
        sms_segments: of all messages together.
        notes: what the replay cannot know, in words.
    """

    since: datetime
    until: datetime
    events: int
    runs: Mapping[str, Mapping[str, int]]
    told: tuple[WouldTell, ...]
    told_count: int
    sms_segments: int
    actions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class AutomationDesk(Protocol):
    """The automations of one hub; `part.Automations` is it."""

    def rules(self) -> list[RuleView]:
        """Return all automations in the order of the file, then those of other sources."""

    def rule(self, id_: str) -> RuleView | None:
        """Return one automation, None for an unknown id."""

    def traces(self, id_: str) -> list[dict[str, Any]]:
        """Return the last runs of an automation, the newest first (shape: `traces.Trace.to_json`)."""

    async def switch(self, id_: str, *, is_enabled: bool | None, by: str) -> bool:
        """Switch an automation on or off whatever the file says, None: as the file says; False for an unknown id."""

    async def read_file(self) -> FileView:
        """Return the file of the automations."""

    async def validate(self, text: str) -> tuple[Problem, ...]:
        """Return what is wrong with a text with rules, empty when it can be used."""

    async def save(self, text: str, *, version: str | None, by: str) -> FileView:
        """Replace the file and run what is in it, at once.

        Raises:
            RulesRefused: the text cannot be used; nothing was written.
            RulesChanged: `version` is not that of the present text.
            OSError: the file cannot be written.
        """

    async def blueprints(self) -> list[BlueprintView]:
        """Return the blueprints of the hub."""

    async def dry_run(self, text: str, since: datetime, until: datetime, most_told: int = 1000) -> DryRun:
        """Say what rules would have done over what was recorded.

        Raises:
            RulesRefused: the text cannot be used.
            IrzhubError: the recorded events cannot be read.
        """

    def call_webhook(self, webhook_id: str, body: Any) -> bool:
        """Tell the rules that a program called; False when no rule listens to that id.

        Args:
            webhook_id: as rules have it.
            body: what templates see as `trigger.json`; plain JSON, judged and bounded by the caller.
        """

    def webhook_secrets(self, webhook_id: str) -> frozenset[str] | None:
        """Return the secrets one of which a call must be signed with: none for unsigned calls.

        Returns:
            None when no rule listens to that id.
        """

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the language."""
