"""A row has a value for every column, and the pieces of the answer make one JSON."""

import json
import zlib

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.fleet_rows import COLUMNS, fleet_lines, fleet_row, send_lines
from irzhub.web.modem_json import modem_json
from tests.web.conftest import IMEI, Hub


async def test_a_row_says_the_same_as_the_modem(hub: Hub) -> None:
    state = hub.add_modem(name="ТП-1187", link="online", csq=17, gpi={1: "ON"})
    row = dict(zip(COLUMNS, fleet_row(state, hub.registry, FleetNotes(hub.bus), None, str), strict=True))

    whole = modem_json(state, hub.registry, None)
    notes: dict[str, object] = {"serials": [], "cause": None, "line": []}
    row["gpi"] = {str(pin): level for pin, level in row["gpi"].items()}
    assert row == {name: whole[name] for name in COLUMNS if name not in notes} | notes
    assert row["modem"] == IMEI


@pytest.mark.parametrize("count", [0, 1, 100, 101, 350, 351])
def test_the_pieces_are_one_answer(count: int) -> None:
    rows = [[f"{number}", "Север\nЮг"] for number in range(count)]

    text = b"".join(fleet_lines(iter(rows), count)).decode()

    assert json.loads(text) == {"columns": list(COLUMNS), "total": count, "rows": rows}


def test_each_line_can_be_read_before_the_next_one_comes() -> None:
    rows = [[f"{number}", "Север\nЮг"] for number in range(400)]

    head, *lines, end = b"".join(fleet_lines(iter(rows), 400)).decode().split("\n")

    assert json.loads(head + "]}") == {"columns": list(COLUMNS), "total": 400, "rows": []}
    assert [len(json.loads(f"[{line.removesuffix(',')}]")) for line in lines] == [100, 250, 50]
    assert end == "]}"


async def test_each_piece_leaves_as_soon_as_it_is_made() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        await response.prepare(request)
        await send_lines(response, iter([b"first\n", b"second\n"]), compressed=True)
        return response

    app = web.Application()
    app.router.add_get("/", answer)
    unpacker = zlib.decompressobj(wbits=31)
    seen = [""]
    async with TestClient(TestServer(app), auto_decompress=False) as client, client.get("/") as reply:
        async for data, is_end_of_piece in reply.content.iter_chunks():
            seen[-1] += unpacker.decompress(data).decode()
            seen += [""] if is_end_of_piece else []

    assert [text for text in seen if text] == ["first\n", "second\n"]
    assert unpacker.eof
