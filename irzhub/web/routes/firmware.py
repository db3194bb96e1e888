"""`/api/v1/firmware`: images of firmware, and the experimental job that brings one to modems."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from aiohttp import web

from irzhub.core.clock import format_time
from irzhub.fleet.firmware import FirmwareImages, FirmwareRefused
from irzhub.fleet.firmware_job import FIRMWARE_JOB
from irzhub.storage.firmware import FirmwareRow
from irzhub.web.audit import note_change, note_object
from irzhub.web.context import DEADLINE, IDENTITY, desks_of
from irzhub.web.job_view import begin_job, job_json, person_of
from irzhub.web.listing import ListPage, ListQuery, list_page
from irzhub.web.models_firmware import FirmwareImage, NewFirmwareQuery, SendFirmware
from irzhub.web.models_jobs import Job
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.route import Answer, Route, no_content

_MEDIA: Final = "application/octet-stream"
_UPLOAD_S: Final = 600.0
_CHUNK_S: Final = 30.0


async def list_images(request: web.Request) -> web.Response:
    """Answer the images."""
    query = read_query(request, ListQuery)
    return json_response(list_page((image_json(row) for row in _images(request).all()), "id", query))


async def get_image(request: web.Request) -> web.Response:
    """Answer one image."""
    return json_response(image_json(_read(request)))


async def upload_image(request: web.Request) -> web.Response:
    """Take an image piece by piece; only what has the given SHA-256 is kept."""
    query = read_query(request, NewFirmwareQuery)
    _check_whole(request)
    if request.content_type != _MEDIA:
        raise Problem(415, "unsupported_media_type", f"expected a body of type {_MEDIA}")
    request[DEADLINE].reschedule(asyncio.get_running_loop().time() + _UPLOAD_S)
    try:
        row = await _images(request).receive(
            _chunks(request),
            sha256=query.sha256,
            model=query.model,
            name=query.name,
            version=query.version,
            comment=query.comment,
            by=person_of(request[IDENTITY]),
        )
    except FirmwareRefused as error:
        raise Problem(422, "firmware_refused", str(error), headers={"Connection": "close"}) from None
    note_object(request, firmware=row.id)
    note_change(request, None, image_json(row))
    return json_response(image_json(row), 201, {"Location": f"/api/v1/firmware/{row.id}"})


async def delete_image(request: web.Request) -> web.Response:
    """Remove an image; jobs that have not sent it by then fail."""
    row = _read(request)
    _check_whole(request)
    await _images(request).delete(row.id)
    note_change(request, image_json(row), None)
    return web.Response(status=204)


async def send_image(request: web.Request) -> web.Response:
    """Begin the job that brings an image to modems: 202 with the job."""
    row, wanted = _read(request), await read_body(request, SendFirmware)
    args: dict[str, Any] = {"image": row.id, **({"password": wanted.password} if wanted.password else {})}
    own = {modem: {"modem_password": password} for modem, password in (wanted.passwords or {}).items()}
    view = await begin_job(request, FIRMWARE_JOB, wanted.target, args, wanted.expires_in, own)
    note_change(request, None, {"image": row.name, "sha256": row.sha256, "job": view.row.id, "modems": view.row.total})
    return json_response(job_json(view), status=202, headers={"Location": f"/api/v1/jobs/{view.row.id}"})


def image_json(row: FirmwareRow) -> dict[str, Any]:
    """Return the image object of REST."""
    return {
        "id": row.id,
        "name": row.name,
        "model": row.model,
        "version": row.version,
        "comment": row.comment,
        "sha256": row.sha256,
        "size_bytes": row.size_bytes,
        "created_at": format_time(row.created_at),
        "created_by": row.created_by,
    }


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    """Yield the body as it comes; whoever sends nothing for half a minute is given up."""
    pieces = request.content.iter_any().__aiter__()
    while True:
        try:
            async with asyncio.timeout(_CHUNK_S):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Problem(408, "body_too_slow", "the image stopped coming", headers={"Connection": "close"}) from None
        except (ConnectionError, web.RequestPayloadError):
            raise Problem(400, "bad_body", "the image broke off", headers={"Connection": "close"}) from None
        yield piece


def _check_whole(request: web.Request) -> None:
    """Images are everybody's: they are added and removed by who sees the whole hub."""
    if not request[IDENTITY].scope.is_whole:
        raise Problem(403, "beyond_own_scope", "images are kept for all, by who sees the whole hub")


def _read(request: web.Request) -> FirmwareRow:
    if (row := _images(request).get(request.match_info["id"])) is None:
        raise Problem(404, "unknown_firmware", "there is no such image")
    return row


def _images(request: web.Request) -> FirmwareImages:
    return desks_of(request).uploads.images


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/firmware",
        name="list_firmware",
        tag="firmware",
        summary="Images of firmware",
        handler=list_images,
        answers={200: Answer(description="One page of images", model=ListPage)},
        errors=(400,),
        query=ListQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/firmware",
        name="upload_firmware",
        tag="firmware",
        summary="Upload an image, as the body; its SHA-256 and model are given and checked",
        handler=upload_image,
        answers={201: Answer(description="Kept", model=FirmwareImage, headers={"Location": "the image"})},
        errors=_BODY_ERRORS,
        query=NewFirmwareQuery,
        bytes_media=_MEDIA,
    ),
    Route(
        method="GET",
        path="/api/v1/firmware/{id}",
        name="get_firmware",
        tag="firmware",
        summary="One image",
        handler=get_image,
        answers={200: Answer(description="The image", model=FirmwareImage)},
        errors=(404,),
    ),
    Route(
        method="DELETE",
        path="/api/v1/firmware/{id}",
        name="delete_firmware",
        tag="firmware",
        summary="Remove an image",
        handler=delete_image,
        answers={204: no_content("Removed")},
        errors=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/firmware/{id}/send",
        name="send_firmware",
        tag="firmware",
        summary="Bring an image to modems, as a job; experimental, off unless `fleet.firmware.experimental` is on",
        handler=send_image,
        answers={202: Answer(description="Begun", model=Job, headers={"Location": "where to watch the job"})},
        errors=(*_BODY_ERRORS, 404),
        body=SendFirmware,
    ),
)
