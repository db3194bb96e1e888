"""`/api/v1/map`, `/api/v1/map_tiles`: the map of streets, where one is set."""

import asyncio
from pathlib import Path
from typing import Final

from aiohttp import web

from irzhub.web.map_tiles import MAP
from irzhub.web.models_page import MapInfo
from irzhub.web.problem import Problem
from irzhub.web.reading import json_response
from irzhub.web.route import Answer, Route

_MEDIA: Final = "application/vnd.pmtiles"
_CACHE: Final = "private, max-age=3600"
"""Of a changed file its ETag is another, and a reader that meets both asks anew."""


async def get_map(request: web.Request) -> web.Response:
    """Answer whether there are tiles."""
    tiles = request.app[MAP].tiles
    if tiles is None:
        return json_response({"tiles": None})
    zooms = {"least_zoom": tiles.least_zoom, "most_zoom": tiles.most_zoom}
    return json_response({"tiles": {**zooms, "bounds": tiles.bounds}})


async def get_map_tiles(request: web.Request) -> web.StreamResponse:
    """Answer the file, or the part of it that is asked for."""
    tiles = request.app[MAP].tiles
    size = None if tiles is None else await asyncio.to_thread(_size_of, tiles.file)
    if tiles is None or size is None:
        raise Problem(404, "no_map_tiles", "this hub has no map of streets: web.map_tiles is not set, or has no file")
    _check_range(request, size)
    return web.FileResponse(tiles.file, headers={"Cache-Control": _CACHE, "Content-Type": _MEDIA})


def _size_of(file: Path) -> int | None:
    return file.stat().st_size if file.is_file() else None


def _check_range(request: web.Request, size: int) -> None:
    try:
        start = request.http_range.start
    except ValueError:
        start = size
    if start is not None and start >= size:
        text = f"expected Range: bytes=FROM-TO within {size} bytes"
        raise Problem(416, "range_not_satisfiable", text, headers={"Content-Range": f"bytes */{size}"})


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/map",
        name="get_map",
        tag="page",
        summary="Whether the hub has a map of streets",
        handler=get_map,
        answers={200: Answer(description="The map", model=MapInfo)},
    ),
    Route(
        method="GET",
        path="/api/v1/map_tiles",
        name="get_map_tiles",
        tag="page",
        summary="The map of streets as a PMTiles file, read part by part",
        handler=get_map_tiles,
        answers={
            200: Answer(description="The file", media=_MEDIA),
            206: Answer(description="A part of it", media=_MEDIA, headers={"Content-Range": "which part"}),
        },
        errors=(404, 416),
        headers={"Range": "which part is wanted: `bytes=0-16383`"},
    ),
)
