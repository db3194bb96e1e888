"""`/api/v1/backups`: backups of the whole hub, made beside it, to be carried elsewhere."""

from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.web.audit import note_change, note_object
from irzhub.web.backups import BACKUPS, BackupRuns, Backups
from irzhub.web.context import IDENTITY
from irzhub.web.models_hub import BackupList
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response
from irzhub.web.route import Answer, Route, no_content


async def list_backups(request: web.Request) -> web.Response:
    """Answer what is there, and how far the one is that is being made."""
    return json_response(await _list(_desk(request)))


async def make_backup(request: web.Request) -> web.Response:
    """Begin a backup."""
    desk = _desk(request)
    try:
        name = desk.begin()
    except BackupRuns:
        raise Problem(409, "backup_runs", "a backup is being made already") from None
    note_object(request, backup=name)
    note_change(request, None, {"backup": name})
    return json_response(await _list(desk), 202, {"Location": f"{_PATH}/{name}"})


async def get_backup(request: web.Request) -> web.StreamResponse:
    """Answer one backup as it is."""
    name = request.match_info["backup"]
    if (file := await _desk(request).find(name)) is None:
        raise _unknown()
    headers = {"Content-Type": _MEDIA, "Content-Disposition": f'attachment; filename="{name}"'}
    return web.FileResponse(file, headers=headers)


async def delete_backup(request: web.Request) -> web.Response:
    """Remove one backup."""
    name = request.match_info["backup"]
    if not await _desk(request).delete(name):
        raise _unknown()
    note_change(request, {"backup": name}, None)
    return web.Response(status=204)


async def _list(desk: Backups) -> dict[str, Any]:
    items = [
        {"name": each.name, "made_at": format_time(each.made_at), "size_bytes": each.size_bytes}
        for each in await desk.files()
    ]
    step = desk.progress
    running = None
    if desk.running is not None:
        running = {
            "name": desk.running,
            "part": None if step is None else step.part,
            "rows": 0 if step is None else step.rows,
            "total": None if step is None else step.total,
        }
    return {"items": items, "running": running, "failed": desk.failed, "next": None}


def _desk(request: web.Request) -> Backups:
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "forbidden", "backups of the hub are for who sees the whole of it")
    return request.app[BACKUPS]


def _unknown() -> Problem:
    return Problem(404, "unknown_backup", "there is no such backup")


_PATH: Final = "/api/v1/backups"
_MEDIA: Final = "application/zip"

ROUTES: Final = (
    Route(
        method="GET",
        path=_PATH,
        name="list_backups",
        tag="health",
        summary="Backups that were made here, the newest first, and the one that is being made",
        handler=list_backups,
        answers={200: Answer(description="The backups", model=BackupList)},
    ),
    Route(
        method="POST",
        path=_PATH,
        name="make_backup",
        tag="health",
        summary="Make a backup of the whole hub, as `irzhub backup` does",
        handler=make_backup,
        answers={
            202: Answer(description="Begun", model=BackupList, headers={"Location": "where the file will be"}),
        },
        errors=(409,),
    ),
    Route(
        method="GET",
        path=f"{_PATH}/{{backup}}",
        name="get_backup",
        tag="health",
        summary="One backup: the zip file that `irzhub restore` takes",
        handler=get_backup,
        answers={200: Answer(description="The file", media=_MEDIA)},
        errors=(404,),
    ),
    Route(
        method="DELETE",
        path=f"{_PATH}/{{backup}}",
        name="delete_backup",
        tag="health",
        summary="Remove a backup",
        handler=delete_backup,
        answers={204: no_content("Removed")},
        errors=(404,),
    ),
)
