"""`/api/v1/sessions` and the series of a modem: what was, from the history database."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time, parse_time
from irzhub.core.groups import is_within
from irzhub.storage.history_lookup import SessionSearch, find_sessions, read_joined_series
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import is_visible, read_modem, visible_modems
from irzhub.web.models_history import Series, SeriesQuery, SessionPage, SessionQuery
from irzhub.web.plot import VALUES, build_points, choose_steps
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route

_SHOWN: Final = (
    "session",
    "modem",
    "peer",
    "model",
    "firmware",
    "sim",
    "csq",
    "woken_by",
    "reason",
    "detail",
    "lasted_s",
    "rx_bytes",
    "tx_bytes",
)


async def list_sessions(request: web.Request) -> web.Response:
    """Answer one page of sessions, the latest first."""
    query, history = read_query(request, SessionQuery), desks_of(request).history
    search = SessionSearch(
        modems=_modems(request, query),
        since=query.since,
        until=query.until,
        is_open=None if query.state is None else query.state == "open",
        behind=None if query.cursor is None else _read_cursor(query.cursor),
        limit=query.limit,
    )
    rows = await history.read(lambda conn: find_sessions(conn, history.hub, search))
    page = rows[: query.limit]
    following = _write_cursor(page[-1]) if len(rows) > len(page) else None
    return json_response({"items": [_session_json(row) for row in page], "next": following})


async def get_series(request: web.Request) -> web.Response:
    """Answer what values did over time, in as many points as a plot can show."""
    query, history, context = read_query(request, SeriesQuery), desks_of(request).history, context_of(request)
    modem = read_modem(request).modem
    names = [name.strip() for name in query.names.split(",")]
    if wrong := [name for name in names if name not in VALUES]:
        text = f"expected some of {', '.join(VALUES)}"
        raise Problem(400, "invalid_query", f"{wrong[0][:40]}: {text}", errors=(FieldError("names", text),))
    until = query.until or context.clock.now()
    since = query.since or until - timedelta(days=1)
    if since >= until:
        raise Problem(400, "invalid_query", "expected `from` before `to`", errors=(FieldError("from", "after `to`"),))
    slot_s, step_s = choose_steps(since, until, query.points)
    modems = context.registry.lineage(modem)
    slots = await history.read(lambda conn: read_joined_series(conn, history.hub, modems, slot_s, since, until))
    return json_response(
        {"modem": modem, "step_s": step_s, "values": build_points(slots, dict.fromkeys(names), step_s)}
    )


def _modems(request: web.Request, query: SessionQuery) -> list[str] | None:
    if query.modem is not None:
        is_seen = is_visible(request, query.modem)
        if query.group is not None and query.modem not in _in_group(request, query.group):
            is_seen = False
        return list(context_of(request).registry.lineage(query.modem)) if is_seen else []
    if query.group is not None:
        return _in_group(request, query.group)
    return None if request[IDENTITY].scope.is_whole else [state.modem for state in visible_modems(request)]


def _in_group(request: web.Request, group: str) -> list[str]:
    return [state.modem for state in visible_modems(request) if is_within(state.group, group.strip("/ "))]


def _session_json(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _SHOWN},
        "opened_at": format_time(row["opened_at"]),
        "closed_at": None if row["closed_at"] is None else format_time(row["closed_at"]),
        "open": row["is_open"],
    }


def _write_cursor(row: dict[str, Any]) -> str:
    raw = json.dumps([format_time(row["opened_at"]), row["session"]]).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read_cursor(text: str) -> tuple[datetime, str]:
    try:
        moment, name = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        if not isinstance(name, str):
            raise TypeError(name)
        return parse_time(moment), name
    except (ValueError, TypeError, AttributeError, RecursionError):
        message = "expected the `next` of a page before"
        raise Problem(400, "invalid_query", message, errors=(FieldError("cursor", message),)) from None


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/sessions",
        name="list_sessions",
        tag="history",
        summary="Connections of modems, the latest first",
        handler=list_sessions,
        answers={200: Answer(description="One page", model=SessionPage)},
        errors=(400, 503),
        query=SessionQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/modems/{modem}/series",
        name="get_series",
        tag="history",
        summary="Signal, temperature and traffic of a modem over time, for plots",
        handler=get_series,
        answers={200: Answer(description="Points by name", model=Series)},
        errors=(400, 404, 503),
        query=SeriesQuery,
    ),
)
