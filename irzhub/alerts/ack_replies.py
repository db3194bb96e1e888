"""Replies by SMS: `OK 17` says that somebody has incident 17 in hand."""

import re
from typing import Final

_WORD: Final = r"(?:[oо][kк]|okay|ack|да|принял[аио]?|взял[аи]?)"
_REPLY: Final = re.compile(rf"\W*{_WORD}(?:[^\w]*([0-9]{{1,9}}))?(?:\W.*)?", re.IGNORECASE | re.DOTALL)


def read_reply(text: str) -> int | None:
    """Return the number of the incident that a reply acknowledges; 0 for one without a number, None for other texts.

    Latin and Cyrillic letters that look the same are taken for each other: phones put in what they like.
    """
    found = _REPLY.fullmatch(text[:400])
    if found is None or (found[1] is None and any(char.isdigit() for char in text)):
        return None
    return int(found[1] or 0)
