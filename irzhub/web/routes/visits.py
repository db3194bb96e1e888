"""`/api/v1/visits`: who has to go where, why, and how to get in."""

from typing import Any, Final

from aiohttp import web

from irzhub.alerts.incident_words import Advice
from irzhub.alerts.visit_desk import UnknownVisit, VisitClosed, VisitDesk
from irzhub.core.clock import format_time
from irzhub.storage.incidents import IncidentRow
from irzhub.storage.sites import SiteRow
from irzhub.storage.visit_requests import VisitRow
from irzhub.web.alert_view import find_alert, read_number, words_of
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import is_visible
from irzhub.web.models_duty import (
    NewVisit,
    PrintQuery,
    SheetsQuery,
    Visit,
    VisitEdit,
    VisitPage,
    VisitQuery,
    VisitResult,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route
from irzhub.web.visit_page import VISIT_TEXTS, render_visits

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
_TEXTS: Final = ("site", "address", "access", "contact", "cause", "task")
_LONGEST: Final = {"site": 200, "address": 400, "access": 2000, "contact": 400, "cause": 2000, "task": 2000}


async def list_visits(request: web.Request) -> web.Response:
    """Answer requests from new to old."""
    query = read_query(request, VisitQuery)
    is_open = None if query.state == "all" else query.state == "open"
    found: list[VisitRow] = []
    before, limit = query.cursor, query.limit + 1
    while len(found) < limit:
        rows = await _desk(request).find(is_open=is_open, incident=query.alert, before=before, limit=500)
        found += [row for row in rows if _sees(request, row)]
        if len(rows) < 500:
            break
        before = rows[-1].number
    page = found[: query.limit]
    following = str(page[-1].number) if len(found) > len(page) else None
    return json_response({"items": [_json(request, row) for row in page], "next": following})


async def get_visit(request: web.Request) -> web.Response:
    """Answer one request."""
    return _answer(request, await _read(request))


async def print_visit(request: web.Request) -> web.Response:
    """Answer one request as a page to be printed."""
    row = await _read(request)
    read_query(request, PrintQuery)
    return _page(request, [row])


async def print_visits(request: web.Request) -> web.Response:
    """Answer several requests as one page to be printed, a sheet each."""
    wanted = dict.fromkeys(int(number) for number in read_query(request, SheetsQuery).visits.split(","))
    return _page(request, [await _find(request, number) for number in wanted])


def _page(request: web.Request, rows: list[VisitRow]) -> web.Response:
    zone = desks_of(request).meters.book.zone
    texts = VISIT_TEXTS[words_of(request).language]
    page = render_visits([(row, _name_of(request, row.modem) or "") for row in rows], texts, zone)
    return web.Response(text=page, content_type="text/html", charset="utf-8")


async def create_visit(request: web.Request) -> web.Response:
    """Make a request; what it does not say is filled from the alert, its modem and that one's site."""
    wanted = await read_body(request, NewVisit)
    alert = None if wanted.alert is None else await find_alert(request, wanted.alert)
    if wanted.alert is not None and alert is None:
        raise _wrong("alert", "expected the number of an alert")
    modem = wanted.modem or (None if alert is None else alert.modem)
    if modem is not None and (modem not in context_of(request).states or not is_visible(request, modem)):
        raise _wrong("modem", "expected the id of a modem")
    if modem is None and not request[IDENTITY].scope.is_whole:
        raise Problem(403, "beyond_own_scope", "a visit to no modem is for who sees the whole hub")
    said = {name: value for name in _TEXTS if (value := getattr(wanted, name)) is not None}
    texts = {**_drafted(request, alert, modem), **said}
    if not any(texts.values()):
        raise _wrong("cause", "expected a cause, or an alert or modem that tells it")
    draft = VisitRow(
        number=0,
        incident=wanted.alert,
        modem=modem,
        created_at=context_of(request).clock.now(),
        created_by=request[IDENTITY].name,
        due_at=wanted.due_at,
        **{name: text[: _LONGEST[name]] for name, text in texts.items()},
    )
    row = await _desk(request).create(draft)
    await desks_of(request).alerts.desk.settle()
    note_object(request, visit=row.number)
    note_change(request, None, _settings(row))
    return _answer(request, row, 201)


async def edit_visit(request: web.Request) -> web.Response:
    """Change an open request."""
    row, edit = await _read(request), await read_body(request, VisitEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(_settings(row)))
    sent = edit.model_dump(include=edit.model_fields_set)
    changes = {name: "" if value is None and name != "due_at" else value for name, value in sent.items()}
    try:
        changed = await _desk(request).change(row, **changes)
    except VisitClosed as error:
        raise Problem(409, "closed", str(error)) from None
    note_change(request, _settings(row), _settings(changed))
    return _answer(request, changed)


async def close_visit(request: web.Request) -> web.Response:
    """Say what was found and done."""
    row, said = await _read(request), await read_body(request, VisitResult)
    try:
        closed = await _desk(request).close(row, request[IDENTITY].name, said.result)
    except VisitClosed as error:
        raise Problem(409, "closed", str(error)) from None
    note_change(request, _settings(row), _settings(closed))
    return _answer(request, closed)


def _drafted(request: web.Request, alert: IncidentRow | None, modem: str | None) -> dict[str, str]:
    """Return what alert, modem and site say by themselves."""
    words = words_of(request)
    advice = Advice("", "", "") if alert is None else words.advice(alert)
    title = "" if alert is None else words.title(alert)
    site = None if modem is None else _site(request, modem)
    name = _name_of(request, modem) or ""
    contact = "" if site is None else ", ".join(part for part in (site.contact, *site.phones) if part)
    return {
        "site": name if site is None else site.name,
        "address": "" if site is None else site.address,
        "access": "" if site is None else site.access_notes,
        "contact": contact,
        "cause": " ".join(part for part in (title + "." if title else "", advice.cause) if part),
        "task": " ".join(part for part in (advice.check, advice.action) if part),
    }


def _site(request: web.Request, modem: str) -> SiteRow | None:
    state = context_of(request).states.get(modem)
    return desks_of(request).groups.belongings.site(state.site) if state.site else None


def _name_of(request: web.Request, modem: str | None) -> str | None:
    states = context_of(request).states
    if modem is None:
        return None
    return (states.get(modem).name or modem) if modem in states else modem


def _desk(request: web.Request) -> VisitDesk:
    return desks_of(request).alerts.room.visits


async def _read(request: web.Request) -> VisitRow:
    return await _find(request, read_number(request, "visit"))


async def _find(request: web.Request, number: int | None) -> VisitRow:
    try:
        row = None if number is None else await _desk(request).get(number)
    except UnknownVisit:
        row = None
    if row is None or not _sees(request, row):
        raise Problem(404, "unknown_visit", "there is no such visit request")
    return row


def _sees(request: web.Request, row: VisitRow) -> bool:
    if request[IDENTITY].scope.is_whole:
        return True
    return row.modem is not None and is_visible(request, row.modem)


def _settings(row: VisitRow) -> dict[str, Any]:
    texts = {name: getattr(row, name) for name in _TEXTS}
    return {**texts, "due_at": None if row.due_at is None else format_time(row.due_at), "result": row.result}


def _json(request: web.Request, row: VisitRow) -> dict[str, Any]:
    return {
        "id": row.number,
        "state": "open" if row.closed_at is None else "closed",
        "alert": row.incident,
        "modem": row.modem,
        "modem_name": _name_of(request, row.modem),
        "created_at": format_time(row.created_at),
        "created_by": row.created_by,
        **_settings(row),
        "closed_at": None if row.closed_at is None else format_time(row.closed_at),
        "closed_by": row.closed_by or None,
    }


def _answer(request: web.Request, row: VisitRow, status: int = 200) -> web.Response:
    return json_response(_json(request, row), status, headers={"ETag": entity_tag(_settings(row))})


def _wrong(field: str, text: str) -> Problem:
    return Problem(422, "invalid_value", f"the body has a wrong {field}: {text}", errors=(FieldError(field, text),))


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what the request says, for `If-Match`"}
_ONE: Final = Answer(description="The request", model=Visit, headers=_ETAG)
_PATH: Final = "/api/v1/visits"

ROUTES: Final = (
    Route(
        method="GET",
        path=_PATH,
        name="list_visits",
        tag="visits",
        summary="Visit requests, from new to old",
        handler=list_visits,
        answers={200: Answer(description="One page", model=VisitPage)},
        errors=(400,),
        query=VisitQuery,
    ),
    Route(
        method="POST",
        path=_PATH,
        name="create_visit",
        tag="visits",
        summary="Have somebody go there: site, access, contact and cause are filled in by themselves",
        handler=create_visit,
        answers={201: _ONE},
        errors=_BODY_ERRORS,
        body=NewVisit,
    ),
    Route(
        method="GET",
        path=f"{_PATH}/{{visit}}",
        name="get_visit",
        tag="visits",
        summary="One request",
        handler=get_visit,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="GET",
        path=f"{_PATH}/{{visit}}/page",
        name="print_visit",
        tag="visits",
        summary="One request as a page to be printed",
        handler=print_visit,
        answers={200: Answer(description="The page", media="text/html")},
        errors=(400, 404),
        query=PrintQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/visit_sheets",
        name="print_visits",
        tag="visits",
        summary="Several requests as one page to be printed, a sheet each",
        handler=print_visits,
        answers={200: Answer(description="The page", media="text/html")},
        errors=(400, 404),
        query=SheetsQuery,
    ),
    Route(
        method="PATCH",
        path=f"{_PATH}/{{visit}}",
        name="edit_visit",
        tag="visits",
        summary="Change an open request (JSON Merge Patch)",
        handler=edit_visit,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 409, 412),
        body=VisitEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="POST",
        path=f"{_PATH}/{{visit}}/close",
        name="close_visit",
        tag="visits",
        summary="Say what was found and done",
        handler=close_visit,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 409),
        body=VisitResult,
    ),
)
