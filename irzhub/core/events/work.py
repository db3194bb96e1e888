"""What was ordered, and how it ended: commands, jobs, settings, firmware, the setting up of a group."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from irzhub.core.events.event import Event, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFinished(Event):
    """A modem command ended; `status` is `ok`, `error`, `expired` or `cancelled`."""

    type: ClassVar[str] = "command_finished"
    command: str
    status: str
    origin: str
    result: dict[str, Any] = dataclasses.field(default_factory=dict)
    error: str | None = None
    command_id: str | None = None
    via: str = "gprs"
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputStuck(Event):
    """An output did not do what it was told: its feedback input, or the output itself, kept another level."""

    type: ClassVar[str] = "output_stuck"
    output: int
    commanded: Level
    seen: Level | None
    feedback: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(Event):
    """A job over many modems stands otherwise, is at its next step, or another tenth of it has ended."""

    type: ClassVar[str] = "job_changed"
    job: str
    kind: str
    status: str
    step: int
    steps: int
    total: int
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished(Event):
    """A job ended, `done` or `cancelled`; `counts` says how many of its items ended how."""

    type: ClassVar[str] = "job_finished"
    job: str
    kind: str
    status: str
    total: int
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFinished(Event):
    """Settings were sent to a modem, or could not be; `settings` are names, values are in no event.

    `status` is `ok` (it took all and dialled in again), `error` or `cancelled`; `reason` names the kind of error.
    """

    type: ClassVar[str] = "settings_finished"
    status: str
    via: str
    job: str
    origin: str
    settings: list[str] = dataclasses.field(default_factory=list)
    acknowledged: int = 0
    attempts: int = 0
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareFinished(Event):
    """Firmware was sent to a modem, or could not be; `firmware` is what it said of itself afterwards."""

    type: ClassVar[str] = "firmware_finished"
    status: str
    job: str
    origin: str
    image: str | None
    sha256: str | None
    pages: int = 0
    acknowledged: int = 0
    attempts: int = 0
    previous: str | None = None
    firmware: str | None = None
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissioningStarted(Event):
    """A group with all below it is being set up: what happens is recorded, and nobody is told."""

    type: ClassVar[str] = "commissioning_started"
    group: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissioningEnded(Event):
    """A group was accepted: people are told of what happens there."""

    type: ClassVar[str] = "commissioning_ended"
    group: str
    by: str
