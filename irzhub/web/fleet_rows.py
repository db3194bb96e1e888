"""The whole fleet for the page: columns named once, a short row for each modem, ten thousand in half a megabyte."""

import asyncio
import json
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.state import ModemState
from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.modem_json import inputs_json, is_stale
from irzhub.web.ports import Registry

_FIRST: Final = 100
"""Rows of the first piece: more than a screen shows."""
_CHUNK: Final = 250
"""Rows of each other piece, made in one turn of the loop: some 4 ms."""
_LEVEL: Final = 2
_GZIP: Final = 31
"""Zlib's word for its largest window with the head and the end of gzip."""

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


def fleet_lines(rows: Iterator[list[Any]], total: int) -> Iterator[bytes]:
    """Yield the answer in pieces, each made in one turn of the loop.

    One JSON object, with a line for its head, one for each piece of rows and one for its end: whoever reads
    line by line shows the first rows while the others are still made.
    """
    yield f'{{"columns":{json.dumps(COLUMNS)},"total":{total},"rows":[\n'.encode()
    size, separator = _FIRST, b""
    while chunk := list(islice(rows, size)):
        text = json.dumps(chunk, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield separator + text[1:-1].encode("utf-8", "replace")
        size, separator = _CHUNK, b",\n"
    yield b"\n]}"


async def send_lines(response: web.StreamResponse, lines: Iterator[bytes], *, compressed: bool) -> None:
    """Write the body of a prepared answer, each piece as soon as it is made; the loop turns in between."""
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP) if compressed else None
    for line in lines:
        await response.write(line if packer is None else packer.compress(line) + packer.flush(zlib.Z_SYNC_FLUSH))
        await asyncio.sleep(0)
    await response.write_eof(b"" if packer is None else packer.flush())
