"""Which program may stay at a modem's polling port."""

from typing import Final

from irzhub.relay.context import ClientSide
from irzhub.relay.program import Program
from irzhub.relay.settings import ModemSettings

MAX_PROGRAMS: Final = 64
"""Programs on one port; the next ones are closed at once."""


def why_refused(
    program: Program,
    settings: ModemSettings,
    side: ClientSide,
    speakers: tuple[Program, ...],
    present: int,
    is_away: bool,
) -> str | None:
    """Return why a program from an allowed network may not stay, None when it may.

    `speakers` are connected and may speak, `present` counts all who are connected.
    """
    if not side.may_accept():
        return "no file descriptors are left"
    if present >= MAX_PROGRAMS:
        return f"{MAX_PROGRAMS} programs are connected already"
    if is_away and settings.offline == "refuse":
        return "the modem is away"
    is_taken = any(not other.is_half_closed for other in speakers)
    if settings.sharing.mode == "exclusive" and is_taken and not program.is_observer:
        return "another program has the meter for itself"
    return None
