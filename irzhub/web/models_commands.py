"""The JSON of commands, of their templates and of commands for many modems."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from irzhub.web.models import Closed, Time, Told

CommandName = Literal[
    "signal",
    "pins",
    "cell",
    "temperature",
    "iccid",
    "set_output",
    "pulse",
    "ussd",
    "change_sim",
    "standby",
    "port_speed",
    "reset_counter",
    "reboot",
    "raw",
]
CommandStatus = Literal["queued", "sent", "done", "failed", "expired", "cancelled"]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{5,15}$")]
ModemId = Annotated[str, StringConstraints(pattern=r"^([0-9]{14,17}(_[2-5])?|[0-9A-Za-z-]{1,32})$")]
Args = Annotated[dict[str, Any], Field(default_factory=dict, max_length=16)]
_LONGEST_EXPIRY_S = 30 * 86400


class CommandRequest(Closed):
    """A command for a modem."""

    command: CommandName
    args: Args
    expires_in: float = Field(
        default=60, gt=0, le=_LONGEST_EXPIRY_S, description="seconds; after them it is never sent"
    )
    via: Literal["gprs", "sms"] = Field(default="gprs", description="`sms`: as control SMS, for a modem that is away")
    phone: Phone | None = Field(default=None, description="where the SMS goes; null: the modem's own number")


class Command(Told):
    """A command and what became of it."""

    id: str
    modem: str
    command: str
    args: dict[str, Any]
    status: CommandStatus
    result: dict[str, Any] | None
    error: str | None
    origin: str = Field(description="who asked, such as `rest:anna`, `mqtt`, `job:anna`")
    priority: Literal["manual", "background"]
    via: Literal["gprs", "sms"]
    attempts: int = Field(description="how often it was sent")
    created_at: Time
    expires_at: Time
    sent_at: Time | None
    finished_at: Time | None


class CommandPage(Told):
    """Commands from new to old."""

    items: list[Command]
    next: str | None = Field(description="`cursor` of the next page, null on the last one")


class CommandQuery(Closed):
    """Which commands are asked for."""

    model_config = ConfigDict(extra="forbid", strict=False)

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, pattern="^[0-9A-Z]{26}$")
    status: CommandStatus | None = None
    command: str | None = Field(default=None, max_length=40)


class AllCommandsQuery(CommandQuery):
    """Which commands of which modem are asked for."""

    modem: ModemId | None = None


class Target(Closed):
    """Which modems: one of the three. What the caller may not see is left out."""

    filter: str | None = Field(default=None, max_length=500, description="as in the list of modems")
    group: str | None = Field(default=None, max_length=200, description="the group with all below it")
    modems: list[ModemId] | None = Field(default=None, min_length=1, max_length=3500)

    @model_validator(mode="after")
    def _one_of_three(self) -> "Target":
        if sum(each is not None for each in (self.filter, self.group, self.modems)) != 1:
            raise ValueError("expected one of filter, group and modems")
        return self


class BulkCommandRequest(Closed):
    """A command for many modems."""

    target: Target
    command: CommandName
    args: Args
    expires_in: float = Field(
        default=86400, gt=0, le=_LONGEST_EXPIRY_S, description="seconds; who is not there by then never gets it"
    )


class Template(Told):
    """The form of a text command on the wire."""

    name: str
    text: str = Field(description="without the CR behind it; `places` stand in braces")
    enabled: bool = Field(description="a command whose template is off is refused")
    default: str
    confidence: Literal["seen", "listed", "guess"] = Field(
        description="of the default: `seen` with real modems, `listed`: its name is the vendor's, "
        "`guess`: not confirmed by the vendor"
    )
    places: list[str]
    changed_by: str | None
    changed_at: Time | None


class TemplateList(Told):
    """All templates."""

    items: list[Template]


class TemplateEdit(Closed):
    """A change of a template; what is left out stays."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=280)] | None = None
    enabled: bool | None = None
