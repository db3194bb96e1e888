"""`/api/v1/modems/{modem}/clients`: who polls a modem now, and how somebody is disconnected."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.web.models_fleet import ProgramPage
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

CLIENTS = f"/api/v1/modems/{IMEI}/clients"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_programs_are_listed_in_order_of_coming_with_who_holds_the_line(hub: WholeHub) -> None:
    modem = await hub.dials()
    assert (await hub.call("GET", CLIENTS)).json() == {"items": [], "next": None}
    _, first = await hub.polls()
    first.write(b"question")
    async with asyncio.timeout(5):
        assert (await modem.reader.readuntil(b"question")).endswith(b"question")
    await hub.polls()
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 2)

    page = (await hub.call("GET", CLIENTS, token="viewer")).json()

    assert ProgramPage.model_validate(page).model_dump() == page
    assert [each["peer"].partition(":")[0] for each in page["items"]] == ["127.0.0.1"] * 2
    assert [each["holds_line"] for each in page["items"]] == [True, False]
    assert [each["tx_bytes"] + each["rx_bytes"] for each in page["items"]] == [len(b"question"), 0]


async def test_one_program_is_disconnected_and_the_other_stays(hub: WholeHub) -> None:
    await hub.dials()
    reader, _ = await hub.polls()
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 1)
    kept, _ = await hub.polls()
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 2)
    one, other = [each["id"] for each in (await hub.call("GET", CLIENTS)).json()["items"]]

    assert (await hub.call("DELETE", f"{CLIENTS}/{one}", token="operator")).status == 204

    async with asyncio.timeout(5):
        assert await reader.read() == b""
    await hub.until(lambda: hub.hub.states.get(IMEI).clients == 1)
    assert [each["id"] for each in (await hub.call("GET", CLIENTS)).json()["items"]] == [other]
    assert not kept.at_eof()
    again = await hub.call("DELETE", f"{CLIENTS}/{one}")
    assert (again.status, again.json()["code"]) == (404, "unknown_client")


async def test_a_viewer_disconnects_nobody(hub: WholeHub) -> None:
    await hub.dials()

    assert (await hub.call("DELETE", f"{CLIENTS}/1", token="viewer")).status == 403
    assert (await hub.call("GET", "/api/v1/modems/868441036779999/clients")).status == 404
