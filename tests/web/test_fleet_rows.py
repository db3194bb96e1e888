"""A row has a value for every column, and the pieces of the answer make one JSON."""

import gzip
import json

import pytest

from irzhub.web.fleet_notes import FleetNotes
from irzhub.web.fleet_rows import COLUMNS, fleet_row, packed
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


@pytest.mark.parametrize("count", [0, 1, 250, 251])
async def test_the_pieces_are_one_answer(count: int) -> None:
    rows = [[f"{number}", "Север"] for number in range(count)]

    plain = await packed(iter(rows), compressed=False)
    compressed = await packed(iter(rows), compressed=True)

    assert json.loads(plain) == {"columns": list(COLUMNS), "rows": rows}
    assert gzip.decompress(compressed) == plain
