"""`/api/v1/report_schedules`: reports that are mailed at a set hour."""

import asyncio
import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from irzhub.config.validators import Zone
from irzhub.core.groups import normal_path
from irzhub.core.ulid import new_ulid
from irzhub.reports.due import next_due
from irzhub.reports.mailing import mails_of
from irzhub.storage.report_mails import (
    ReportSchedule,
    delete_schedule,
    find_schedule,
    load_schedules,
    put_into_mail,
    save_schedule,
)
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.listing import ListQuery, list_page
from irzhub.web.models_reports import MailList, NewSchedule, Schedule, ScheduleEdit, ScheduleList
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.report_json import mail_json, schedule_json, scope_of, settings_json
from irzhub.web.route import Answer, Route, no_content
from irzhub.web.routes.reports import check_mailboxes

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")
_MOST: Final = 200
_FILTERS: Final = ("modem", "group", "organisation")
_is_zone: Final = Zone()


async def list_report_schedules(request: web.Request) -> web.Response:
    """Answer the schedules that the caller may see."""
    query = read_query(request, ListQuery)
    rows = await context_of(request).store.read(load_schedules)
    return json_response(list_page((schedule_json(row) for row in rows if _is_seen(request, row)), "id", query))


async def get_report_schedule(request: web.Request) -> web.Response:
    """Answer one schedule."""
    return _answer(await _read(request))


async def create_report_schedule(request: web.Request) -> web.Response:
    """Have a report mailed again and again."""
    wanted, context = await read_body(request, NewSchedule), context_of(request)
    now, part = context.clock.now(), desks_of(request).reports
    if len(await context.store.read(load_schedules)) >= _MOST:
        raise Problem(409, "too_many", f"there are {_MOST} schedules already")
    blank = ReportSchedule(
        id=new_ulid(int(now.timestamp() * 1000)),
        name=wanted.name,
        kind=wanted.kind,
        period="yesterday",
        filters=dict.fromkeys(_FILTERS, ""),
        limits=request[IDENTITY].scope.to_json(),
        forms=["xlsx"],
        recipients=[],
        at=wanted.at,
        weekdays=[],
        month_day=None,
        time_zone=part.time_zone,
        language="en" if part.language == "en" else "ru",
        is_enabled=True,
        created_at=now,
        created_by=request[IDENTITY].name,
        updated_at=now,
    )
    row = await _changed(request, blank, wanted, now)
    await _save(request, row)
    note_object(request, report_schedule=row.id)
    note_change(request, None, settings_json(row))
    return _answer(row, 201)


async def edit_report_schedule(request: web.Request) -> web.Response:
    """Change a schedule; it is due anew from now on."""
    row, edit = await _read(request), await read_body(request, ScheduleEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(settings_json(row)))
    changed = await _changed(request, row, edit, context_of(request).clock.now())
    await _save(request, changed)
    note_change(request, settings_json(row), settings_json(changed))
    return _answer(changed)


async def delete_report_schedule(request: web.Request) -> web.Response:
    """Remove a schedule, with its mails that have not left."""
    row = await _read(request)
    await context_of(request).store.write(lambda conn: delete_schedule(conn, row.id))
    note_change(request, settings_json(row), None)
    return web.Response(status=204)


async def send_report_schedule(request: web.Request) -> web.Response:
    """Mail it now, as if it were due."""
    row, context = await _read(request), context_of(request)
    now = context.clock.now()
    zone = await asyncio.to_thread(ZoneInfo, row.time_zone)
    mails, _ = mails_of(dataclasses.replace(row, next_at=now), zone, now)
    await context.store.write(lambda conn: put_into_mail(conn, mails))
    desks_of(request).reports.mailing.poke()
    return json_response({"items": [mail_json(mail) for mail in mails]}, 202)


