"""How a key of the schema is written: with what it means, in both languages."""

from dataclasses import dataclass
from typing import Any

import voluptuous as vol


@dataclass(frozen=True, slots=True)
class About:
    """What a key does, in both languages; the value of a secret key is never shown."""

    english: str
    russian: str
    is_secret: bool = False


def key(name: str, default: Any, english: str, russian: str, *, is_secret: bool = False) -> vol.Optional:
    """Return a key that may be left out; `default` is what leaving it out means, as an operator would write it."""
    return vol.Optional(name, default=lambda: default, description=About(english, russian, is_secret))


def section(name: str, english: str, russian: str) -> vol.Optional:
    """Return a key that holds further keys."""
    return vol.Optional(name, default=dict, description=About(english, russian))
