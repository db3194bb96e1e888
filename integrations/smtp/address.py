"""One mail address, checked before it comes near a mail server's command line."""

import re
from typing import Final

from irzhub.api import ascii_domain

_LONGEST: Final = 254
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"(?!-)(?=.{{1,64}}\Z){_ATOM}(?:\.{_ATOM})*", re.ASCII)
_SHOWN: Final = 60


class WrongAddress(ValueError):
    """No mail address, or one that this hub does not write to; the text says why."""


def parse_address(written: str) -> str:
    """Return a mail address as servers take it, its domain in ASCII.

    What is before the `@` are letters, digits and signs of ASCII, with single dots; quoted names, comments, lists,
    names that begin with `-` (programs take them for an option) and numbers for domains are no addresses here.

    Raises:
        WrongAddress: it is something else.
    """
    local, at, domain = written.rpartition("@")
    shown = ascii(written[:_SHOWN])
    if not at or len(written) > _LONGEST:
        raise WrongAddress(f"expected one mail address such as duty@example.ru, got {shown}")
    if _LOCAL.fullmatch(local) is None:
        raise WrongAddress(f"expected letters, digits and signs such as . _ - + before the @, got {shown}")
    try:
        name = ascii_domain(domain)
    except ValueError as error:
        raise WrongAddress(f"{shown}: {ascii(str(error))[1:-1]}") from None
    if name.rpartition(".")[2].isdigit():
        raise WrongAddress(f"expected a domain after the @, got {shown}")
    if len(local) + 1 + len(name) > _LONGEST:
        raise WrongAddress(f"expected an address of at most {_LONGEST} characters, got {shown}")
    return f"{local}@{name}"
