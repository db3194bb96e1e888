"""How the fleet's living part passes from one hub to the next in the same process (docs/operations.md, Update)."""

import asyncio
import dataclasses
import logging
from collections.abc import Container, Sized
from datetime import datetime
from typing import Any, Final, Protocol

from irzhub.core.handover import Handover
from irzhub.fleet.inputs import Ripening
from irzhub.fleet.pin_desk import PinDesk
from irzhub.fleet.relay_choice import AnyRelay
from irzhub.journal.journal import Journal
from irzhub.relay.pool import NOTE, WorkerPool
from irzhub.relay.pool_note import PoolNote

_log = logging.getLogger(__name__)
_PINS: Final = "pins"
_IDLE_S: Final = 2.0
_LOOK_S: Final = 0.02


class Line(Protocol):
    """Commands that are with the relay."""

    async def wait_idle(self, within_s: float) -> None:
        """Wait until none is, at most so long."""


async def find(handover: Handover | None, wanted: int | str) -> PoolNote | None:
    """Return what the pool of the hub before left, None when there was none.

    Workers that cannot be kept are ended first; their modems dial in anew.

    Args:
        handover: what the hub before left.
        wanted: `relay.workers`; `auto` keeps as many as there are.
    """
    note = None if handover is None else handover.take(NOTE)
    if handover is None or note is None:
        return None
    left = PoolNote.read(note, handover)
    workers = len(left.workers) if wanted == "auto" else int(wanted)
    if (why := left.why_useless(workers)) is None:
        return left
    _log.warning("the relay's workers are started anew, all modems dial in again: %s", why)
    await left.end_workers()
    return dataclasses.replace(left, workers=())


async def hold(relay: AnyRelay | None, registrations: Sized, line: Line, journal: Journal) -> bool:
    """Have the relay keep what it has to tell, and all that it told before on the disk; say whether it can.

    Raises:
        UpgradeRefused: a worker is away; `go_on` has been said.
    """
    if not isinstance(relay, WorkerPool):
        return False
    relay.rest()
    try:
        await line.wait_idle(_IDLE_S)
        give_up_at = asyncio.get_running_loop().time() + _IDLE_S
        while len(registrations) and asyncio.get_running_loop().time() < give_up_at:  # noqa: ASYNC110 - a count
            await asyncio.sleep(_LOOK_S)
        await relay.hold()
    except BaseException:
        relay.go_on()
        raise
    await journal.flush()
    return True


def leave_pins(handover: Handover, pins: PinDesk) -> None:
    """Leave the levels of inputs that still have to last; the desk does nothing more with them."""
    handover.leave(
        _PINS,
        {
            modem: {
                str(pin): [each.level, each.source, each.at.isoformat(), each.due.isoformat()]
                for pin, each in waiting.items()
            }
            for modem, waiting in pins.leave().items()
        },
    )


def resume_pins(handover: Handover | None, pins: PinDesk, known: Container[str]) -> None:
    """Let the levels that had to last in the hub before go on to do so."""
    note: dict[str, dict[str, list[Any]]] = (handover.take(_PINS) if handover is not None else None) or {}
    for modem, waiting in note.items():
        if modem in known:
            for pin, (level, source, at, due) in waiting.items():
                pins.ripen_on(
                    modem, int(pin), Ripening(level, source, datetime.fromisoformat(at), datetime.fromisoformat(due))
                )
