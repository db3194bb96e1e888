"""The JSON of firmware images and of jobs that send them."""

from typing import Annotated

from pydantic import ConfigDict, Field

from irzhub.web.models import Closed, Time, Told
from irzhub.web.models_commands import ModemId, Target
from irzhub.web.models_settings import Password


class FirmwareImage(Told):
    """One image of the catalogue."""

    id: str
    name: str
    model: str = Field(description="beginning of the models that it is for")
    version: str
    comment: str
    sha256: str
    size_bytes: int
    created_at: Time
    created_by: str


class NewFirmwareQuery(Closed):
    """What an image that is being uploaded is."""

    model_config = ConfigDict(extra="forbid", strict=False)

    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$", description="of the whole image, as its maker gives it")
    model: str = Field(pattern="^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$", description="beginning of the models, e.g. ATM31")
    name: str = Field(min_length=1, max_length=200)
    version: str = Field(default="", max_length=40, description="what the hello must show afterwards, e.g. 1.5-025.001")
    comment: str = Field(default="", max_length=2000)


class SendFirmware(Closed):
    """An image for many modems, as a job; experimental."""

    target: Target
    password: Password | None = Field(default=None, description="service password; null: `fleet.settings.password`")
    passwords: Annotated[dict[ModemId, Password], Field(max_length=1000)] | None = Field(
        default=None, description="of single modems"
    )
    expires_in: Annotated[float, Field(gt=0, le=30 * 86400)] = 86400
