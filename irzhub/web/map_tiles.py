"""The file with a map of streets: looked at once, served as it is (PMTiles specification 3)."""

import logging
import struct
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
_BOUNDS: Final = struct.Struct("<iiii")
_BOUNDS_AT: Final = 102
_PER_DEGREE: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class MapTiles:
    """A file that can be drawn, with what its tiles cover: zooms, and bounds as west, south, east, north in degrees."""

    file: Path
    least_zoom: int
    most_zoom: int
    bounds: tuple[float, float, float, float]


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
    west, south, east, north = (round(number / _PER_DEGREE, 7) for number in _BOUNDS.unpack_from(header, _BOUNDS_AT))
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("expected bounds within the earth, the file is damaged")
    return MapTiles(file, header[_LEAST_ZOOM], header[_LEAST_ZOOM + 1], (west, south, east, north))


@dataclass(frozen=True, slots=True)
class Map:
    """What the map is drawn on; without tiles it is the outline that the page brings."""

    tiles: MapTiles | None = None


MAP: Final = web.AppKey("map", Map)
