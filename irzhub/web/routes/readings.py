"""`/api/v1/reports/readings` and `/api/v1/programs`: who was read on a day, who was not and why, and who asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.core.groups import is_within
from irzhub.core.state import ModemState
from irzhub.fleet.meters import MeterDesk
from irzhub.fleet.programs import ProgramDay, programs_of
from irzhub.reports.readings import CAUSES, Line, Reading, Totals, cause_of_meter, readings
from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.polls import PollRow, read_polls
from irzhub.web.audit import note_change
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.fleet_view import visible_modems
from irzhub.web.listing import list_page
from irzhub.web.models_meters import (
    NamedProgram,
    PollingPrograms,
    ProgramName,
    ProgramsQuery,
    Readings,
    ReadingsQuery,
)
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route

_PROGRAM_LIMIT: Final = 64


@dataclass(slots=True)
class _Summary:
    """A day's readings, summed up."""

    totals: Totals
    groups: dict[str, Totals]
    items: list[dict[str, Any]]


async def get_readings(request: web.Request) -> web.Response:
    """Answer the reading summary of a day."""
    desk, query = desks_of(request).meters, read_query(request, ReadingsQuery)
    day = query.day or desk.today()
    now = context_of(request).clock.now()
    end = _end_of(day, desk.book.zone)
    modems = {state.modem: state for state in visible_modems(request) if _is_wanted(state, query)}
    lines = {modem: Line(desk.meters(modem), desk.lines(modem)) for modem in modems}
    polls = [row for row in await _polls(request, day) if query.program in (None, row.program)]
    names = {address: row.name for address, row in desk.programs().items()}
    # Thousands of meters take longer than a turn of the loop may.
    summary = await asyncio.to_thread(_summarise, lines, polls, min(end, now), modems, names, query.cause)
    page = list_page(summary.items, "id", query)
    return json_response(
        {
            "day": day,
            "is_over": now >= end,
            "totals": _totals_json(None, summary.totals),
            "groups": [_totals_json(group, totals) for group, totals in sorted(summary.groups.items())],
            **page,
        }
    )


async def list_programs(request: web.Request) -> web.Response:
    """Answer the polling programs of a day, with whom they asked and who gets in whose way."""
    desk, query = desks_of(request).meters, read_query(request, ProgramsQuery)
    day = query.day or desk.today()
    seen = {state.modem for state in visible_modems(request)}
    found = programs_of(row for row in await _polls(request, day) if row.modem in seen)
    return json_response({"day": day, "items": [_program_json(desk, each) for each in found]})


async def name_program(request: web.Request) -> web.Response:
    """Say what the programs of one address are called; only who sees the whole hub may."""
    wanted, program = await read_body(request, ProgramName), request.match_info["program"]
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "programs are named by who sees the whole hub")
    if len(program) > _PROGRAM_LIMIT or not program.isprintable():
        raise Problem(404, "unknown_program", "expected the address of a program")
    desk = desks_of(request).meters
    before = desk.programs().get(program)
    row = await desk.name_program(program, wanted.name, wanted.comment)
    shown = {"program": program, "name": row.name, "comment": row.comment}
    old = None if before is None else {"program": program, "name": before.name, "comment": before.comment}
    note_change(request, old, shown)
    return json_response(shown)


async def _polls(request: web.Request, day: str) -> list[PollRow]:
    desks = desks_of(request)
    if (rows := desks.meters.polls(day)) is not None:
        return rows
    history = desks.history
    try:
        return await history.read(lambda connection: read_polls(connection, history.hub, day))
    except DatabaseUnavailable:
        message = "the history database is away: only the last days can be read now"
        raise Problem(503, "database_away", message, headers={"Retry-After": "10"}) from None


def _end_of(day: str, zone: tzinfo) -> datetime:
    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise Problem(400, "invalid_query", f"there is no day {day}") from None
    return datetime.combine(first + timedelta(days=1), time(), zone)


