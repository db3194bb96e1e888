"""The JSON of the hub itself: what runs, how its parts are, and its settings."""

from typing import Any, Literal

from pydantic import Field

from irzhub.web.models import Time, Told


class HubPart(Told):
    """How one part is."""

    part: str
    state: Literal["starting", "up", "degraded", "down"]
    detail: str = Field(description="what is wrong, or what it runs on")


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
    applies: Literal["at_once", "at_start"] = Field(description="when a change counts")


class HubKeys(Told):
    """All keys in the order of the schema."""

    items: list[HubKey]
    next: None = None
