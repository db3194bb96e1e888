"""Which numbers a modem may dial and write to: never an emergency service, and no short one that was not allowed."""

import re
from dataclasses import dataclass
from typing import Final

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_NATIONAL: Final = re.compile(r"[0-9]{7,15}", re.ASCII)
_SHORT: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_SERVICE: Final = re.compile(r"0?0?(112|911|000|08|110|118|119|999|10[1-4]|0[1-4]0?)", re.ASCII)
"""Those that a modem takes for an emergency call (3GPP TS 22.101 10.1.1), and those of Russia, old and new."""
_PREMIUM: Final = re.compile(r"(?:\+?7|8)809[0-9]{7}", re.ASCII)
_TAIL: Final = 10


class NumberRefused(ValueError):
    """A number that is not dialled and not written to; the text says why."""


@dataclass(frozen=True, slots=True)
class NumberPolicy:
    """Who may be reached.

    Args:
        allow: beginnings of numbers; empty: every number that is one.
        short_codes: short numbers that may get SMS, such as an operator's 111; emergency services never.
    """

    allow: tuple[str, ...] = ()
    short_codes: tuple[str, ...] = ()

    def check(self, number: str, *, is_call: bool = False) -> str:
        """Return the number as it is dialled.

        Raises:
            NumberRefused: it may not be reached, or is no number.
        """
        bare = re.sub(r"[ ()\u00a0-]", "", number)
        if _SERVICE.fullmatch(bare.removeprefix("+")):
            raise NumberRefused(f"{bare} is a service number, it is never dialled")
        if _SHORT.fullmatch(bare):
            if is_call or bare not in self.short_codes:
                raise NumberRefused(f"{bare} is a short number: integrations.gsm_modem.short_codes does not name it")
            return bare
        if _E164.fullmatch(bare) is None and _NATIONAL.fullmatch(bare) is None:
            raise NumberRefused("expected a phone number such as +79211234567")
        if _PREMIUM.fullmatch(bare) and not any("809" in each and bare.startswith(each) for each in self.allow):
            raise NumberRefused(f"{bare} costs extra: integrations.gsm_modem.allow does not name it")
        if self.allow and not bare.startswith(self.allow):
            raise NumberRefused(f"{bare}: integrations.gsm_modem.allow has no beginning of it")
        return bare


def is_same(one: str, other: str) -> bool:
    """Say whether two numbers mean the same line: +7921…, 8921… and 921… do."""
    first, second = _digits(one), _digits(other)
    if min(len(first), len(second)) < _TAIL:
        return first == second and bool(first)
    return first[-_TAIL:] == second[-_TAIL:]


def tail_of(number: str) -> str:
    """Return the digits by which a line is known, whatever stands before them; empty for a name or a short number."""
    digits = _digits(number)
    return digits[-_TAIL:] if len(digits) >= _TAIL else ""


def _digits(number: str) -> str:
    return re.sub(r"[^0-9]", "", number)
