"""The JSON of simple notification settings."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from irzhub.config.durations import parse_duration
from irzhub.web.models import Closed, Line, PinNumber, Told
from irzhub.web.models_commands import Target

ChannelName = Literal["sms", "call", "email", "telegram", "webhook", "mqtt"]
ChangeName = Literal["alarm", "normal", "any"]
_LONGEST_DELAY_S: Final = 7 * 86400.0
_MOST_RECIPIENTS: Final = 20
ADDRESSES: Final = {
    "sms": (re.compile(r"\+?[0-9]{5,15}", re.ASCII), "a phone number such as +79211234567"),
    "call": (re.compile(r"\+?[0-9]{5,15}", re.ASCII), "a phone number such as +79211234567"),
    "email": (re.compile(r"[^\s@<>,;\"]{1,64}@[0-9A-Za-z.-]{1,253}", re.ASCII), "one mail address"),
    "telegram": (re.compile(r"-?[0-9]{1,20}|@[0-9A-Za-z_]{3,64}", re.ASCII), "a chat id or @name"),
    "webhook": (re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII), "the name of a webhook of the settings"),
    "mqtt": (re.compile(r"[^+#\x00-\x1f\x7f$][^+#\x00-\x1f\x7f]{0,255}"), "a topic without + and #"),
}


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


Delay = Annotated[
    float,
    BeforeValidator(_seconds, json_schema_input_type=float | str),
    Field(ge=0, le=_LONGEST_DELAY_S, description="seconds; a text such as `5m` or `00:05:00` is taken too"),
]
Template = Annotated[str, StringConstraints(max_length=1600)]


class NotifiedEdit(Closed):
    """Who is told: a contact, team or roster by its name, or one address on one channel."""

    contact: Annotated[Line, StringConstraints(min_length=1)] | None = None
    channel: ChannelName | None = None
    address: Annotated[Line, StringConstraints(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "NotifiedEdit":
        has_address = self.channel is not None and self.address is not None
        if (self.contact is not None) == has_address or (self.channel is None) != (self.address is None):
            raise ValueError("expected `contact`, or `channel` and `address`")
        if self.channel is not None and self.address is not None:
            pattern, expected = ADDRESSES[self.channel]
            if pattern.fullmatch(self.address) is None:
                raise ValueError(f"expected {expected} as address of {self.channel}")
        return self


class NotificationEdit(Closed):
    """A change of one notification: what is left out stays, null inherits again."""

    enabled: bool | None = None
    delay_s: Delay | None = Field(default=None, description="how long it must last before people are told, seconds")
    recipients: Annotated[list[NotifiedEdit], Field(max_length=_MOST_RECIPIENTS)] | None = None
    channels: Annotated[list[ChannelName], Field(max_length=6)] | None = Field(
        default=None, description="only these channels; an empty list: as each contact wants it"
    )
    text: Template | None = Field(default=None, description="a template; an empty text: the default one")


class InputNotificationEdit(NotificationEdit):
    """A change of the notification of an input."""

    change: ChangeName | None = Field(
        default=None, description="told when the input leaves its normal state, when it returns to it, or both"
    )


class NotificationsEdit(Closed):
    """A change of what one owner has of its own (RFC 7396): null removes a notification."""

    lost: NotificationEdit | None = None
    restored: NotificationEdit | None = None
    meter_silent: NotificationEdit | None = None
    input: InputNotificationEdit | None = Field(default=None, description="of all inputs")
    inputs: dict[PinNumber, InputNotificationEdit | None] | None = Field(
        default=None, description="of single inputs, by pin number"
    )


class BulkNotifications(Closed):
    """The same change for many modems."""

    target: Target
    settings: NotificationsEdit | None = Field(description="null: they inherit everything again")


class Changed(Told):
    """Of how many modems settings were changed."""

    modems: int


class Notifications(Told):
    """What one owner has of its own, and what holds for it with what it inherits."""

    owner: Literal["hub", "group", "modem"]
    name: str = Field(description="path of the group or id of the modem, empty for the hub")
    settings: dict[str, Any] = Field(description="its own, as a change of settings takes them")
    effective: dict[str, Any] = Field(
        description="for each notification and value: `value`, and in `from` the `level` (default, hub, group, modem) "
        "and `name` of where it stands; of recipients that are not the caller's to see, `value` is null"
    )


def patch_of(edit: NotificationsEdit) -> dict[str, Any]:
    """Return a change as a merge patch for own settings, as they are kept."""
    patch: dict[str, Any] = edit.model_dump(exclude_unset=True)
    slots = [value for key, value in patch.items() if key != "inputs" and value is not None]
    slots += [value for value in (patch.get("inputs") or {}).values() if value is not None]
    for slot in slots:
        if slot.get("recipients") is not None:
            slot["recipients"] = [
                {name: value for name, value in each.items() if value is not None} for each in slot["recipients"]
            ]
    return patch
