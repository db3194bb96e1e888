"""Uptime of a modem, quality of links, traffic by SIM card: what the history says of them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.core.groups import is_within
from irzhub.core.operators import operator_of_cell, operator_of_sim
from irzhub.core.spans import Span
from irzhub.core.state import ModemState
from irzhub.reports.link_quality import LinkQuality, LinkReport, LinkSubject, forecast, link_report
from irzhub.reports.uptime import known_since, uptime_by_day
from irzhub.storage.history_links import SessionSpan, link_sums, session_spans
from irzhub.web.context import context_of, desks_of
from irzhub.web.fleet_view import read_modem, visible_modems
from irzhub.web.listing import list_page
from irzhub.web.models_links import Links, LinksQuery, Sims, SimsQuery, Uptime, UptimeQuery
from irzhub.web.reading import json_response, read_query
from irzhub.web.route import Answer, Route


async def get_uptime(request: web.Request) -> web.Response:
    """Answer how much of its expected time a modem was online, by day."""
    state, query, desks = read_modem(request), read_query(request, UptimeQuery), desks_of(request)
    context = context_of(request)
    row = context.registry.get(state.modem)
    name = desks.presence.zone_of(row)
    await desks.presence.zones.load(name)
    zone = desks.presence.zones.get(name)
    now = context.clock.now()
    since = datetime.combine(now.astimezone(zone).date() - timedelta(days=query.days - 1), time(), zone)
    history, modems = desks.history, context.registry.lineage(state.modem)
    spans = await history.read(lambda conn: session_spans(conn, history.hub, modems, since, now))
    online = [Span(each.opened_at, each.closed_at or now) for each in spans]
    since = known_since(state.registered_at, online, since)
    until = _recorded_until(state, spans, since, now)
    days = uptime_by_day(online, desks.presence.timetable_of(row), since, until, zone)
    expected = sum(day.expected_s for day in days)
    items = [
        {
            "day": day.day,
            "expected_s": day.expected_s,
            "online_s": day.online_s,
            "ratio": day.ratio,
            "sessions": day.sessions,
        }
        for day in days
    ]
    ratio = round(sum(day.online_s for day in days) / expected, 6) if expected else None
    return json_response({"modem": state.modem, "time_zone": name, "ratio": ratio, "items": items})


def _recorded_until(state: ModemState, spans: Sequence[SessionSpan], since: datetime, now: datetime) -> datetime:
    """Return how far the history reaches: the session of a modem that has just called may not be written yet."""
    if state.link != "online" or not state.confirmed or any(each.closed_at is None for each in spans):
        return now
    return max((each.closed_at for each in spans if each.closed_at is not None), default=since)


async def get_links(request: web.Request) -> web.Response:
    """Answer how good the links of some days were, by modem and by operator."""
    query, now = read_query(request, LinksQuery), context_of(request).clock.now()
    modems = _wanted(request, query.group, query.organisation)
    report = await _report(request, modems, now - timedelta(days=query.days), now)
    items = [
        {
            "modem": modem,
            "modem_name": modems[modem].name,
            "group": modems[modem].group,
            "operator": _operator(modems[modem]),
            "iccid": modems[modem].iccid,
            **_quality_json(quality),
        }
        for modem, quality in report.modems.items()
    ]
    operators = [
        {"operator": name or None, **_quality_json(quality)} for name, quality in sorted(report.operators.items())
    ]
    return json_response({"days": query.days, "operators": operators, **list_page(items, "modem", query)})


async def get_sims(request: web.Request) -> web.Response:
    """Answer what each SIM card moved in a month, and what the present month will come to."""
    query, now = read_query(request, SimsQuery), context_of(request).clock.now()
    zone = desks_of(request).meters.book.zone
    first = date.fromisoformat(f"{query.month}-01") if query.month else now.astimezone(zone).date().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    since, until = datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)
    modems = _wanted(request, query.group, query.organisation)
    report = await _report(request, modems, since, max(min(until, now), since))
    items = []
    for modem, quality in report.modems.items():
        begun = max(since, modems[modem].registered_at or since)
        items.append(
            {
                "modem": modem,
                "modem_name": modems[modem].name,
                "group": modems[modem].group,
                "iccid": modems[modem].iccid,
                "operator": _operator(modems[modem]),
                "rx_bytes": quality.rx_bytes,
                "tx_bytes": quality.tx_bytes,
                "wire_bytes": quality.wire_bytes,
                "forecast_bytes": quality.wire_bytes
                if now >= until or begun >= until
                else round(quality.wire_bytes + _rest(quality, begun, until, now)),
            }
        )
    return json_response(
        {
            "month": first.strftime("%Y-%m"),
            "is_over": now >= until,
            "wire_bytes": sum(each["wire_bytes"] for each in items),
            "forecast_bytes": sum(each["forecast_bytes"] for each in items),
            **list_page(items, "modem", query),
        }
    )


def _rest(quality: LinkQuality, since: datetime, until: datetime, now: datetime) -> float:
    return max(forecast(quality.wire_bytes, since, until, now) - quality.wire_bytes, 0)


def _wanted(request: web.Request, group: str | None, organisation: str | None) -> dict[str, ModemState]:
    return {
        state.modem: state
        for state in visible_modems(request)
        if state.link != "quarantined"
        and (organisation is None or state.organisation == organisation)
        and (group is None or is_within(state.group, group.strip("/ ")))
    }


async def _report(
    request: web.Request, modems: Mapping[str, ModemState], since: datetime, until: datetime
) -> LinkReport:
    desks, registry = desks_of(request), context_of(request).registry
    history = desks.history
    spans = await history.read_much(lambda conn: session_spans(conn, history.hub, None, since, until))
    sums = await history.read_much(lambda conn: link_sums(conn, history.hub, since, until))
    subjects = {
        modem: LinkSubject(
            timetable=desks.presence.timetable_of(registry.get(modem)),
            registered_at=state.registered_at,
            operator=_operator(state) or "",
        )
        for modem, state in modems.items()
    }
    # Thousands of modems take longer than a turn of the loop may.
    return await asyncio.to_thread(link_report, spans, sums, subjects, since, until)


def _operator(state: ModemState) -> str | None:
    return operator_of_sim(state.iccid) or operator_of_cell(state.cell)


def _quality_json(quality: LinkQuality) -> dict[str, Any]:
    return {
        "modems": quality.modems,
        "availability": quality.availability,
        "sessions": quality.sessions,
        "breaks": quality.breaks,
        "breaks_a_day": quality.breaks_a_day,
        "between_breaks_s": quality.between_breaks_s,
        "csq": quality.csq,
        "csq_min": quality.csq_min,
        "rx_bytes": quality.rx_bytes,
        "tx_bytes": quality.tx_bytes,
    }


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/modems/{modem}/uptime",
        name="get_uptime",
        tag="reports",
        summary="How much of the time in which it was expected a modem was online, by day",
        handler=get_uptime,
        answers={200: Answer(description="Days from old to new", model=Uptime)},
        errors=(400, 404, 503),
        query=UptimeQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/reports/links",
        name="get_links",
        tag="reports",
        summary="Quality of links by modem and by operator: availability, breaks, signal, traffic",
        handler=get_links,
        answers={200: Answer(description="Operators, and one page of modems", model=Links)},
        errors=(400, 503),
        query=LinksQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/reports/sims",
        name="get_sims",
        tag="reports",
        summary="Traffic of a month by modem and SIM card, with a forecast",
        handler=get_sims,
        answers={200: Answer(description="The month, and one page of modems", model=Sims)},
        errors=(400, 503),
        query=SimsQuery,
    ),
)
