"""The file with a map of streets: looked at once, served as it is (PMTiles specification 3)."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

_log = logging.getLogger(__name__)

_HEADER_BYTES: Final = 127
_MAGIC: Final = b"PMTiles\x03"
_LEAST_ZOOM: Final = 100
_TILE_TYPE: Final = 99
_VECTOR: Final = 1


@dataclass(frozen=True, slots=True)
class MapTiles:
    """A file that can be drawn; its zooms are those that it holds tiles of."""

    file: Path
    least_zoom: int
    most_zoom: int


def read_map_tiles(file: Path | None) -> MapTiles | None:
    """Return what `web.map_tiles` names; None where nothing is set or it cannot be used, and then the log says why."""
    if file is None:
        return None
    try:
        return _read(file)
    except OSError as error:
        why = f"it cannot be read: {error.strerror}"
    except ValueError as error:
        why = str(error)
    _log.warning("web.map_tiles: %s: %s; the map shows its own outline", file, why)
    return None


def _read(file: Path) -> MapTiles:
    with file.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise ValueError("expected a PMTiles file of version 3")
    if header[_TILE_TYPE] != _VECTOR:
        raise ValueError("expected vector tiles (MVT), the file holds others")
    return MapTiles(file, header[_LEAST_ZOOM], header[_LEAST_ZOOM + 1])


@dataclass(frozen=True, slots=True)
class Map:
    """What the map is drawn on; without tiles it is the outline that the page brings."""

    tiles: MapTiles | None = None


MAP: Final = web.AppKey("map", Map)
