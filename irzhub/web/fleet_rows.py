"""The whole fleet for the page: columns named once, a short row for each modem, ten thousand in half a megabyte."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from irzhub.core.clock import format_time
from irzhub.core.state import ModemState
from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.modem_json import inputs_json, is_stale
from irzhub.web.ports import Registry

_CHUNK: Final = 250
"""Rows that are made in one turn of the loop: some 4 ms."""
_LEVEL: Final = 2

COLUMNS: Final = (
    *("modem", "imei", "channel", "name", "group", "organisation", "site", "comment", "phone_sim1", "phone_sim2"),
    *("commissioning", "state", "stale", "address", "port", "clients", "model", "firmware", "sim", "iccid", "csq"),
    *("rssi_dbm", "temperature_c", "cell", "gpi", "inputs", "last_seen", "observed_at", "registered_at"),
    *("encapsulated", "default_password", "presence", "expected", "problem", "serials", "cause", "line"),
)
"""As in the object of a modem; `serials` are those of its meters, `cause` and `line` are the fleet's notes."""


def fleet_row(
    state: ModemState, registry: Registry, notes: FleetNotes, towards: str | None, name_of: Callable[[str], str]
) -> list[Any]:
    """Return one modem's values in the order of `COLUMNS`; `name_of` gives the name of a polling program's address."""
    modem = state.modem
    cause = notes.cause(modem)
    seen, observed, registered = (
        None if moment is None else format_time(moment)
        for moment in (state.last_seen, state.observed_at, state.registered_at)
    )
    # fmt: off
    return [
        modem, state.imei, state.channel, state.name, state.group, state.organisation or None, state.site or None,
        state.comment, state.phone_sim1 or None, state.phone_sim2 or None,
        state.commissioning, state.link, is_stale(state),
        None if state.link == "quarantined" else registry.address(modem, towards),
        state.port, state.clients, state.model, state.firmware, state.sim, state.iccid, state.csq,
        state.rssi_dbm, state.temperature_c, state.cell, dict(sorted(state.gpi.items())),
        inputs_json(registry.inputs(modem)), seen, observed, registered,
        state.encapsulated, state.default_password, state.presence, state.is_expected, state.problem,
        [row.serial for row in registry.meters_of(modem)],
        None if cause is None else cause.to_json(),
        [{"client": client, "name": name_of(peer) or peer, "since": format_time(since)}
         for client, peer, since in notes.line(modem)],
    ]
    # fmt: on


async def packed(rows: Iterator[list[Any]], *, compressed: bool) -> bytes:
    """Return the answer's body; the loop turns between the pieces, and the compressing is a thread's work."""
    pieces = [b'{"columns":', json.dumps(COLUMNS).encode(), b',"rows":[']
    is_first = True
    while chunk := list(islice(rows, _CHUNK)):
        text = json.dumps(chunk, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        pieces.append((text[1:-1] if is_first else "," + text[1:-1]).encode("utf-8", "replace"))
        is_first = False
        await asyncio.sleep(0)
    pieces.append(b"]}")
    body = b"".join(pieces)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0) if compressed else body