def _is_wanted(state: ModemState, query: ReadingsQuery) -> bool:
    return (
        (query.modem is None or state.modem == query.modem)
        and (query.organisation is None or state.organisation == query.organisation)
        and (query.group is None or is_within(state.group, query.group))
    )


def _summarise(
    lines: Mapping[str, Line],
    polls: list[PollRow],
    end: datetime,
    modems: Mapping[str, ModemState],
    names: Mapping[str, str],
    cause: str | None,
) -> _Summary:
    summary = _Summary(Totals(), {}, [])
    of_meter: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings(lines, polls, end):
        of_meter.setdefault((reading.modem, reading.address), []).append(reading)
        if cause in (None, reading.cause or "read") or (cause == "unread" and reading.cause is not None):
            summary.items.append(_reading_json(reading, modems[reading.modem], names))
    for (modem, _), of_programs in of_meter.items():
        why = cause_of_meter(of_programs)
        summary.totals.add(why)
        summary.groups.setdefault(modems[modem].group, Totals()).add(why)
    return summary


def _totals_json(group: str | None, totals: Totals) -> dict[str, Any]:
    causes = {cause: totals.causes[cause] for cause in CAUSES}
    return {"group": group, "expected": totals.expected, "read": totals.read, "causes": causes}


def _reading_json(reading: Reading, state: ModemState, names: Mapping[str, str]) -> dict[str, Any]:
    meter = reading.meter
    counts = {name: reading.outcomes.get(name, 0) for name in ("silent", "lost", "away", "busy", "refused")}
    return {
        "id": f"{reading.modem}/{reading.address}/{reading.program}",
        "modem": reading.modem,
        "modem_name": state.name,
        "group": state.group,
        "site": state.site or None,
        "address": reading.address,
        "protocol": reading.protocol or None,
        "meter": None if meter is None else meter.id,
        "type": None if meter is None else meter.type,
        "serial": None if meter is None else meter.serial,
        "program": reading.program or None,
        "program_name": names.get(reading.program),
        "cause": reading.cause,
        "asked": reading.asked,
        "answered": reading.answered,
        **counts,
        "answer_s": reading.answer_s,
        "longest_s": reading.longest_s,
        "first_asked": _time(reading.first_asked),
        "last_asked": _time(reading.last_asked),
        "last_answered": _time(reading.last_answered),
        "other": reading.other or None,
        "identity": reading.identity or None,
        "hours": reading.hours,
        "last_heard": _time(reading.last_heard),
    }


def _program_json(desk: MeterDesk, day: ProgramDay) -> dict[str, Any]:
    known = desk.programs().get(day.program)
    return {
        "program": day.program,
        "name": "" if known is None else known.name,
        "comment": "" if known is None else known.comment,
        "modems": len(day.modems),
        "asked": day.asked,
        "answered": day.answered,
        "first_asked": _time(day.first_asked),
        "last_asked": _time(day.last_asked),
        "hours": day.hours,
        "overlaps": day.overlaps,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/reports/readings",
        name="get_readings",
        tag="reports",
        summary="The reading summary of a day: which meters were read, and why the others were not",
        handler=get_readings,
        answers={200: Answer(description="Totals, groups and one page of readings", model=Readings)},
        errors=(400, 503),
        query=ReadingsQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/programs",
        name="list_programs",
        tag="reports",
        summary="Polling programs of a day: whom they asked, when, and where two are in each other's way",
        handler=list_programs,
        answers={200: Answer(description="The programs", model=PollingPrograms)},
        errors=(400, 503),
        query=ProgramsQuery,
    ),
    Route(
        method="PUT",
        path="/api/v1/programs/{program}",
        name="name_program",
        tag="reports",
        summary="Say what the polling programs of one address are called",
        handler=name_program,
        answers={200: Answer(description="The name as it is now", model=NamedProgram)},
        errors=(400, 404, 408, 413, 415, 422),
        body=ProgramName,
    ),
)
