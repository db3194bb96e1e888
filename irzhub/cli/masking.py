"""The settings as they may be shown to a stranger: no secret, no phone number, no mail address."""

import dataclasses
import re
from pathlib import Path
from typing import Any, Final

from irzhub.config.settings import Settings

MASK: Final = "***"
_SECRET_FIELDS: Final = frozenset({"username"})
_URL_USER: Final = re.compile(r"(?<=://)[^@/]*(?=@)")


def mask_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings as JSON values; what is set but secret stands as `***`, people and integrations as counts."""
    shown = {
        field.name: _mask(field, getattr(settings, field.name))
        for field in dataclasses.fields(settings)
        if field.name not in ("contacts", "integrations")
    }
    # An integration's settings are known to itself alone, so any of them may be a secret.
    shown["integrations"] = {name: sorted(values) for name, values in settings.integrations.items()}
    shown["contacts"] = {"count": len(settings.contacts)}
    return shown


def _mask(field: "dataclasses.Field[Any]", value: Any) -> Any:
    if value is None:
        return None
    if field.name == "url" and not value.startswith("http"):  # of a database; the path of a web address is a secret
        return _URL_USER.sub(MASK, value.partition("?")[0])
    # What must not stand in a log is not shown by `repr` either, and each such field says so itself.
    return MASK if not field.repr or field.name in _SECRET_FIELDS else _shown(value)


def _shown(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _mask(field, getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _shown(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return str(value) if isinstance(value, Path) else value
