"""The settings as they may be shown to a stranger: no secret, no phone number, no mail address."""

import dataclasses
import re
from pathlib import Path
from typing import Any, Final

from irzhub.config.settings import Settings

MASK: Final = "***"
_SECRET_FIELDS: Final = frozenset({"password", "username"})
_URL_USER: Final = re.compile(r"(?<=://)[^@/]*(?=@)")


def mask_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings as JSON values; what is set but secret stands as `***`, people and integrations as counts."""
    shown = {
        field.name: _mask(getattr(settings, field.name), field.name)
        for field in dataclasses.fields(settings)
        if field.name not in ("contacts", "integrations")
    }
    # An integration's settings are known to itself alone, so any of them may be a secret.
    shown["integrations"] = {name: sorted(values) for name, values in settings.integrations.items()}
    shown["contacts"] = {"count": len(settings.contacts)}
    return shown


def _mask(value: Any, name: str) -> Any:
    if name in _SECRET_FIELDS:
        return None if value is None else MASK
    if name == "url":
        return _URL_USER.sub(MASK, value.partition("?")[0])
    if dataclasses.is_dataclass(value):
        return {field.name: _mask(getattr(value, field.name), field.name) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_mask(each, "") for each in value]
    return str(value) if isinstance(value, Path) else value
