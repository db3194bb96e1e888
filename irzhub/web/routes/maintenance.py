"""`/api/v1/maintenance_windows`: when people are told of nothing that happens somewhere, because it is worked on."""

from typing import Any, Final

from aiohttp import web

from irzhub.alerts.maintenance_desk import UnknownWindow
from irzhub.core.clock import format_time
from irzhub.storage.maintenance import MaintenanceRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.belonging import check_whole_group, sees_group
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.etag import check_match, entity_tag
from irzhub.web.fleet_view import is_visible
from irzhub.web.models_duty import (
    MaintenanceEdit,
    MaintenancePage,
    MaintenanceQuery,
    MaintenanceWindow,
    NewMaintenance,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_EDIT_MEDIA: Final = ("application/merge-patch+json", "application/json")


async def list_maintenance(request: web.Request) -> web.Response:
    """Answer the windows that the caller sees."""
    query = read_query(request, MaintenanceQuery)
    rows = await desks_of(request).alerts.room.maintenance.windows(with_past=query.past)
    items = [_json(request, row) for row in rows if _sees(request, row)]
    return json_response({"items": items, "next": None, "total": len(items)})


async def get_maintenance(request: web.Request) -> web.Response:
    """Answer one window."""
    return _answer(request, await _read(request))


async def plan_maintenance(request: web.Request) -> web.Response:
    """Plan a window."""
    wanted = await read_body(request, NewMaintenance)
    if wanted.modem is not None and wanted.group is not None:
        raise _wrong("group", "expected a modem or a group, not both")
    _check_place(request, wanted.modem, wanted.group)
    try:
        row = await desks_of(request).alerts.room.maintenance.plan(
            modem=wanted.modem,
            group=wanted.group,
            since=wanted.since or context_of(request).clock.now(),
            until=wanted.until,
            reason=wanted.reason,
            by=request[IDENTITY].name,
        )
    except ValueError as error:
        raise _wrong("until", str(error)) from None
    note_object(request, window=row.id)
    note_change(request, None, _settings(row))
    return _answer(request, row, 201)


async def edit_maintenance(request: web.Request) -> web.Response:
    """Move a window, or say otherwise why it is."""
    row, edit = await _read(request), await read_body(request, MaintenanceEdit, _EDIT_MEDIA)
    check_match(request, entity_tag(_settings(row)))
    _check_place(request, row.modem, row.group)
    changes = {name: value for name, value in edit.model_dump().items() if value is not None}
    try:
        changed = await desks_of(request).alerts.room.maintenance.change(row, **changes)
    except ValueError as error:
        raise _wrong("until", str(error)) from None
    note_change(request, _settings(row), _settings(changed))
    return _answer(request, changed)


async def end_maintenance(request: web.Request) -> web.Response:
    """End a window now; one that lies ahead is gone."""
    row = await _read(request)
    _check_place(request, row.modem, row.group)
    ended = await desks_of(request).alerts.room.maintenance.end(row)
    note_change(request, _settings(row), None if ended is None else _settings(ended))
    return web.Response(status=204)


async def _read(request: web.Request) -> MaintenanceRow:
    try:
        row = await desks_of(request).alerts.room.maintenance.get(request.match_info["id"])
    except UnknownWindow:
        row = None
    if row is None or not _sees(request, row):
        raise Problem(404, "unknown_window", "there is no such maintenance window")
    return row


def _sees(request: web.Request, row: MaintenanceRow) -> bool:
    if request[IDENTITY].scope.is_whole:
        return True
    if row.modem is not None:
        return is_visible(request, row.modem)
    return row.group is not None and sees_group(request, row.group)


def _check_place(request: web.Request, modem: str | None, group: str | None) -> None:
    """See that a window mutes nobody else's modems.

    Raises:
        Problem: 403 it would, 422 there is no such modem or group.
    """
    if modem is not None:
        if modem not in context_of(request).states or not is_visible(request, modem):
            raise _wrong("modem", "expected the id of a modem")
    elif group is not None:
        if desks_of(request).groups.group(group) is None or not sees_group(request, group):
            raise _wrong("group", "expected the path of a group")
        check_whole_group(request, group)
    elif not request[IDENTITY].scope.is_whole:
        raise Problem(403, "beyond_own_scope", "a window of the whole hub is for who sees the whole hub")


def _settings(row: MaintenanceRow) -> dict[str, Any]:
    return {
        "modem": row.modem,
        "group": row.group,
        "since": format_time(row.since),
        "until": format_time(row.until),
        "reason": row.reason,
    }


def _json(request: web.Request, row: MaintenanceRow) -> dict[str, Any]:
    now = context_of(request).clock.now()
    return {
        "id": row.id,
        **_settings(row),
        "state": "planned" if now < row.since else "running" if now < row.until else "over",
        "created_by": row.created_by,
        "created_at": format_time(row.created_at),
    }


def _answer(request: web.Request, row: MaintenanceRow, status: int = 200) -> web.Response:
    return json_response(_json(request, row), status, headers={"ETag": entity_tag(_settings(row))})


def _wrong(field: str, text: str) -> Problem:
    return Problem(422, "invalid_value", f"the body has a wrong {field}: {text}", errors=(FieldError(field, text),))


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)
_ETAG: Final = {"ETag": "of the window, for `If-Match`"}
_ONE: Final = Answer(description="The window", model=MaintenanceWindow, headers=_ETAG)
_PATH: Final = "/api/v1/maintenance_windows"

ROUTES: Final = (
    Route(
        method="GET",
        path=_PATH,
        name="list_maintenance",
        tag="maintenance",
        summary="Maintenance windows by their beginning",
        handler=list_maintenance,
        answers={200: Answer(description="The windows", model=MaintenancePage)},
        errors=(400,),
        query=MaintenanceQuery,
    ),
    Route(
        method="POST",
        path=_PATH,
        name="plan_maintenance",
        tag="maintenance",
        summary="Plan a window: what happens there is recorded, and nobody is told",
        handler=plan_maintenance,
        answers={201: _ONE},
        errors=_BODY_ERRORS,
        body=NewMaintenance,
    ),
    Route(
        method="GET",
        path=f"{_PATH}/{{id}}",
        name="get_maintenance",
        tag="maintenance",
        summary="One window",
        handler=get_maintenance,
        answers={200: _ONE},
        errors=(404,),
    ),
    Route(
        method="PATCH",
        path=f"{_PATH}/{{id}}",
        name="edit_maintenance",
        tag="maintenance",
        summary="Move a window, or say otherwise why it is (JSON Merge Patch)",
        handler=edit_maintenance,
        answers={200: _ONE},
        errors=(*_BODY_ERRORS, 404, 412),
        body=MaintenanceEdit,
        body_media=_EDIT_MEDIA,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="DELETE",
        path=f"{_PATH}/{{id}}",
        name="end_maintenance",
        tag="maintenance",
        summary="End a window now, or take it back before it begins",
        handler=end_maintenance,
        answers={204: no_content("It is over")},
        errors=(404,),
    ),
)
