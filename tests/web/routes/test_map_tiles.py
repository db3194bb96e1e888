"""The map of streets by REST: read part by part, as a browser draws it."""

from pathlib import Path

from irzhub.web.models_page import MapInfo
from tests.web.routes.whole_hub import whole_hub
from tests.web.test_map_tiles import HEADER

TILES = "/api/v1/map_tiles"


async def test_a_set_file_is_told_and_served_in_parts(tmp_path: Path) -> None:
    content = HEADER + bytes(range(256)) * 40
    (tmp_path / "north.pmtiles").write_bytes(content)
    async with whole_hub(tmp_path, **{"web.map_tiles": "north.pmtiles"}) as whole:
        told = (await whole.call("GET", "/api/v1/map", token="viewer")).json()
        MapInfo.model_validate(told)
        assert told == {"tiles": {"least_zoom": 2, "most_zoom": 14, "bounds": [39.5, 59.0, 40.25, 59.4]}}

        part = await whole.call("GET", TILES, token="viewer", headers={"Range": "bytes=120-139"})
        assert (part.status, part.body) == (206, content[120:140])
        assert part.headers["Content-Range"] == f"bytes 120-139/{len(content)}"
        assert part.headers["ETag"] == (await whole.call("GET", TILES)).headers["ETag"]
        assert (await whole.call("GET", TILES)).body == content
        for wrong in (f"bytes={len(content)}-", "bytes=x-y"):
            refused = await whole.call("GET", TILES, headers={"Range": wrong})
            assert (refused.status, refused.json()["code"]) == (416, "range_not_satisfiable")


async def test_without_a_file_the_page_draws_its_outline(tmp_path: Path) -> None:
    async with whole_hub(tmp_path) as whole:
        assert (await whole.call("GET", "/api/v1/map")).json() == {"tiles": None}
        missing = await whole.call("GET", TILES)
        assert (missing.status, missing.json()["code"]) == (404, "no_map_tiles")
