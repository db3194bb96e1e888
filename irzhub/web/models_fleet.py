"""The JSON of groups, sites, the organisations' relay, and of modems that come and go."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from irzhub.config.overrides import OVERRIDE_KEYS
from irzhub.web.listing import ListQuery
from irzhub.web.models import Closed, GroupPath, Line, LinkState, Phone, Reference, Time, Told

Comment = Annotated[str, StringConstraints(max_length=2000)]
RelayEdit = Annotated[
    dict[str, Any],
    Field(
        max_length=16,
        description=f"as in `relay.polling` of the configuration: {', '.join(OVERRIDE_KEYS)}; "
        "what is left out is inherited, null goes back to that",
    ),
]
SomeGroup = Annotated[GroupPath, StringConstraints(min_length=1)]
ImeiText = Annotated[str, StringConstraints(pattern=r"^[0-9]{14,17}$")]
ModemId = Annotated[str, StringConstraints(pattern=r"^([0-9]{14,17}(_[2-5])?|[0-9A-Za-z-]{1,32})$")]


class Group(Told):
    """One group of the tree."""

    path: str = Field(description="names with `/` between, from the outermost in")
    name: str
    parent: str | None = Field(description="the group that it lies in")
    comment: str
    relay: dict[str, Any] = Field(description="what its modems have otherwise than the configuration says, as written")
    commissioning: bool = Field(description="it is being set up itself")
    commissioning_inherited: bool = Field(description="it, or a group around it, is being set up")
    modems: int = Field(description="modems in it and below it that the caller sees")
    modems_here: int = Field(description="modems in it alone")
    states: dict[LinkState, int] = Field(description="the same modems by their state")


class GroupPage(Told):
    """Groups in the order of the tree."""

    items: list[Group]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")
    total: int


class GroupQuery(ListQuery):
    """Which groups are asked for."""

    below: str | None = Field(default=None, max_length=200, description="this group and those below it only")


class NewGroup(Closed):
    """A group to be made."""

    path: SomeGroup
    comment: Comment = ""
    relay: RelayEdit = Field(default_factory=dict)


class GroupEdit(Closed):
    """A change of a group (RFC 7396): what is left out stays; another `path` renames or moves it with its modems."""

    path: SomeGroup | None = None
    comment: Comment | None = None
    relay: RelayEdit | None = None
    commissioning: Literal[True] | None = Field(
        default=None, description="begins the setting up; it ends when the group is accepted"
    )


class Accepted(Told):
    """Groups whose setting up ended."""

    groups: list[str]


class Site(Told):
    """Where modems stand, and how people get there."""

    id: str
    name: str
    organisation: str | None
    address: str
    latitude: float | None = Field(description="degrees, WGS 84")
    longitude: float | None
    contact: str
    phones: list[str]
    access_notes: str = Field(description="keys, opening hours, whom to ask")
    time_zone: str | None
    comment: str
    modems: int = Field(description="modems there that the caller sees")


class SiteEdit(Closed):
    """A change of a site (RFC 7396): what is left out stays, null empties."""

    name: Annotated[Line, StringConstraints(min_length=1)] | None = None
    organisation: Reference | None = None
    address: Annotated[str, StringConstraints(max_length=500)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    contact: Line | None = None
    phones: Annotated[list[Phone], Field(max_length=20)] | None = None
    access_notes: Comment | None = None
    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] | None = None
    comment: Comment | None = None


class NewSite(SiteEdit):
    """A site to be made."""

    name: Annotated[Line, StringConstraints(min_length=1)]


class OrganisationRelay(Told):
    """What an organisation has of its own in the relay, as written."""

    organisation: str
    relay: dict[str, Any] = Field(description="keys of `relay.polling`, and `pools` of ports that nobody else is given")


class OrganisationRelayEdit(Closed):
    """A change of it (RFC 7396)."""

    relay: RelayEdit


class NewModem(Closed):
    """A modem to be registered before it dials in."""

    imei: ModemId = Field(description="its IMEI, or the id of a modem of another make")
    channel: Annotated[int, Field(ge=2, le=5)] | None = None
    driver: Literal["irz", "raw"] = "irz"
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(default=None, description="null: the next free one")
    name: Line = ""
    group: GroupPath = ""
    organisation: Reference | None = None
    site: Reference | None = None
    phone_sim1: Phone | None = None
    phone_sim2: Phone | None = None
    comment: Comment = ""


class DeleteQuery(Closed):
    """What becomes of a deleted modem's port, and of the modem when it dials in again."""

    model_config = ConfigDict(extra="forbid", strict=False)

    port: Literal["keep", "free"] = Field(default="keep", description="whether its port waits for its return")
    again: Literal["allow", "block"] = Field(default="allow", description="whether it may register again")


class ReplaceRequest(Closed):
    """The modem that takes another's place."""

    imei: ImeiText
    discard: bool = Field(default=False, description="the new one loses what was said of it, if anything was")


class FormerModem(Told):
    """A modem that is no more."""

    modem: str
    at: Time
    reason: Literal["deleted", "replaced", "rejected"]
    by: str
    name: str
    port: int | None = Field(description="kept for its return")
    blocked: bool = Field(description="turned away when it dials in")
    replaced_by: str | None


class QuarantinedModem(Told):
    """A modem that knocks and waits for approval."""

    modem: str
    imei: str
    channel: int | None
    peer: str
    reason: str
    first_seen: Time
    last_seen: Time
    tries: int
    model: str | None


class Program(Told):
    """A polling program that is connected."""

    id: str
    peer: str
    connected_s: float
    rx_bytes: int = Field(description="from the meter to it")
    tx_bytes: int = Field(description="from it to the meter")
    waiting_bytes: int = Field(description="of its questions, which wait for its turn")
    holds_line: bool = Field(description="the meter line is its own now")
    reads_only: bool


class ProgramPage(Told):
    """All programs of a modem."""

    items: list[Program]
    next: None = None