async def _changed(request: web.Request, row: ReportSchedule, edit: ScheduleEdit, now: datetime) -> ReportSchedule:
    """Return a schedule as it is to be; what stays out of the edit stays as it was."""
    sent: Mapping[str, Any] = edit.model_dump(include=edit.model_fields_set)
    values: dict[str, Any] = {
        name: value
        for name, value in sent.items()
        if name not in (*_FILTERS, "enabled") and (value is not None or name == "month_day")
    }
    if "time_zone" in sent:
        values["time_zone"] = _zone(sent["time_zone"] or desks_of(request).reports.time_zone)
    if "recipients" in values:
        values["recipients"] = check_mailboxes(values["recipients"])
    if "forms" in values:
        values["forms"] = list(dict.fromkeys(values["forms"]))
    if "weekdays" in values:
        values["weekdays"] = sorted(set(values["weekdays"]))
    filters = {**row.filters, **{name: sent[name] or "" for name in _FILTERS if name in sent}}
    filters["group"] = _group(filters["group"])
    is_enabled = row.is_enabled if sent.get("enabled") is None else bool(sent["enabled"])
    changed = dataclasses.replace(row, filters=filters, is_enabled=is_enabled, updated_at=now, **values)
    if not changed.name:
        raise _wrong("name", "expected a name")
    zone = await asyncio.to_thread(ZoneInfo, changed.time_zone)
    following = next_due(changed.at, changed.weekdays, changed.month_day, zone, now)
    if following is None:
        raise _wrong("month_day", "there is no such day: the day of the week and that of the month never meet")
    return dataclasses.replace(changed, next_at=following if is_enabled else None)


def _zone(name: str) -> str:
    try:
        return str(_is_zone(name))
    except Exception as error:
        raise _wrong("time_zone", "expected a time zone such as Europe/Moscow") from error


def _group(written: str) -> str:
    try:
        return normal_path(written)
    except ValueError as error:
        raise _wrong("group", str(error)) from None


def _wrong(field: str, text: str) -> Problem:
    return Problem(422, "invalid_value", text, errors=(FieldError(field, text),))


async def _save(request: web.Request, row: ReportSchedule) -> None:
    await context_of(request).store.write(lambda conn: save_schedule(conn, row))
    desks_of(request).reports.mailing.poke()


async def _read(request: web.Request) -> ReportSchedule:
    id_ = request.match_info["id"]
    row = await context_of(request).store.read(lambda conn: find_schedule(conn, id_))
    if row is None or not _is_seen(request, row):
        raise Problem(404, "unknown_schedule", "there is no such schedule")
    return row


def _is_seen(request: web.Request, row: ReportSchedule) -> bool:
    """Say whether a schedule mails nothing that the caller may not see."""
    return request[IDENTITY].scope.contains(scope_of(row.limits))


def _answer(row: ReportSchedule, status: int = 200) -> web.Response:
    headers = {"ETag": entity_tag(settings_json(row))}
    if status == 201:
        headers["Location"] = f"/api/v1/report_schedules/{row.id}"
    return json_response(schedule_json(row), status, headers)


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of what people set, for `If-Match`"}
_ONE: Final = Answer(description="The schedule", model=Schedule, headers=_ETAG)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/report_schedules",
        name="list_report_schedules",
        tag="reports",
        summary="Reports that are mailed at a set hour",
        handler=list_report_schedules,
        answers={200: Answer(description="The oldest first", model=ScheduleList)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/report_schedules",
        name="create_report_schedule",
        tag="reports",
        summary="Have a report mailed at a set hour",
        handler=create_report_schedule,
        answers={
            201: Answer(
                description="The schedule", model=Schedule, headers={**_ETAG, "Location": "where it can be read"}
            )
        },
        errors=(*_BODY_ERRORS, 409),
        body=NewSchedule,
    ),
    Route(
        method="GET",
        path="/api/v1/report_schedules/{id}",
        name="get_report_schedule",
        tag="reports",
        summary="One of them",
        handler=get_report_schedule,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path="/api/v1/report_schedules/{id}",
        name="edit_report_schedule",
        tag="reports",
        summary="Change one of them",
        handler=edit_report_schedule,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 412),
        body=ScheduleEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read: refused with 412 when somebody changed it meanwhile"},
    ),
    Route(
        method="DELETE",
        path="/api/v1/report_schedules/{id}",
        name="delete_report_schedule",
        tag="reports",
        summary="Remove one of them, with its mails that have not left",
        handler=delete_report_schedule,
        answers={204: no_content("It is gone")},
        errors=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/report_schedules/{id}/send",
        name="send_report_schedule",
        tag="reports",
        summary="Mail it now too",
        handler=send_report_schedule,
        answers={202: Answer(description="One mail for each address, on its way", model=MailList)},
        errors=(404,),
    ),
)
