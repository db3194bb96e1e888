"""The JSON of modem settings: catalogue, files, templates, what a modem was sent and told, jobs and SMS."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from irzhub.codec.irz.settings.sms import VENDOR_PASSWORD
from irzhub.web.models import Closed, Time, Told
from irzhub.web.models_commands import ModemId, Phone, Target

_LONGEST_EXPIRY_S = 30 * 86400
Line = Annotated[str, StringConstraints(max_length=400)]
Lines = Annotated[list[Line], Field(max_length=500)]
Placeholder = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, StringConstraints(max_length=255)]
Values = Annotated[dict[Placeholder, Value], Field(max_length=100)]
Password = Annotated[str, StringConstraints(pattern=r"^[!-+\--~]{4,6}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Model = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{0,40}$")]


class SettingsCatalogue(Told):
    """Every setting of the vendor's table, enough to make forms of it."""

    sections: list[dict[str, Any]] = Field(description="`name` and `title` in ru and en, in order")
    settings: list[dict[str, Any]] = Field(
        description="`name`, `section`, `title`, `index`, `fields`, `access`, `secret`, `dangerous`, `needs_restart`..."
    )


class KnownSetting(Told):
    """One setting of a modem; the values of secrets are never shown."""

    name: str
    secret: bool
    dangerous: bool
    sent: str | None
    sent_at: Time | None
    sent_via: str | None
    read: str | None
    read_at: Time | None
    read_from: str | None
    differs: bool | None = Field(description="what was read is not what was sent; null: cannot be said")


class ModemSettingsView(Told):
    """What is known of a modem's settings. How they are read over the link is not known: `read` is of a dump."""

    items: list[KnownSetting]
    differing: int
    reading: str = Field(description="how settings are read, in words")


class SettingsFileBody(Closed):
    """A file of settings: `text`, or `base64` of its bytes for other encodings than UTF-8."""

    text: Annotated[str, StringConstraints(max_length=60_000)] | None = None
    base64: Annotated[str, StringConstraints(max_length=60_000)] | None = None
    may_be_unknown: bool = Field(default=False, description="take settings too that the catalogue does not have")


class FileLineError(Told):
    """A line that cannot be taken."""

    line: int
    message: str


class ReadFile(Told):
    """What a file gave; secrets in clear have become placeholders."""

    lines: list[str]
    errors: list[FileLineError]
    secrets: list[str] = Field(description="placeholders whose values have to be given when it is sent")
    dangerous: list[str] = Field(description="names of settings that can cut a modem off")


class NewSettingsTemplate(Closed):
    """A template that is to be made."""

    name: Name
    lines: Lines
    organisation: Annotated[str, StringConstraints(max_length=64)] | None = None
    model: _Model | None = Field(default=None, description="beginning of the models that it is for")
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None
    defaults: Values | None = Field(default=None, description="values of placeholders, but never of secrets")
    modem_values: Annotated[dict[ModemId, Values], Field(max_length=10_000)] | None = None
    may_be_unknown: bool | None = None


class SettingsTemplateEdit(Closed):
    """What changes of a template (JSON Merge Patch); `defaults` and `modem_values` are merged."""

    name: Name | None = None
    lines: Lines | None = None
    organisation: Annotated[str, StringConstraints(max_length=64)] | None = None
    model: _Model | None = None
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None
    defaults: dict[Placeholder, Value | None] | None = None
    modem_values: dict[ModemId, dict[Placeholder, Value | None] | None] | None = None
    may_be_unknown: bool | None = None


class SettingsTemplate(Told):
    """A template of settings."""

    id: str
    name: str
    organisation: str | None
    model: str | None
    comment: str
    lines: list[str]
    defaults: dict[str, str]
    modem_values: dict[str, dict[str, str]]
    may_be_unknown: bool
    placeholders: list[str]
    secrets: list[str] = Field(description="placeholders whose values are given each time it is sent")
    dangerous: bool
    created_at: Time
    updated_at: Time
    updated_by: str


class PreviewBody(Closed):
    """For which modem, and with which further values."""

    modem: ModemId
    values: Values | None = None


class Preview(Told):
    """What a modem would be sent; secrets stay placeholders."""

    modem: str
    lines: list[str]
    errors: list[FileLineError]
    dangerous: bool


class OwnValues(Closed):
    """What is different for one modem."""

    values: Values | None = None
    secrets: Values | None = None
    password: Password | None = None
    phone: Phone | None = None


class SendSettings(Closed):
    """Settings for many modems, as a job. Secrets are kept until the job ends and wiped then."""

    target: Target
    template: Annotated[str, StringConstraints(pattern="^[0-9A-Z]{26}$")] | None = None
    lines: Lines | None = None
    values: Values | None = None
    secrets: Values | None = Field(default=None, description="values of placeholders of secret settings")
    password: Password | None = Field(default=None, description="service password; null: `fleet.settings.password`")
    modems: Annotated[dict[ModemId, OwnValues], Field(max_length=1000)] | None = None
    via: Literal["gprs", "sms"] = "gprs"
    packed: bool = Field(default=False, description="several commands in one SMS: firmware 2.1 and later")
    may_be_unknown: bool = False
    expires_in: float = Field(default=86400, gt=0, le=_LONGEST_EXPIRY_S, description="seconds")


class FirstSms(Closed):
    """The SMS that brings a new modem here."""

    address: Annotated[str, StringConstraints(pattern=r"^[0-9.]{7,15}$")]
    port: int = Field(ge=1, le=65535)
    minutes: int = Field(default=0, ge=0, le=255, description="0: until the modem restarts")
    encapsulated: bool = True
    interface: int | None = Field(default=None, ge=0, le=1, description="0 RS485, 1 RS232")
    sim: int = Field(default=1, ge=1, le=2)
    apn: Annotated[str, StringConstraints(max_length=64)] | None = None
    user: Annotated[str, StringConstraints(max_length=32)] | None = None
    apn_password: Annotated[str, StringConstraints(max_length=32)] | None = None


class SmsTextsBody(Closed):
    """What the SMS are to say: settings, or the first one of a new modem. Nothing is sent or kept."""

    password: Password = VENDOR_PASSWORD
    lines: Lines | None = None
    packed: bool = False
    first: FirstSms | None = None


class SmsTexts(Told):
    """The texts in their order; only the last one applies, and restarts the modem."""

    texts: list[str]
    lengths: list[int]
