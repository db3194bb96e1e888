"""The flight recorder of a modem: meter data, so it has a right of its own."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from irzhub.const import VERSION
from irzhub.core.clock import format_time
from irzhub.core.services import TRAFFIC_RECORD, TrafficEntry, TrafficRecord
from irzhub.web.audit import note_nothing
from irzhub.web.context import IDENTITY, context_of
from irzhub.web.fleet_view import read_modem
from irzhub.web.models import TrafficPage, TrafficQuery
from irzhub.web.pcapng import MEDIA, to_pcapng
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route

_ROW: Final = 16
_TICK_S: Final = 0.0009
"""Times are told in milliseconds: what was told is not told again for the rest of its own."""
_LOOK_S: Final = 600.0
_MOST_LOOKS: Final = 1000

LOOKS: Final = web.AppKey("looks", dict[tuple[str, str, str], float])
"""When the audit was told that somebody looks at a modem's traffic, on the monotonic clock."""


async def get_traffic_record(request: web.Request) -> web.Response:
    """Answer the last bytes that went through a modem's session."""
    context, query = context_of(request), read_query(request, TrafficQuery)
    modem = read_modem(request).modem
    entries = await context.services.call(TRAFFIC_RECORD, TrafficRecord(modem=modem))
    if query.since is not None:
        since = query.since.timestamp()
        entries = tuple(entry for entry in entries if entry[0] > since + _TICK_S)
    if query.format == "json" and _goes_on(request, modem):
        note_nothing(request)
    if query.format == "pcapng":
        name = f'attachment; filename="{modem}.pcapng"'
        body = to_pcapng(modem, entries, VERSION)
        return web.Response(body=body, headers={"Content-Type": MEDIA, "Content-Disposition": name})
    if query.format == "text":
        return web.Response(text=traffic_text(entries), content_type="text/plain", charset="utf-8")
    items = [{"ts": _time(at), "direction": direction, "hex": data.hex()} for at, direction, data in entries]
    return json_response({"modem": modem, "items": items})


def _goes_on(request: web.Request, modem: str) -> bool:
    """Say whether the audit knows of this look: one row tells of ten minutes, not one for each second."""
    looks, identity = request.app[LOOKS], request[IDENTITY]
    key, now = (identity.kind, identity.name, modem), context_of(request).clock.monotonic()
    if key in looks and now - looks[key] < _LOOK_S:
        return True
    if len(looks) >= _MOST_LOOKS:
        looks.clear()
    looks[key] = now
    return False


def traffic_text(entries: Iterable[TrafficEntry]) -> str:
    """Return the record as people read it: time, direction, sixteen bytes in hex, and those that are ASCII."""
    lines = []
    for at, direction, data in entries:
        for start in range(0, len(data), _ROW):
            row = data[start : start + _ROW]
            shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
            head = f"{_time(at)} {direction}" if start == 0 else " " * 26
            lines.append(f"{head} {row.hex(' '):<{_ROW * 3 - 1}}  {shown}\n")
    return "".join(lines)


def _time(at: float) -> str:
    return format_time(datetime.fromtimestamp(at, UTC))


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/modems/{modem}/traffic_record",
        name="get_traffic_record",
        tag="modems",
        summary="The last bytes that went through a modem's session; needs the right to see traffic",
        handler=get_traffic_record,
        answers={200: Answer(description="From old to new", model=TrafficPage, text_too=True, also=(MEDIA,))},
        errors=(400, 404, 503),
        query=TrafficQuery,
    ),
)
