"""Which files can be the map of streets."""

import logging
import struct
from pathlib import Path

import pytest

from irzhub.web.map_tiles import MapTiles, read_map_tiles

BOUNDS = struct.pack("<iiii", 395_000_000, 590_000_000, 402_500_000, 594_000_000)
HEADER = b"PMTiles\x03" + bytes(91) + bytes([1, 2, 14]) + BOUNDS + bytes(9)
"""Vector tiles from zoom 2 to 14 (PMTiles 3, chapter 3: tile type at 99, zooms at 100 and 101, bounds from 102 on)."""


def test_a_file_of_vector_tiles_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "north.pmtiles"
    file.write_bytes(HEADER)
    assert len(HEADER) == 127
    assert read_map_tiles(file) == MapTiles(file, 2, 14, (39.5, 59.0, 40.25, 59.4))
    assert read_map_tiles(None) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "expected a PMTiles file"),
        (HEADER[:100], "expected a PMTiles file"),
        (HEADER.replace(b"\x03", b"\x02", 1), "expected a PMTiles file"),
        (HEADER[:99] + bytes([2]) + HEADER[100:], "expected vector tiles"),
        (HEADER[:102] + bytes(16) + HEADER[118:], "expected bounds"),
        (None, "cannot be read"),
    ],
    ids=["empty", "cut", "version 2", "pictures", "nowhere", "missing"],
)
def test_any_other_is_left_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None, why: str
) -> None:
    file = tmp_path / "x.pmtiles"
    if content is not None:
        file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert read_map_tiles(file) is None
    assert why in caplog.text
