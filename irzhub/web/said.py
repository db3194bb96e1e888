"""What the hub says of a trouble, beside its English text: its code, what varies in it, and the same in Russian."""

from typing import Any

from pydantic import Field

from irzhub.alerts.sayings import know
from irzhub.web.models import Told


class SaidJson(Told):
    """The text beside it, for people; null where only the text itself is known, as with texts of other programs."""

    code: str = Field(description="names what is said; `several` for more than one thing with `;` between")
    values: dict[str, str] = Field(description="what varies in it")
    russian: str


def said_json(text: str | None) -> dict[str, Any] | None:
    """Return what a text of the hub says, None where no saying is known for it."""
    said = know(text) if text else None
    return None if said is None else {"code": said.code, "values": dict(said.values), "russian": said.russian}
