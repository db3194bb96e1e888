"""The live picture of a modem, and the part of it that survives a restart.

A snapshot is what the modem last told and the counters: written every minute for the modems that changed,
so that the page shows the last known values after a restart, with their age.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from irzhub.core.clock import format_time, parse_time
from irzhub.core.events import Level
from irzhub.core.state import Levels, ModemState
from irzhub.fleet.inputs import KnownPin
from irzhub.storage.modems import ModemRow

_PLAIN: Final = (
    "model",
    "firmware",
    "peer",
    "sim",
    "csq",
    "iccid",
    "temperature_c",
    "cell",
    "rx_bytes",
    "tx_bytes",
    "encapsulated",
    "default_password",
)
_MOST_PICTURES: Final = 4096
_TIMES: Final = ("last_seen", "observed_at")
SNAPSHOT_FIELDS: Final = frozenset((*_PLAIN, *_TIMES))
"""The fields of `ModemState` whose change makes a snapshot stale."""

SHOWN_FIELDS: Final = ("name", "group", "comment", "organisation", "site", "phone_sim1", "phone_sim2")
"""What people set for a modem and its state shows as it is."""


def build_snapshot(state: ModemState, pins_seen_at: Mapping[int, datetime]) -> dict[str, Any]:
    """Return the JSON form of what survives a restart; `pins_seen_at`: until when each pin was seen as stored."""
    return {
        **{name: getattr(state, name) for name in _PLAIN},
        **{name: _format(getattr(state, name)) for name in _TIMES},
        "pins_seen_at": {str(number): format_time(moment) for number, moment in pins_seen_at.items()},
    }


def restore_state(
    row: ModemRow, address: str, pins: Mapping[int, KnownPin], *, is_commissioning: bool = False
) -> ModemState:
    """Return the state to start with: remembered values, and `online` unconfirmed where it was online (D15)."""
    snapshot = row.snapshot
    gpi, gpo = split_levels(pins)
    return ModemState(
        modem=row.modem,
        imei=row.imei,
        channel=row.channel,
        link="online" if row.was_online else "offline",
        confirmed=not row.was_online,
        commissioning=is_commissioning,
        **{name: getattr(row, name) for name in SHOWN_FIELDS},
        address=address,
        port=row.port,
        gpi=gpi,
        gpo=gpo,
        registered_at=row.registered_at,
        last_seen=_parse(snapshot.get("last_seen")),
        observed_at=_parse(snapshot.get("observed_at")),
        **{name: snapshot[name] for name in _PLAIN if name in snapshot},
    )


def restore_seen_at(row: ModemRow) -> dict[int, datetime]:
    """Return until when each pin was seen as stored, from the snapshot."""
    seen: dict[str, str] = row.snapshot.get("pins_seen_at", {})
    return {int(number): parse_time(text) for number, text in seen.items()}


def split_levels(pins: Mapping[int, KnownPin]) -> tuple[Levels, Levels]:
    """Return the levels of inputs and of outputs, each by pin number in order."""
    known = [pins[number] for number in sorted(pins)]
    return (
        shared_levels(tuple((pin.number, pin.level) for pin in known if not pin.is_output)),
        shared_levels(tuple((pin.number, pin.level) for pin in known if pin.is_output)),
    )


@lru_cache(_MOST_PICTURES)
def shared_levels(pins: tuple[tuple[int, Level | None], ...]) -> Levels:
    """Return the levels as a mapping: one for all modems that have the same, as it cannot be changed."""
    return MappingProxyType(dict(pins))


def _format(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _parse(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)
