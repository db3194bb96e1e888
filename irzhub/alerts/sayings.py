"""All sayings of the hub, in one table (see `saying.py`)."""

from typing import Final

from irzhub.alerts.saying import Said, Sayings
from irzhub.alerts.sayings_of_parts import OF_PARTS
from irzhub.alerts.sayings_of_phones import OF_PHONES
from irzhub.alerts.sayings_of_rules import OF_RULES
from irzhub.alerts.sayings_of_ways import OF_WAYS

SAYINGS: Final = Sayings((*OF_PARTS, *OF_WAYS, *OF_PHONES, *OF_RULES))


def know(text: str) -> Said | None:
    """Return what a text of the hub says, None where no saying is known for it."""
    return SAYINGS.know(text)


def in_words(text: str, language: str) -> str:
    """Return a text of the hub in `ru`, else as it is; what has no words stays as it came."""
    return SAYINGS.words(text, language)
