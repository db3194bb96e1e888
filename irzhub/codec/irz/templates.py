"""The text commands whose wire form is a template, and how sure each form is (`docs/commands.md`).

The vendor's list of commands gives names; the form of some is seen on the wire or in software that talks to real
modems, that of others is guessed by analogy. A guess is not sent until somebody has turned it on: a wrong one can
leave an output on, or a modem away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from irzhub.codec.errors import LocalProtocolError

Sureness: TypeAlias = Literal["seen", "listed", "guess"]
"""`seen`: used with real modems. `listed`: the name is the vendor's. `guess`: not confirmed by the vendor."""

LONGEST: Final = 280
_TEXT: Final = re.compile(r"[ -~]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The form of one text command: its `text` with `places` in braces, without the CR behind it."""

    text: str
    sureness: Sureness
    places: frozenset[str] = frozenset()

    @property
    def is_enabled(self) -> bool:
        """Whether it is sent unless somebody turns it off: a guess is not."""
        return self.sureness != "guess"


_ON: Final = frozenset({"on"})
_OUTPUT: Final = frozenset({"output", "on"})

KNOWN: Final[Mapping[str, Template]] = MappingProxyType(
    {
        "set_output": Template(text="$gp{output}={on}", sureness="seen", places=_OUTPUT),
        "set_output_5": Template(text="$dcd={on}", sureness="guess", places=_ON),
        "set_output_6": Template(text="$dsr={on}", sureness="guess", places=_ON),
        "set_output_7": Template(text="$cts={on}", sureness="guess", places=_ON),
        "set_output_8": Template(text="$ri={on}", sureness="guess", places=_ON),
        "pulse": Template(text="$gp{output}={on}", sureness="guess", places=_OUTPUT),
        "ussd": Template(text="$ussd=0{code}", sureness="seen", places=frozenset({"code"})),
        "change_sim": Template(text="$sim", sureness="listed"),
        "standby": Template(text="$wait", sureness="listed"),
        "port_speed": Template(text="$ipr={baud}", sureness="guess", places=frozenset({"baud"})),
        "reset_counter": Template(text="$del c{counter}", sureness="guess", places=frozenset({"counter"})),
        "reboot": Template(text="$reboot", sureness="guess"),
    }
)
"""Every template by its key; outputs 5-8 are the lines DCD, DSR, CTS and RING."""


def check_template(key: str, text: str) -> None:
    """Check a text that somebody wrote for the template `key`.

    Raises:
        LocalProtocolError: no such template, no printable ASCII, too long, or other places than it can fill.
    """
    if (known := KNOWN.get(key)) is None:
        raise LocalProtocolError(f"expected one of the templates {', '.join(sorted(KNOWN))}; got {key[:40]!r}")
    if len(text) > LONGEST or not _TEXT.fullmatch(text):
        raise LocalProtocolError(f"{key}: expected 1..{LONGEST} printable ASCII characters, got {text!r:.60}")
    try:
        parts = [(name, form, way) for _, name, form, way in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise LocalProtocolError(f"{key}: expected braces in pairs: {error}") from error
    # Nothing but a bare name: `{on.__class__}` or `{on:9999999}` must not reach `str.format`.
    wrong = [name for name, form, way in parts if name not in known.places or form or way]
    if wrong:
        places = ", ".join(f"{{{name}}}" for name in sorted(known.places)) or "no places"
        raise LocalProtocolError(f"{key}: expected {places} and nothing else in braces; got {{{wrong[0][:40]}}}")
