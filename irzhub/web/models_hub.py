"""The JSON of the hub itself: what runs, how its parts are, and its settings."""

from typing import Any, Literal

from pydantic import Field

from irzhub.web.models import Time, Told
from irzhub.web.said import SaidJson


class HubPart(Told):
    """How one part is."""

    part: str
    state: Literal["starting", "up", "degraded", "down"]
    detail: str = Field(description="what is wrong, or what it runs on")
    detail_said: SaidJson | None


class Library(Told):
    """A library that the hub is made with."""

    name: str
    version: str
    licence: str


class HubInfo(Told):
    """What runs here, and how it is."""

    id: str
    version: str
    state: Literal["ready", "degraded", "not_ready"]
    started_at: Time
    time_zone: str
    python: str
    system: str
    parts: list[HubPart]
    libraries: list[Library]


class WrittenPlace(Told):
    """Where somebody wrote a value."""

    source: str = Field(description="the file, or the variable of the environment")
    line: int | None
    is_variable: bool


class HubKey(Told):
    """One key of `irzhub.yaml`; the value of a secret is never told."""

    key: str
    is_section: bool
    is_secret: bool
    english: str
    russian: str
    expected: str
    value: Any
    usual: Any = Field(description="what leaving it out means")
    is_set: bool = Field(description="the file or the environment says it")
    written: WrittenPlace | None = Field(description="where that is; null: nobody wrote it")
    applies: Literal["at_once", "at_start"] = Field(description="when a change counts")


class HubKeys(Told):
    """All keys in the order of the schema."""

    items: list[HubKey]
    next: None = None


class Backup(Told):
    """A backup that is whole."""

    name: str
    made_at: Time
    size_bytes: int


class RunningBackup(Told):
    """How far a backup is."""

    name: str
    part: str | None = Field(description="what is being written, such as `history/events`")
    rows: int
    total: int | None


class BackupList(Told):
    """The newest backups; older ones were removed."""

    items: list[Backup]
    running: RunningBackup | None
    failed: str | None = Field(description="why the last one could not be made")
    next: None = None
